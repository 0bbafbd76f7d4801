using System.Collections.Immutable;
using BertGen.Generator.Differentiation;
using BertGen.Generator.Graphs;

namespace BertGen.Generator.Fusion;

/// <summary>The kernels of a training pass in the order in which they run: embeddings, layers forward, heads forward and backward, layers backward, embeddings backward.</summary>
/// <param name="Training">Forward pass, losses and gradients, in the form that the kernels compute.</param>
/// <param name="Before">Kernels ahead of the layers.</param>
/// <param name="Forward">The loop over the layers, or null for an encoder without.</param>
/// <param name="Heads">Kernels of the heads in order, each for the heads that need it.</param>
/// <param name="Backward">
/// The loop over the layers from the last to the first. Its body are the kernels of layer 0, which read what the body of <paramref name="Forward"/> left.
/// <see cref="LayerLoop.CarriedIn"/> is the gradient of a layer's output, <see cref="LayerLoop.CarriedOut"/> that of its input;
/// <see cref="LayerLoop.Result"/> is the gradient of the last layer's output, which the heads write where <see cref="LayerLoop.CarriedIn"/> lies.
/// </param>
/// <param name="After">Kernels of the embeddings' gradients; what runs where the embeddings are trained.</param>
/// <param name="Kept">
/// Values of the forward pass that the backward pass reads, those inside a kernel too, which reach memory for it alone. A value of the layers has
/// a place for each layer; the layers' input (<see cref="LayerLoop.CarriedIn"/> of <paramref name="Forward"/>) has one more, for the last layer's output.
/// </param>
internal sealed record TrainingKernelPlan(
    TrainingGraph Training,
    ImmutableArray<Kernel> Before,
    LayerLoop? Forward,
    ImmutableArray<HeadKernel> Heads,
    LayerLoop? Backward,
    ImmutableArray<Kernel> After,
    ImmutableHashSet<Value> Kept)
{
    /// <summary>All values of <see cref="Training"/>.</summary>
    public Graph Graph => Training.Graph;

    /// <summary>Every kernel once: the bodies of the layers stand for all layers.</summary>
    public IEnumerable<Kernel> Kernels =>
        Before.Concat(Forward?.Body ?? []).Concat(Heads.Select(head => head.Kernel)).Concat(Backward?.Body ?? []).Concat(After);

    /// <summary>The value of the plan that stands for a value of the graph: what the last layer leaves, and what the heads leave for it.</summary>
    public Value Resolve(Value value) =>
        Forward is not null && value == Forward.Result ? Forward.CarriedOut
        : Backward is not null && value == Backward.Result ? Backward.CarriedIn
        : value;
}

/// <summary>A kernel that runs where one of some heads takes part.</summary>
/// <param name="Heads">Indices of the heads.</param>
/// <param name="Kernel">The kernel.</param>
internal sealed record HeadKernel(ImmutableArray<int> Heads, Kernel Kernel);
