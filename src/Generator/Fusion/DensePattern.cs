using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>A product with what comes before (a gather of rows) and after it (bias, activation, residual, normalization).</summary>
internal static class DensePattern
{
    public static DenseKernel Match(Graph graph, Value linear, bool isFused = true)
    {
        (Value source, Value? gather) = isFused ? Source(graph, linear) : (linear.Inputs[0], null);
        (Value current, Value? bias) = Bias(graph, linear);
        List<Value> epilogue = [];
        while (isFused && graph.OnlyConsumer(current) is Value next && Fuses(next, current))
        {
            epilogue.Add(current = next);
        }

        List<Value> values = [linear];
        if (gather is not null)
        {
            values.Insert(0, gather);
        }

        if (bias is not null)
        {
            values.Add(graph.OnlyConsumer(linear)!);
        }

        values.AddRange(epilogue);
        return new DenseKernel
        {
            Name = Kernel.PascalCase(current.Name ?? ((Parameter)linear.Inputs[1].Operator).Key.Replace(".weight", "").Replace($"bert.encoder.layer.{current.Layer}.", "")),
            Layer = current.Layer,
            Values = values.ToImmutableArray(),
            Source = source,
            Gather = gather,
            Products = [new ProductColumns(linear, bias, current)],
            Epilogue = epilogue.ToImmutableArray(),
        };
    }

    /// <summary>Queries, keys and values of one source as one product, or null where they do not share it.</summary>
    public static DenseKernel? MatchProjections(Graph graph, AttentionKernel attention)
    {
        List<Value> values = [];
        List<ProductColumns> products = [];
        foreach (Value heads in new[] { attention.Queries, attention.Keys, attention.TokenValues })
        {
            if (heads.Operator is not SplitHeads
                || heads.Inputs[0] is not { Operator: Add, Inputs: [{ Operator: Linear } linear, { Operator: Parameter } bias] } sum
                || graph.OnlyConsumer(heads) is null || graph.OnlyConsumer(sum) is null || graph.OnlyConsumer(linear) is null)
            {
                return null;
            }

            values.AddRange([linear, sum, heads]);
            products.Add(new ProductColumns(linear, bias, heads));
        }

        Value source = products[0].Linear.Inputs[0];
        if (products.Any(product => product.Linear.Inputs[0] != source))
        {
            return null;
        }

        return new DenseKernel
        {
            Name = string.Concat(products.Select(product => Kernel.PascalCase(product.Output.Name ?? "projection"))),
            Layer = attention.Layer,
            Values = values.ToImmutableArray(),
            Source = source,
            Products = products.ToImmutableArray(),
            Heads = ((SplitHeads)attention.Queries.Operator).Heads,
        };
    }

    /// <summary>The same products, each a kernel of its own.</summary>
    public static IEnumerable<DenseKernel> Split(DenseKernel projections) => projections.Products.Select((product, part) => projections with
    {
        Name = Kernel.PascalCase(product.Output.Name ?? $"{projections.Name} {part}"),
        Values = projections.Values.Skip(3 * part).Take(3).ToImmutableArray(),
        Products = [product],
    });

    private static (Value Source, Value? Gather) Source(Graph graph, Value linear) =>
        linear.Inputs[0] is { Operator: FirstTokens or SelectTokens } gather && graph.OnlyConsumer(gather) is not null
            ? (gather.Inputs[0], gather)
            : (linear.Inputs[0], null);

    private static (Value Current, Value? Bias) Bias(Graph graph, Value linear) =>
        graph.OnlyConsumer(linear) is { Operator: Add, Inputs: [_, { Operator: Parameter } bias] } sum ? (sum, bias) : (linear, null);

    // A residual sum takes part where the other side is computed elsewhere; it cannot depend on this product, whose only consumer it is.
    private static bool Fuses(Value next, Value current) => next.Operator switch
    {
        Activate or Dropout => true,
        LayerNorm => next.Inputs[0] == current,
        Add => next.Inputs[0] == current && next.Inputs[1] is { Operator: not (Parameter or Gather) } residual && residual.Shape.Equals(current.Shape),
        Normalize => true,
        _ => false,
    };
}
