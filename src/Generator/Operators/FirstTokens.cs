using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>The row of each text's first token, [CLS].</summary>
/// <remarks>x: [tokens, columns]; result: [texts, columns], f32.</remarks>
internal sealed record FirstTokens : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Axis.Tokens, $"{inputs[0]} has no tokens.");
        return inputs[0].WithRows(Axis.Texts);
    }

    public override Value?[] Gradients(Value output, Value dy) => [Value.Of(new SpreadRows(), dy)];
}
