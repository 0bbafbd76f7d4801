using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>The rows behind each text's first: those that came from input vectors.</summary>
/// <remarks>x: [tokens, columns]; result: [vectors, columns], f32.</remarks>
internal sealed record VectorRows : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Axis.Tokens, $"{inputs[0]} has no tokens.");
        return inputs[0].WithRows(Axis.Vectors);
    }
}
