using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>dx = rstd · (g - mean(g) - xhat · mean(g · xhat)): the gradient of a standardized row.</summary>
/// <remarks>x, g, dx: [rows, columns]; statistics: [rows, 2] of <see cref="RowStatistics"/>, f32. Inputs: x, statistics, g.</remarks>
internal sealed record StandardizeGradient : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[1].Equals(inputs[0].WithColumns(RowStatistics.Columns)), $"{inputs[1]} are no statistics of {inputs[0]}.");
        Require(inputs[0].Equals(inputs[2]), $"{inputs[2]} is no gradient of {inputs[0]}.");
        return inputs[0];
    }

    public override Cost CostOf(Value output) => new(9L * output.Shape.Columns);
}
