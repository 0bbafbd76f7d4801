using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Row-wise operators of the backward pass that hang together run as one kernel, with a result for each value that others need.</summary>
internal static class RowGradientPattern
{
    /// <param name="graph">The training graph.</param>
    /// <param name="values">What no other pattern took, in order.</param>
    /// <param name="owners">The forward kernels, for names.</param>
    public static IEnumerable<RowGradientKernel> Group(Graph graph, IEnumerable<Value> values, IReadOnlyDictionary<Value, Kernel> owners)
    {
        Dictionary<Value, List<Value>> groups = [];
        List<List<Value>> all = [];
        foreach (Value value in values)
        {
            if (!IsRowWise(value.Operator))
            {
                throw new NotSupportedException($"{value.Operator.Name} has no kernel in the backward pass.");
            }

            List<Value> group = [];
            all.Add(group);
            foreach (Value input in value.Inputs)
            {
                if (!ReadsOtherRows(value.Operator) && input.Layer == value.Layer && groups.TryGetValue(input, out List<Value>? other) && other != group)
                {
                    all.Remove(other);
                    group.AddRange(other);
                    foreach (Value member in other)
                    {
                        groups[member] = group;
                    }
                }
            }

            group.Add(value);
            groups.Add(value, group);
        }

        return all.Select(group => Kernel(graph, [.. group.OrderBy(graph.IdOf)], owners)).ToArray();
    }

    private static RowGradientKernel Kernel(Graph graph, ImmutableArray<Value> values, IReadOnlyDictionary<Value, Kernel> owners)
    {
        ImmutableArray<Value> results = [.. values.Where(value => graph.IsOutput(value) || graph.ConsumersOf(value).Any(consumer => !values.Contains(consumer)))];
        Value last = values[values.Length - 1];
        Value? read = values.SelectMany(value => value.Inputs).FirstOrDefault(input => input.Operator is not Parameter && owners.ContainsKey(input));
        return new RowGradientKernel
        {
            Name = read is null ? Fusion.Kernel.PascalCase(last.Operator.Name) : $"{owners[read].Name}RowGradient",
            Layer = last.Layer,
            Values = values,
            Results = results,
            AddsTo = results is [Value only] && graph.OnlyConsumer(only) is { Operator: Sum } sum ? sum : null,
        };
    }

    private static bool IsRowWise(Operator @operator) =>
        @operator is Add or Multiply or Subtract or ActivateDerivative or Dropout or Standardize or StandardizeGradient || ReadsOtherRows(@operator);

    /// <summary>Its input must be in memory.</summary>
    private static bool ReadsOtherRows(Operator @operator) => @operator is VectorRows or WindowMeanGradient;
}
