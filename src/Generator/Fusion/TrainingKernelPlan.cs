using System.Collections.Immutable;
using BertGen.Generator.Graphs;

namespace BertGen.Generator.Fusion;

/// <summary>The kernels of a training pass in the order in which they run: embeddings, layers forward, heads forward and backward, layers backward, embeddings backward.</summary>
/// <param name="Graph">The graph of forward pass, losses and gradients.</param>
/// <param name="Before">Kernels ahead of the layers.</param>
/// <param name="Forward">The loop over the layers, or null for an encoder without.</param>
/// <param name="Heads">Kernels of the heads in order, each for the heads that need it.</param>
/// <param name="Backward">The loop over the layers from the last to the first: <see cref="LayerLoop.CarriedIn"/> is the gradient of a layer's output, <see cref="LayerLoop.CarriedOut"/> that of its input.</param>
/// <param name="After">Kernels of the embeddings' gradients; what runs where the embeddings are trained.</param>
/// <param name="Kept">Values of the forward layer that its backward pass reads: a place for each layer. The layers' input is one of them.</param>
internal sealed record TrainingKernelPlan(
    Graph Graph,
    ImmutableArray<Kernel> Before,
    LayerLoop? Forward,
    ImmutableArray<HeadKernel> Heads,
    LayerLoop? Backward,
    ImmutableArray<Kernel> After,
    ImmutableHashSet<Value> Kept);

/// <summary>A kernel that runs where one of some heads takes part.</summary>
/// <param name="Heads">Indices of the heads.</param>
/// <param name="Kernel">The kernel.</param>
internal sealed record HeadKernel(ImmutableArray<int> Heads, Kernel Kernel);
