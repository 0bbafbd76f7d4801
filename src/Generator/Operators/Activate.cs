using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Functions of one element.</summary>
internal enum Function
{
    /// <summary>x · Φ(x), exact: 0.5 · x · (1 + erf(x / √2)).</summary>
    Gelu,

    /// <summary>The approximation by tanh: 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))).</summary>
    GeluTanh,

    /// <summary>max(x, 0).</summary>
    Relu,

    Tanh,
}

/// <summary>A function applied to each element.</summary>
internal sealed record Activate(Function Function) : Operator
{
    public override string Name => Function.ToString();

    public override Shape Infer(IReadOnlyList<Shape> inputs) => inputs[0];

    // dx = dy · f'(x).
    public override Value?[] Gradients(Value output, Value dy) =>
        [dy * Value.Of(new ActivateDerivative(Function), ActivateDerivative.IsOfResult(Function) ? output : output.Inputs[0])];

    // An exponential or error function counts as one operation, as in the literature.
    public override Cost CostOf(Value output) => new((Function == Function.GeluTanh ? 8L : Function == Function.Gelu ? 5L : 1L) * output.Shape.Columns);
}
