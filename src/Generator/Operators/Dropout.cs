using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>Which rate of the model a dropout has.</summary>
internal enum DropoutKind
{
    Hidden,
    Attention,
}

/// <summary>Elements set to zero at random, the others divided by what is left: in training only.</summary>
/// <remarks>
/// Whether an element stays is a function of seed, step, site, layer, row and column alone (Philox), so that the backward pass computes it again.
/// x, y: any shape of rows, f32.
/// </remarks>
/// <param name="Kind">Whose rate it has.</param>
/// <param name="Site">Number of the place within its layer, or within what lies outside the layers; no two dropouts of a layer share one.</param>
internal sealed record Dropout(DropoutKind Kind, int Site) : Operator
{
    public override string Attributes => $"{Kind.ToString().ToLowerInvariant()}, site {Site}";

    public override Shape Infer(IReadOnlyList<Shape> inputs) => inputs[0];

    // dx = mask · dy / (1 - rate): the same mask again.
    public override Value?[] Gradients(Value output, Value dy) => [Value.Of(new Dropout(Kind, Site), dy)];

    public override Cost CostOf(Value output) => new(2L * output.Shape.ConstantElements);
}
