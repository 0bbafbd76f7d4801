using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>f'(x) of a function of one element: from its argument x, but from its result where that is all it takes (tanh: 1 - y²).</summary>
internal sealed record ActivateDerivative(Function Function) : Operator
{
    /// <summary>The derivative is computed from the function's result, so that the argument need not be kept.</summary>
    public static bool IsOfResult(Function function) => function == Function.Tanh;

    public override string Name => $"{Function}Derivative";

    public override Shape Infer(IReadOnlyList<Shape> inputs) => inputs[0];

    public override Cost CostOf(Value output) => new(8L * output.Shape.Columns);
}
