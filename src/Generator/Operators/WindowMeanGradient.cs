using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>dx of <see cref="WindowMean"/>: each token's gradient, divided by the number of its neighbours, summed over the tokens whose neighbour a token is.</summary>
/// <remarks>dy, dx: [tokens, columns], f32.</remarks>
internal sealed record WindowMeanGradient(int Window) : Operator
{
    public override string Attributes => $"window = {Window}";

    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Axis.Tokens, $"{inputs[0]} has no tokens.");
        return inputs[0];
    }

    public override Cost CostOf(Value output) => new((4L * Window + 1) * output.Shape.Columns);
}
