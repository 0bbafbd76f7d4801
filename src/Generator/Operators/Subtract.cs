using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Difference of two values; the second may be one number a row, [rows, 1].</summary>
internal sealed record Subtract : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(Multiply.Fits(inputs[0], inputs[1]), $"{inputs[1]} cannot be subtracted from {inputs[0]}.");
        return inputs[0];
    }

    public override Cost CostOf(Value output) => new(output.Shape.ConstantElements);
}
