using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>y = (x - mean) · rstd · gamma + beta over the last dimension.</summary>
/// <remarks>x, y: [rows, columns]; gamma, beta: [columns], f32.</remarks>
internal sealed record LayerNorm(double Epsilon) : Operator
{
    public override string Attributes => $"epsilon = {Invariant(Epsilon)}";

    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(Add.IsRow(inputs[0], inputs[1]) && inputs[1].Equals(inputs[2]), $"{inputs[0]} cannot be normalized by {inputs[1]} and {inputs[2]}.");
        return inputs[0];
    }

    // With x and two numbers a row the forward pass keeps all that its backward pass needs.
    public override Value?[] Gradients(Value output, Value dy)
    {
        Value x = output.Inputs[0];
        Value statistics = Value.Of(new RowStatistics(Epsilon), x);
        return
        [
            Value.Of(new StandardizeGradient(), x, statistics, dy * output.Inputs[1]),
            Value.Of(new SumRows(), dy * Value.Of(new Standardize(), x, statistics)),
            Value.Of(new SumRows(), dy),
        ];
    }

    public override Cost CostOf(Value output) => new(9L * output.Shape.Columns);
}
