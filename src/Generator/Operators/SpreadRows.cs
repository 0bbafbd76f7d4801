using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>The adjoint of <see cref="FirstTokens"/> and <see cref="SelectTokens"/>: each row goes back to the token that it was taken from; zeros elsewhere.</summary>
/// <remarks>x: [texts, columns] or [selected, columns]; result: [tokens, columns], f32.</remarks>
internal sealed record SpreadRows : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows is Axis.Texts or Axis.Selected, $"The rows of {inputs[0]} belong to no tokens.");
        return inputs[0].WithRows(Axis.Tokens);
    }

    public override Value?[] Gradients(Value output, Value dy) =>
        [Value.Of(output.Inputs[0].Shape.Rows == Axis.Texts ? new FirstTokens() : new SelectTokens(), dy)];
}
