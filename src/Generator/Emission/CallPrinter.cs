using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Operators;
using BertGen.Generator.Programs;
using BertGen.Generator.Tiles;
using Index = BertGen.Generator.Tiles.Index;

namespace BertGen.Generator.Emission;

/// <summary>Calls of kernels as C#: what stands for each parameter.</summary>
/// <param name="writer">Where calls go.</param>
/// <param name="memory">Offsets of weights and scratch.</param>
/// <param name="pointerTo">Name of the pointer to a value.</param>
internal sealed class CallPrinter(CodeWriter writer, MemoryPlan memory, Func<Value, string> pointerTo)
{
    public void Print(Step.Call call)
    {
        bool isColumnSplit = call.Split == Split.Columns;
        string columnShare = Names.CamelCase(call.Kernel.Kernel.Name) + "Column";
        int columns = call.Kernel.Kernel is DenseKernel { Heads: 0 } dense ? (dense.Outputs[0].Shape.Columns + 15) / 16 * 16 : 0;
        if (isColumnSplit)
        {
            (string total, string step) = call.Tile.Columns is ColumnShare share ? (Number(share.Total), Number(share.Step)) : ($"{columns}", "V.TileColumns");
            writer.Write($"(int {columnShare}Start, int {columnShare}End) = worker.Share({total}, {step});");
        }

        writer.Write($"Kernels.{call.Kernel.Name}.{call.Tile.Function.Name}<V>(");
        foreach (string line in Wrapped(call.Tile.Arguments.Select(Argument).ToArray()))
        {
            writer.Write($"    {line}");
        }

        string Argument(Operand operand) => operand switch
        {
            Operand.Buffer buffer => pointerTo(buffer.Value),
            Operand.Result result => Result(result.Output),
            Operand.Weight weight => WeightOf(weight.Packed, "weights", "layerWeights"),
            Operand.Gradient gradient => WeightOf(gradient.Packed, "gradients", "layerGradients"),
            Operand.Scratch need => Scratch(memory.Scratch[(call.Tile, need.Name)]),
            Operand.RowCount rows => Names.CountOf(rows.Rows),
            Operand.Pass { Field: PassField.TokenCount } => "tokenCount",
            Operand.Pass { Field: PassField.TextCount } => "textCount",
            Operand.Pass pass => $"pass->{pass.Field}",
            Operand.Site { IsOfLayer: true } site => $"(uint)((layer + 1) * {Dropout.SitesOfLayer} + {site.Dropout.Site})",
            Operand.Site site => $"{Dropout.Place(null, site.Dropout.Site)}",
            Operand.Target target => $"pass->Heads[{target.Head}].{target.Field}",
            Operand.Share { Split: Split.Heads } share => share.IsEnd ? "headEnd" : "headStart",
            Operand.Share { Split: Split.Rows } share when isColumnSplit => share.IsEnd ? Names.CountOf(call.Tile.Function.Rows) : "0",
            Operand.Share { Split: Split.Rows } share => Names.ShareOf(call.Tile.Function.Rows) + (share.IsEnd ? "End" : "Start"),
            Operand.Share { Split: Split.Columns } share when isColumnSplit => $"{columnShare}{(share.IsEnd ? "End" : "Start")}",
            Operand.Share { Split: Split.Columns } share => share.IsEnd ? $"{columns}" : "0",
            _ => throw new NotSupportedException($"{operand.GetType().Name} cannot be printed."),
        };
    }

    public static string Result(GraphOutput output) => output.Kind switch
    {
        OutputKind.HiddenStates => "pass->HiddenStates",
        OutputKind.Pooled => "pass->Pooled",
        OutputKind.Head => $"pass->Outputs[{output.Head}]",
        _ => throw new NotSupportedException($"The caller has no memory for {output.Kind}."),
    };

    private static string Number(Index index) => index is Index.Number number ? number.ToString() : throw new NotSupportedException($"{index} is no constant.");

    /// <summary>Arguments on lines of a readable length.</summary>
    private static IEnumerable<string> Wrapped(string[] arguments)
    {
        const int MostCharacters = 120;
        string line = "";
        for (int i = 0; i < arguments.Length; i++)
        {
            string next = arguments[i] + (i == arguments.Length - 1 ? ");" : ",");
            if (line.Length > 0 && line.Length + next.Length > MostCharacters)
            {
                yield return line;
                line = "";
            }

            line = line.Length == 0 ? next : $"{line} {next}";
        }

        yield return line;
    }

    private static string Scratch(long offset) => offset == 0 ? "scratch" : $"scratch + {offset}";

    private string WeightOf(PackedWeight packed, string all, string ofLayer) =>
        $"{(memory.Weights.First(weight => weight.Packed.Name == packed.Name).IsOfLayer ? ofLayer : all)} + {packed.Name}";
}
