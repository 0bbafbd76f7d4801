using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Groups operators into kernels by patterns over producers and consumers; no rule knows a layer by name.</summary>
internal static class KernelPlanner
{
    /// <summary>The kernels of a graph, its layers rolled into one body.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="isFused">False leaves every operator a kernel of its own that can be one (a product keeps its bias, and attention is one kernel): what tests compare with.</param>
    public static KernelPlan Fuse(Graph graph, bool isFused = true) => LayerRoller.Roll(graph, Group(graph, isFused));

    /// <summary>The kernels of a forward pass in the order in which they run, every layer's own.</summary>
    public static ImmutableArray<Kernel> Group(Graph graph, bool isFused = true)
    {
        Dictionary<Value, Kernel> owners = [];
        List<Kernel> kernels = [];
        void Claim(Kernel kernel)
        {
            kernels.Add(kernel);
            foreach (Value value in kernel.Values)
            {
                owners.Add(value, kernel);
            }
        }

        foreach (Value value in graph.Values)
        {
            if (value.Operator is AttentionScores)
            {
                AttentionKernel attention = AttentionPattern.Match(graph, value);
                Claim(attention);
                if (DensePattern.MatchProjections(graph, attention) is DenseKernel projections)
                {
                    foreach (DenseKernel kernel in isFused ? [projections] : DensePattern.Split(projections))
                    {
                        Claim(kernel);
                    }
                }
            }
        }

        foreach (Value value in graph.Values)
        {
            if (value.Operator is Linear && !owners.ContainsKey(value))
            {
                Claim(DensePattern.Match(graph, value, isFused));
            }
            else if (value.Operator is LossGradient loss)
            {
                Claim(new LossKernel
                {
                    Name = Kernel.PascalCase(value.Name ?? "loss"),
                    Values = [value],
                    Logits = value.Inputs[0],
                    Head = loss.Head,
                    Kind = loss.Kind,
                });
            }
        }

        // From the outputs back, so that a group begins at its last value.
        foreach (Value value in graph.Values.Reverse())
        {
            if (value.Operator is not (Parameter or Input) && !owners.ContainsKey(value))
            {
                Claim(RowPattern.Match(graph, value, input => !isFused || owners.ContainsKey(input)));
            }
        }

        return Distinguish(kernels.OrderBy(kernel => kernel.Outputs.Max(graph.IdOf)));
    }

    /// <summary>Kernels of equal names outside the layers get a number.</summary>
    private static ImmutableArray<Kernel> Distinguish(IEnumerable<Kernel> kernels)
    {
        HashSet<(int?, string)> taken = [];
        return kernels.Select(kernel =>
        {
            string name = kernel.Name;
            for (int number = 2; !taken.Add((kernel.Layer, name)); number++)
            {
                name = $"{kernel.Name}{number}";
            }

            return kernel with { Name = name };
        }).ToImmutableArray();
    }
}
