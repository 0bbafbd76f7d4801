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
/// Whether an element stays is a function of seed, step, place, row and column alone (Philox), so that the backward pass computes it again.
/// Rows of tokens and texts are numbered through the whole step (the chunk's first token or text plus the row); rows of attention are those
/// of their query's token, columns the key's place in its text.
/// x, y: any shape of rows, f32.
/// </remarks>
/// <param name="Kind">Whose rate it has.</param>
/// <param name="Site">Number of the place within its layer, or within what lies outside the layers; no two dropouts of a layer share one.</param>
internal sealed record Dropout(DropoutKind Kind, int Site) : Operator
{
    /// <summary>Sites within a layer.</summary>
    public const int Probabilities = 0, AttentionOutput = 1, FeedForwardOutput = 2;

    /// <summary>Sites outside the layers: the embeddings, then one a head.</summary>
    public const int Embeddings = 0, FirstHead = 1;

    /// <summary>Sites that a layer, and what lies outside the layers, has room for.</summary>
    public const int SitesOfLayer = 256;

    /// <summary>The bits of a place's number above these hold the attention head.</summary>
    public const int PlaceBits = 20;

    /// <summary>Number of a place in the counter of random numbers: what is outside the layers comes before layer 0.</summary>
    public static int Place(int? layer, int site) => (layer is int index ? index + 1 : 0) * SitesOfLayer + site;

    public override string Attributes => $"{Kind.ToString().ToLowerInvariant()}, site {Site}";

    public override Shape Infer(IReadOnlyList<Shape> inputs) => inputs[0];

    // dx = mask · dy / (1 - rate): the same mask again.
    public override Value?[] Gradients(Value output, Value dy) => [Value.Of(new Dropout(Kind, Site), dy)];

    public override Cost CostOf(Value output) => new(2L * output.Shape.ConstantElements);
}
