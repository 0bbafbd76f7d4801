using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Product with a weight stored as published, [outputs, inputs]: y = x · Wᵀ.</summary>
/// <remarks>x: [rows, inputs], W: [outputs, inputs], y: [rows, outputs], f32.</remarks>
internal sealed record Linear : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[1].Rank == 2 && inputs[0].Columns == inputs[1].Columns, $"{inputs[0]} cannot be multiplied by the transpose of {inputs[1]}.");
        return inputs[0].WithColumns(inputs[1].Dimensions[0].Size);
    }

    // dx = dy · W and dW = dyᵀ · x.
    public override Value?[] Gradients(Value output, Value dy) =>
    [
        Value.Of(new Linear(), dy, Value.Of(new TransposeWeights(), output.Inputs[1])),
        Value.Of(new LinearWeightGradient(), dy, output.Inputs[0]),
    ];

    public override Cost CostOf(Value output) => new(2L * output.Shape.Columns * output.Inputs[0].Shape.Columns);
}
