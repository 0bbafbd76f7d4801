using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Finds that all layers are the first one with other weights, and keeps only that one as the body of a loop.</summary>
internal static class LayerRoller
{
    public static KernelPlan Roll(Graph graph, ImmutableArray<Kernel> kernels)
    {
        List<List<Kernel>> layers = ByLayer(kernels);
        if (layers.Count == 0)
        {
            return new KernelPlan(graph, kernels, null, []);
        }

        int start = kernels.IndexOf(layers[0][0]);
        int end = kernels.IndexOf(layers[layers.Count - 1][layers[0].Count - 1]) + 1;
        if (end - start != layers.Sum(layer => layer.Count))
        {
            throw new NotSupportedException("Kernels without a layer stand between the layers.");
        }

        Value carriedIn = CarriedIn(layers[0]);
        Value carriedOut = CarriedOut(layers[0]);
        LayerTwins twins = new(layers.Count);
        Value result = carriedOut;
        for (int layer = 1; layer < layers.Count; layer++)
        {
            twins.Add(layer, carriedIn, result);
            twins.Match(layer, layers[0], layers[layer]);
            result = twins.Of(layer, carriedOut);
        }

        LayerLoop loop = new(layers.Count, layers[0].ToImmutableArray(), carriedIn, carriedOut, result);
        return new KernelPlan(graph, kernels.Take(start).ToImmutableArray(), loop, kernels.Skip(end).ToImmutableArray());
    }

    /// <summary>The kernels of each layer, in their order.</summary>
    public static List<List<Kernel>> ByLayer(IEnumerable<Kernel> kernels)
    {
        List<List<Kernel>> layers = [];
        foreach (Kernel kernel in kernels)
        {
            if (kernel.Layer is not int layer)
            {
                continue;
            }

            while (layers.Count <= layer)
            {
                layers.Add([]);
            }

            layers[layer].Add(kernel);
        }

        return layers;
    }

    private static Value CarriedOut(List<Kernel> layer) => layer[layer.Count - 1].Outputs[0];

    private static Value CarriedIn(List<Kernel> layer)
    {
        HashSet<Value> computed = [.. layer.SelectMany(kernel => kernel.Values)];
        Value[] entering = layer.SelectMany(kernel => kernel.Inputs).Where(input => input.Operator is not (Parameter or Input) && !computed.Contains(input)).Distinct().ToArray();
        return entering is [Value one] ? one : throw new NotSupportedException($"A layer reads {entering.Length} values of what is before it, not one.");
    }
}
