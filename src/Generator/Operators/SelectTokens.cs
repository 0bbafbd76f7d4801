using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>The rows of the tokens that the caller selected: those that reach the vocabulary product.</summary>
/// <remarks>x: [tokens, columns]; result: [selected, columns], f32.</remarks>
internal sealed record SelectTokens : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Axis.Tokens, $"{inputs[0]} has no tokens.");
        return inputs[0].WithRows(Axis.Selected);
    }

    public override Value?[] Gradients(Value output, Value dy) => [Value.Of(new SpreadRows(), dy)];
}
