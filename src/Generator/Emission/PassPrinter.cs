using BertGen.Generator.Graphs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Emission;

/// <summary>What a pass of either kind begins with: its entry for each vector width, its counts and its worker's shares.</summary>
internal static class PassPrinter
{
    private const string Services = SimdPrinter.Services;

    /// <summary>The override that chooses the width, and the method of that width with the given body.</summary>
    /// <param name="writer">Where it goes.</param>
    /// <param name="method">Name of the method of the compiled program.</param>
    /// <param name="arguments">Type of its arguments.</param>
    /// <param name="body">Writes the body.</param>
    public static void Print(CodeWriter writer, string method, string arguments, Action body)
    {
        writer.Write(
            $$"""
            /// <inheritdoc/>
            public override void {{method}}({{Services}}.SimdWidth width, {{Services}}.Worker worker, {{Services}}.{{arguments}}* pass)
            {
                switch (width)
                {
                    case {{Services}}.SimdWidth.Vector512:
                        {{method}}<{{Services}}.V512>(worker, pass);
                        break;
                    case {{Services}}.SimdWidth.Vector256:
                        {{method}}<{{Services}}.V256>(worker, pass);
                        break;
                    default:
                        {{method}}<{{Services}}.V128>(worker, pass);
                        break;
                }
            }
            """);
        writer.Write("");
        using (writer.Open($"private static void {method}<V>({Services}.Worker worker, {Services}.{arguments}* pass) where V : struct, {Services}.ISimd<V>"))
        {
            body();
        }
    }

    /// <summary>Counts of the pass, and the worker's share of each axis that some call divides.</summary>
    /// <param name="writer">Where they go.</param>
    /// <param name="calls">All calls of the pass.</param>
    /// <param name="needsSelected">Whether the count of selected tokens is used.</param>
    /// <param name="heads">Attention heads that calls divide, or 0.</param>
    public static void PrintCounts(CodeWriter writer, IReadOnlyList<TileCall> calls, bool needsSelected, int heads)
    {
        writer.Write("int tokenCount = pass->TokenCount;");
        writer.Write("int textCount = pass->TextCount;");
        if (needsSelected)
        {
            writer.Write("int selectedCount = pass->SelectedCount;");
        }

        if (calls.Any(call => call.Function.Rows == Axis.Vectors))
        {
            writer.Write("int vectorCount = tokenCount - textCount;");
        }

        writer.Write("");
        writer.Write("// This worker's share of each kind of work.");
        foreach (Axis axis in new[] { Axis.Tokens, Axis.Texts, Axis.Selected, Axis.Vectors }.Where(axis => calls.Any(call => call.Function.Rows == axis && call.Split == Split.Rows)))
        {
            string share = Names.ShareOf(axis);
            writer.Write($"(int {share}Start, int {share}End) = worker.Share({Names.CountOf(axis)});");
        }

        if (heads > 0)
        {
            writer.Write($"(int headStart, int headEnd) = worker.Share({heads});");
        }

        writer.Write("");
    }
}
