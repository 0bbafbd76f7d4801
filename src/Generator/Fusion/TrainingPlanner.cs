using System.Collections.Immutable;
using BertGen.Generator.Differentiation;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Kernels of forward pass, losses and backward pass; the layers are rolled into one body forward and one body backward.</summary>
internal static class TrainingPlanner
{
    public static TrainingKernelPlan Plan(TrainingGraph differentiated)
    {
        ImmutableArray<Kernel> grouped = KernelPlanner.Group(differentiated.Forward);
        TrainingGraph training = GradientRewriter.Rewrite(differentiated, grouped.OfType<DenseKernel>().Where(kernel => kernel.Heads > 0));
        ImmutableArray<Kernel> forward = [.. grouped.Select(kernel => WithStatistics(kernel, training.Graph))];
        HashSet<Value> ofForward = [.. forward.SelectMany(kernel => kernel.Values)];
        List<Kernel> backward = InOrder(GradientPatterns.Group(training, forward).OrderBy(kernel => kernel.Values.Where(value => !ofForward.Contains(value)).Max(training.Graph.IdOf)));

        KernelPlan rolled = Roll(training, forward);
        LayerLoop? backwardLoop = rolled.Layers is null ? null : RollBackward(training, rolled.Layers, forward, backward);
        HashSet<Value> behindHidden = BehindHiddenGradient(training);
        Kernel[] outside = [.. backward.Where(kernel => kernel.Layer is null)];
        ImmutableArray<Kernel> after = [.. outside.Where(kernel => kernel.Values.Any(behindHidden.Contains))];
        ImmutableArray<HeadKernel> heads = HeadOrder.Of(training, rolled.After, outside.Where(kernel => !kernel.Values.Any(behindHidden.Contains)));

        IEnumerable<Value> read = heads.Select(head => head.Kernel).Where(outside.Contains).Concat(backwardLoop?.Body ?? []).Concat(after).SelectMany(kernel => kernel.Inputs);
        ImmutableHashSet<Value> kept = read
            .Where(value => ofForward.Contains(value) && value.Operator is not LossGradient && (rolled.Layers is null || value != rolled.Layers.Result))
            .ToImmutableHashSet();
        return new TrainingKernelPlan(training, rolled.Before, rolled.Layers, heads, backwardLoop, after, kept);
    }

    /// <summary>A kernel that normalizes also leaves the statistics of the rows that it normalized.</summary>
    private static Kernel WithStatistics(Kernel kernel, Graph graph)
    {
        ImmutableArray<Value>.Builder values = ImmutableArray.CreateBuilder<Value>();
        foreach (Value value in kernel.Values)
        {
            if (value.Operator is LayerNorm)
            {
                values.AddRange(graph.ConsumersOf(value.Inputs[0]).Where(consumer => consumer.Operator is RowStatistics));
            }

            values.Add(value);
        }

        return values.Count == kernel.Values.Length ? kernel : kernel with { Values = values.ToImmutable() };
    }

    /// <summary>The same order, but each kernel behind those that it reads from.</summary>
    private static List<Kernel> InOrder(IEnumerable<Kernel> kernels)
    {
        Kernel[] all = [.. kernels];
        ILookup<Value, Kernel> writers = all.SelectMany(kernel => kernel.Outputs.Select(output => (Output: output, Kernel: kernel))).ToLookup(pair => pair.Output, pair => pair.Kernel);
        List<Kernel> ordered = [];
        HashSet<Kernel> placed = [];
        foreach (Kernel kernel in all)
        {
            Place(kernel);
        }

        return ordered;

        void Place(Kernel kernel)
        {
            if (!placed.Add(kernel))
            {
                return;
            }

            foreach (Kernel writer in kernel.Inputs.SelectMany(input => writers[input]))
            {
                Place(writer);
            }

            ordered.Add(kernel);
        }
    }

    /// <summary>The forward loop; without layers the heads begin behind what computes the hidden states.</summary>
    private static KernelPlan Roll(TrainingGraph training, ImmutableArray<Kernel> forward)
    {
        KernelPlan rolled = LayerRoller.Roll(training.Forward, forward);
        if (rolled.Layers is not null)
        {
            return rolled;
        }

        int heads = 1 + forward.IndexOf(forward.First(kernel => kernel.Outputs.Contains(training.Hidden)));
        return rolled with { Before = forward.RemoveRange(heads, forward.Length - heads), After = forward.RemoveRange(0, heads) };
    }

    /// <summary>Layer by layer the backward kernels are those of layer 0 with other weights and other kept values.</summary>
    private static LayerLoop RollBackward(TrainingGraph training, LayerLoop forward, ImmutableArray<Kernel> forwardKernels, IEnumerable<Kernel> backward)
    {
        List<List<Kernel>> forwardLayers = LayerRoller.ByLayer(forwardKernels);
        List<List<Kernel>> layers = LayerRoller.ByLayer(backward);
        LayerTwins twins = new(layers.Count);
        Value carriedIn = training.GradientOf[forward.CarriedOut];
        Value entering = forward.CarriedIn;
        for (int layer = 0; layer < layers.Count; layer++)
        {
            twins.Add(layer, forward.CarriedIn, entering);
            twins.Match(layer, forwardLayers[0], forwardLayers[layer]);
            Value leaving = twins.Of(layer, forward.CarriedOut);
            twins.Add(layer, carriedIn, training.GradientOf[leaving]);
            twins.Match(layer, layers[0], layers[layer]);
            if (twins.Of(layer, training.GradientOf[forward.CarriedIn]) != training.GradientOf[entering])
            {
                throw new NotSupportedException($"Layer {layer} does not hand its gradient on as the first does.");
            }

            entering = leaving;
        }

        return new LayerLoop(layers.Count, [.. layers[0]], carriedIn, training.GradientOf[forward.CarriedIn], training.GradientOf[training.Hidden]);
    }

    /// <summary>What is computed from the gradient of the hidden states: the backward pass of the encoder.</summary>
    private static HashSet<Value> BehindHiddenGradient(TrainingGraph training)
    {
        Value start = training.GradientOf[training.Hidden];
        HashSet<Value> behind = [];
        foreach (Value value in training.Graph.Values)
        {
            if (value.Inputs.Any(input => input == start || behind.Contains(input)))
            {
                behind.Add(value);
            }
        }

        return behind;
    }
}
