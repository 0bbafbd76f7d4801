using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>The gradients of queries, keys and values in the column order of their joint product: for each head one after another, each padded with zeros to whole panels.</summary>
/// <remarks>Parts: [heads, tokens, headSize]; result: [tokens, heads · parts · padded head size], f32.</remarks>
internal sealed record PackHeads : Operator
{
    private const int PanelWidth = 16;

    /// <summary>Length of a row of all parts of all heads.</summary>
    public static int Columns(int parts, int heads, int headSize) => heads * parts * Padded(headSize);

    /// <summary>A head's columns rounded up to whole panels.</summary>
    public static int Padded(int headSize) => (headSize + PanelWidth - 1) / PanelWidth * PanelWidth;

    public override Shape Infer(IReadOnlyList<Shape> inputs)
    {
        Require(inputs[0].Rank == 3 && inputs.All(inputs[0].Equals), $"Heads of different shapes cannot lie side by side: {string.Join(", ", inputs)}.");
        return new Shape(inputs[0].Dimensions[1], Columns(inputs.Count, inputs[0].Dimensions[0].Size, inputs[0].Columns));
    }
}
