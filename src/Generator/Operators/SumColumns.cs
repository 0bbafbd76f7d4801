using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Sum of each row.</summary>
/// <remarks>x: [rows, columns], f32; result: [rows, 1].</remarks>
internal sealed record SumColumns : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs) =>
        new([.. inputs[0].Dimensions.Take(inputs[0].Rank - 1), 1]);

    public override Cost CostOf(Value output) => new(output.Inputs[0].Shape.ConstantElements);
}
