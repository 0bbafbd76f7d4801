using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>The transpose of a product's weight, so that dy · W is a product like any other; or of several products' weights whose outputs lie side by side.</summary>
/// <remarks>
/// W: [outputs, inputs]; result: [inputs, outputs], f32. With heads, the columns are those of <see cref="PackHeads"/>, with zeros where it pads.
/// </remarks>
/// <param name="Heads">Attention heads that the outputs are grouped by, or 0.</param>
internal sealed record TransposeWeights(int Heads = 0) : Operator
{
    public override string Attributes => Heads > 0 ? $"heads = {Heads}" : "";

    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs.All(input => input.Rank == 2 && input.Equals(inputs[0])), $"Weights of different shapes cannot be transposed together: {string.Join(", ", inputs)}.");
        Require(Heads > 0 || inputs.Count == 1, "Outputs without heads lie side by side.");
        int outputs = inputs[0].Dimensions[0].Size;
        return new Shape(inputs[0].Columns, Heads > 0 ? PackHeads.Columns(inputs.Count, Heads, outputs / Heads) : outputs);
    }
}
