using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Mean of the neighbours' vectors, at most <paramref name="Window"/> on each side within the text, without the word itself; 0 for a word alone.</summary>
/// <remarks>x, y: [tokens, columns], f32. The mean divides by the number of neighbours that exist.</remarks>
internal sealed record WindowMean(int Window) : Operator
{
    public override string Attributes => $"window = {Window}";

    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rows == Axis.Tokens, $"{inputs[0]} has no tokens.");
        return inputs[0];
    }

    public override Value?[] Gradients(Value output, Value dy) => [Value.Of(new WindowMeanGradient(Window), dy)];

    public override Cost CostOf(Value output) => new((2L * Window + 1) * output.Shape.Columns);
}
