using System.Collections.Immutable;
using BertGen.Generator.Differentiation;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>The order of the heads' kernels, forward and backward, and which heads need each.</summary>
/// <remarks>Sums are cleared; what many heads share runs; then each head runs forward and backward alone, so that its logits live no longer; then what they share runs backward.</remarks>
internal static class HeadOrder
{
    public static ImmutableArray<HeadKernel> Of(TrainingGraph training, IEnumerable<Kernel> forward, IEnumerable<Kernel> backward)
    {
        Dictionary<Value, SortedSet<int>> feeds = HeadsFed(training);
        Dictionary<Value, SortedSet<int>> comesFrom = HeadsBehind(training);
        List<(int Group, HeadKernel Kernel)> ordered = [];
        foreach (Kernel kernel in forward)
        {
            ImmutableArray<int> heads = [.. kernel.Outputs.SelectMany(output => feeds[output]).Distinct().OrderBy(head => head)];
            ordered.Add((heads is [int only] ? only : -1, new HeadKernel(heads, kernel)));
        }

        foreach (Kernel kernel in backward)
        {
            IEnumerable<Value> values = kernel is TransposeKernel ? training.Graph.ConsumersOf(kernel.Outputs[0]) : kernel.Values;
            ImmutableArray<int> heads = [.. values.Where(comesFrom.ContainsKey).SelectMany(value => comesFrom[value]).Distinct().OrderBy(head => head)];
            ordered.Add((kernel is ClearKernel ? -2 : heads is [int only] ? only : int.MaxValue, new HeadKernel(heads, kernel)));
        }

        return [.. ordered.OrderBy(entry => entry.Group).Select(entry => entry.Kernel)];
    }

    /// <summary>The heads whose losses need a value of the forward pass.</summary>
    private static Dictionary<Value, SortedSet<int>> HeadsFed(TrainingGraph training)
    {
        Dictionary<Value, SortedSet<int>> heads = [];
        foreach (Value value in training.Forward.Values.Reverse())
        {
            if (value.Operator is LossGradient loss)
            {
                heads.Add(value, [loss.Head]);
            }

            if (value == training.Hidden || !heads.TryGetValue(value, out SortedSet<int>? own))
            {
                continue;
            }

            foreach (Value input in value.Inputs)
            {
                if (!heads.TryGetValue(input, out SortedSet<int>? known))
                {
                    heads.Add(input, known = []);
                }

                known.UnionWith(own);
            }
        }

        return heads;
    }

    /// <summary>The heads whose losses a gradient comes from.</summary>
    private static Dictionary<Value, SortedSet<int>> HeadsBehind(TrainingGraph training)
    {
        Value hidden = training.GradientOf[training.Hidden];
        Dictionary<Value, SortedSet<int>> heads = [];
        foreach (Value value in training.Graph.Values)
        {
            SortedSet<int> own = value.Operator is LossGradient loss ? [loss.Head] : [];
            foreach (Value input in value.Inputs)
            {
                if (input != hidden && heads.TryGetValue(input, out SortedSet<int>? known))
                {
                    own.UnionWith(known);
                }
            }

            if (own.Count > 0)
            {
                heads.Add(value, own);
            }
        }

        return heads;
    }
}
