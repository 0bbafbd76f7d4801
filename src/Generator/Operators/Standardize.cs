using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>xhat = (x - mean) · rstd: a layer normalization without scale and shift.</summary>
/// <remarks>x, xhat: [rows, columns]; statistics: [rows, 2] of <see cref="RowStatistics"/>, f32.</remarks>
internal sealed record Standardize : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[1].Equals(inputs[0].WithColumns(RowStatistics.Columns)), $"{inputs[1]} are no statistics of {inputs[0]}.");
        return inputs[0];
    }

    public override Cost CostOf(Value output) => new(2L * output.Shape.Columns);
}
