using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Product element by element; the second may be one number a row, [rows, 1], or one row for all rows, [columns].</summary>
internal sealed record Multiply : Operator
{
    public static bool Fits(Shape left, Shape right) =>
        left.Equals(right) || Add.IsRow(left, right) || (right.Rank == left.Rank && right.Dimensions[right.Rank - 1] == 1);

    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(Fits(inputs[0], inputs[1]), $"{inputs[0]} cannot be multiplied by {inputs[1]}.");
        return inputs[0];
    }

    public override Value?[] Gradients(Value output, Value dy)
    {
        (Value left, Value right) = (output.Inputs[0], output.Inputs[1]);
        Value product = dy * left;
        return
        [
            dy * right,
            right.Shape.Equals(left.Shape) ? product : Value.Of(Add.IsRow(left.Shape, right.Shape) ? new SumRows() : new SumColumns(), product),
        ];
    }

    public override Cost CostOf(Value output) => new(output.Shape.ConstantElements);
}
