using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Operators that need one row of each input at a time, or the rows of one text: they run as one kernel.</summary>
internal static class RowPattern
{
    /// <summary>The group that ends in <paramref name="last"/>: everything that only it needs.</summary>
    public static RowKernel Match(Graph graph, Value last, Func<Value, bool> isTaken)
    {
        List<Value> values = [];
        Collect(last);
        return new RowKernel
        {
            Name = Kernel.PascalCase(last.Name ?? (last.Layer is null ? last.Operator.Name : $"layer {last.Operator.Name}")),
            Layer = last.Layer,
            Values = values.ToImmutableArray(),
        };

        void Collect(Value value)
        {
            if (!IsRowWise(value.Operator))
            {
                throw new NotSupportedException($"{value.Operator.Name} has no kernel.");
            }

            foreach (Value input in value.Inputs)
            {
                if (IsRowWise(input.Operator) && !isTaken(input) && graph.OnlyConsumer(input) == value && CanFollow(value.Operator, input.Operator))
                {
                    Collect(input);
                }
            }

            values.Add(value);
        }
    }

    private static bool IsRowWise(Operator @operator) =>
        @operator is Gather or Add or LayerNorm or Activate or Dropout or Normalize or FirstTokens or SelectTokens or PrependRow or PoolTokens or WindowMean;

    // What reads rows of other tokens needs them in memory, or by a look-up that costs no more than reading.
    private static bool CanFollow(Operator consumer, Operator producer) => consumer switch
    {
        PoolTokens or FirstTokens or SelectTokens or PrependRow => false,
        WindowMean => producer is Gather,
        _ => true,
    };
}
