using System.Collections.Immutable;
using System.Globalization;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Operators that run as one kernel: what lies between its inputs and outputs never reaches memory.</summary>
internal abstract record Kernel
{
    /// <summary>Name of the generated class.</summary>
    public required string Name { get; init; }

    /// <summary>The encoder layer, or null outside the layers.</summary>
    public int? Layer { get; init; }

    /// <summary>Every value that the kernel computes, in order.</summary>
    public required ImmutableArray<Value> Values { get; init; }

    /// <summary>The values that leave the kernel.</summary>
    public abstract ImmutableArray<Value> Outputs { get; }

    /// <summary>The values that enter it, weights and arguments of the pass included.</summary>
    public virtual IEnumerable<Value> Inputs => Values.SelectMany(value => value.Inputs).Distinct().Where(input => !Values.Contains(input));

    /// <summary>A formula for people.</summary>
    public abstract string Formula { get; }

    /// <summary>A name such as <c>AttentionOutput</c> from words such as <c>attention output</c>.</summary>
    public static string PascalCase(string words) =>
        string.Concat(words.Split(' ', '.', '_', '-').Where(word => word.Length > 0).Select(word => char.ToUpperInvariant(word[0]) + word.Substring(1)));

    protected static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>One matrix of a product and where its result goes.</summary>
/// <param name="Linear">The product.</param>
/// <param name="Bias">Its bias, a parameter.</param>
/// <param name="Output">The result after everything fused behind it.</param>
internal sealed record ProductColumns(Value Linear, Value? Bias, Value Output)
{
    public Value Weight => Linear.Inputs[1];
}

/// <summary>A product with a weight, what is gathered before and what is applied to its result.</summary>
internal sealed record DenseKernel : Kernel
{
    /// <summary>The rows that the product reads, before <see cref="Gather"/>.</summary>
    public required Value Source { get; init; }

    /// <summary>First or selected tokens whose rows are gathered first, or null.</summary>
    public Value? Gather { get; init; }

    /// <summary>The matrices whose columns lie side by side: one, or queries, keys and values.</summary>
    public required ImmutableArray<ProductColumns> Products { get; init; }

    /// <summary>Values after the bias, in order: activations, dropout, residual sums, normalizations.</summary>
    public ImmutableArray<Value> Epilogue { get; init; } = [];

    /// <summary>Heads that the columns are written for, or 0 where rows are written whole.</summary>
    public int Heads { get; init; }

    public override ImmutableArray<Value> Outputs => Products.Select(product => product.Output).ToImmutableArray();

    public override string Formula
    {
        get
        {
            string x = Gather is null ? "x" : Gather.Operator is FirstTokens ? "x[first tokens]" : "x[selected tokens]";
            string y = Products[0].Bias is null ? $"{x} · Wᵀ" : $"{x} · Wᵀ + bias";
            foreach (Value value in Epilogue)
            {
                y = value.Operator is Add ? $"{y} + residual" : $"{value.Operator.Name}({y})";
            }

            return Heads > 0 ? $"queries, keys, values = {y}, head by head" : $"y = {y}";
        }
    }
}

/// <summary>Attention of one layer: scores stay in scratch.</summary>
internal sealed record AttentionKernel : Kernel
{
    public required Value Queries { get; init; }

    public required Value Keys { get; init; }

    public required Value TokenValues { get; init; }

    public required double Scale { get; init; }

    /// <summary>The dropout of the probabilities, or null.</summary>
    public Dropout? Dropout { get; init; }

    public override ImmutableArray<Value> Outputs => [Values[Values.Length - 1]];

    public override string Formula => $"y = {(Dropout is null ? "softmax(scale · queries · keysᵀ)" : "Dropout(softmax(scale · queries · keysᵀ))")} · values, for each text and head";
}

/// <summary>Operators that work row by row, such as an embedding's sum and normalization or a text's mean.</summary>
internal sealed record RowKernel : Kernel
{
    public override ImmutableArray<Value> Outputs => [Values[Values.Length - 1]];

    public override string Formula
    {
        get
        {
            Dictionary<Value, string> texts = [];
            foreach (Value value in Values)
            {
                texts[value] = value.Operator switch
                {
                    Operators.Gather when value.Inputs[1].Operator is Input ids => $"{Table(value)}[{ids.Kind switch { InputKind.InputIds => "id", InputKind.TokenTypeIds => "type", _ => "position" }}]",
                    Add => $"{Of(value.Inputs[0])} + {Of(value.Inputs[1])}",
                    _ => $"{value.Operator.Name}({Of(value.Inputs[0])})",
                };
            }

            return $"y = {texts[Values[Values.Length - 1]]}";

            string Of(Value input) => texts.TryGetValue(input, out string? known) ? known : input.Operator is Parameter ? Table(input) : "x";
            static string Table(Value value) => "table";
        }
    }
}
