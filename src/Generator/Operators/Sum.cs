using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Sum of values of one shape: where the gradients of a value's uses meet.</summary>
internal sealed record Sum : Operator
{
    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs.All(inputs[0].Equals), $"Values of different shapes cannot be added: {string.Join(", ", inputs)}.");
        return inputs[0];
    }

    public override Value?[] Gradients(Value output, Value dy) => output.Inputs.Select(_ => (Value?)dy).ToArray();

    public override Cost CostOf(Value output) => new((output.Inputs.Length - 1L) * output.Shape.Columns);
}
