using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>A learned row in front of the vectors of each text: [CLS] of a model without a vocabulary.</summary>
/// <remarks>x: [vectors, columns]; row: [columns]; result: [tokens, columns], f32.</remarks>
internal sealed record PrependRow : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Axis.Vectors && inputs[0].Columns == inputs[1].Columns, $"{inputs[1]} cannot stand in front of {inputs[0]}.");
        return inputs[0].WithRows(Axis.Tokens);
    }

    // The learned row stands in front of every text.
    public override Value?[] Gradients(Value output, Value dy) =>
        [Value.Of(new VectorRows(), dy), Value.Of(new SumRows(), Value.Of(new FirstTokens(), dy))];
}
