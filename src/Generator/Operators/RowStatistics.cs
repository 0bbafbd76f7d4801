using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Mean and rstd = 1 / √(variance + epsilon) of each row: what the backward pass of a layer normalization needs of the forward pass.</summary>
/// <remarks>x: [rows, columns]; result: [rows, 2], f32: mean, rstd.</remarks>
internal sealed record RowStatistics(double Epsilon) : Operator
{
    public const int Columns = 2;

    public override string Attributes => $"epsilon = {Invariant(Epsilon)}";

    public override Shape Infer(IReadOnlyList<Shape> inputs) => inputs[0].WithColumns(Columns);

    public override Cost CostOf(Value output) => new(4L * output.Inputs[0].Shape.Columns);
}
