using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>Attention by head, text and block of queries; the scores of a block stay in the worker's scratch.</summary>
/// <remarks>
/// Where a model takes texts longer than the schedule's tile of keys, the keys of a text pass tile by tile under a running softmax; but not in training,
/// whose dropout takes rows whole.
/// </remarks>
internal sealed class AttentionTiles(Layouts layouts, Schedule schedule, int mostKeys)
{
    private static readonly Index TileColumns = new Index.TileColumns();

    public TileCall Lower(AttentionKernel kernel)
    {
        CallBuilder call = new(layouts);
        int paddedHeadSize = Layouts.PaddedHeadSize(kernel.Queries);
        Index headSize = Index.Named("HeadSize", kernel.Queries.Shape.Columns);
        Index padded = Index.Named("PaddedHeadSize", paddedHeadSize);
        int keyRoom = (mostKeys + 15) / 16 * 16;
        (Index headStart, Index headEnd) = call.Share(Split.Heads);
        Index tokens = call.Count("tokenCount", PassField.TokenCount);
        Index texts = call.Count("textCount", PassField.TextCount);
        string textOffsets = call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in");
        Address queries = call.Read("queries", kernel.Queries, Split.Heads);
        Address keys = call.Read("keys", kernel.Keys, Split.Heads);
        Address values = call.Read("values", kernel.TokenValues, Split.Heads);
        Value output = kernel.Outputs[0];
        Address y = call.Write("y", output, Split.Heads);
        Index yStride = Index.Named("YStride", layouts.RowStride(output));
        Address keyPanels = call.Scratch("keyPanels", (long)keyRoom * paddedHeadSize);
        Address keyBias = call.Scratch("keyBias", keyRoom);
        Address zeros = call.Scratch("zeros", paddedHeadSize);
        Operands operands = new(
            headSize, padded, paddedHeadSize, yStride, Expression.Named("Scale", kernel.Scale),
            queries + ((Index)"head" * tokens + "query") * padded,
            values + ((Index)"head" * tokens + "first") * padded,
            y + (Index)"query" * yStride + (Index)"head" * headSize,
            keyPanels, keyBias, zeros,
            IsApart: kernel.Queries.Shape.Columns != paddedHeadSize,
            Dropout: DropoutOf(call, kernel));
        Statement[] block = keyRoom <= schedule.KeyTile || kernel.Dropout is not null ? WholeText(call, operands, keyRoom) : TileByTile(call, operands);
        Index head = (Index)"head" * tokens;

        return call.Build("Attend", "All heads of the share for all texts.", Axis.Tokens, Split.Heads,
        [
            new Fill(zeros, padded, 0),
            new Loop("head", headStart, headEnd,
            [
                new Loop("text", 0, texts,
                [
                    new LetElement("first", textOffsets, "text"),
                    new LetElement("end", textOffsets, (Index)"text" + 1),
                    new Let("keyCount", (Index)"end" - "first"),
                    new Let("paddedKeys", Index.RoundUp("keyCount")),
                    new TransposeToPanels("keyCount", padded, keys + (head + "first") * padded, padded, keyPanels),
                    new Remark("Keys behind the text's end get no weight."),
                    new Fill(keyBias, "keyCount", 0),
                    new Fill(keyBias + "keyCount", (Index)"paddedKeys" - "keyCount", double.NegativeInfinity),
                    new BlockLoop("query", "rows", "first", "end", Index.Named("QueryRows", schedule.QueryRows), Even: true, [.. block]),
                ]),
            ]),
        ]);
    }

    /// <summary>What both ways of attention read and write.</summary>
    /// <param name="Query">First query of the block.</param>
    /// <param name="Value">First value row of the text.</param>
    /// <param name="Place">Where the block's context goes.</param>
    /// <param name="IsApart">A head whose size is no multiple of 16 shares vectors with the next one: its columns are copied one by one.</param>
    private sealed record Operands(
        Index HeadSize, Index Padded, int PaddedHeadSize, Index YStride, Expression Scale,
        Address Query, Address Value, Address Place, Address KeyPanels, Address KeyBias, Address Zeros, bool IsApart, Statement? Dropout);

    /// <summary>Numbers of places from one head to the next.</summary>
    public static Index HeadPlaces { get; } = Index.Named("HeadPlaces", 1L << Operators.Dropout.PlaceBits);

    private static Statement? DropoutOf(CallBuilder call, AttentionKernel kernel)
    {
        if (kernel.Dropout is null)
        {
            return null;
        }

        Value dropped = kernel.Values.First(value => value.Operator is Operators.Dropout);
        (DropoutNames names, Index number) = call.Dropout(dropped, Axis.Tokens, (Index)"query" + "i");
        return new DropoutRow(new Address("row", 0), "keyCount", names, (Index)"head" * HeadPlaces, number);
    }

    /// <summary>All keys of a text at once.</summary>
    private Statement[] WholeText(CallBuilder call, Operands operands, int keyRoom)
    {
        Address scores = call.Scratch("scores", (long)schedule.QueryRows * keyRoom);
        Address inverses = call.Scratch("inverses", RowRoom);
        Address context = operands.IsApart ? call.Scratch("context", (long)schedule.QueryRows * operands.PaddedHeadSize) : operands.Place;
        Index contextStride = operands.IsApart ? operands.Padded : operands.YStride;
        return
        [
            new Remark("Scores of these queries with all keys of the text."),
            Scores(operands, scores, "paddedKeys", 0, "paddedKeys"),
            new Remark("Softmax without its division, which the context takes over: it has fewer elements."),
            new Loop("i", 0, "rows",
            [
                new LetRow("row", scores + (Index)"i" * "paddedKeys"),
                new Reduce("largest", ReduceKind.Max, "key", "paddedKeys", Score),
                new Define("shift", 0.0 - (Expression)"largest" * operands.Scale),
                Exponentials(operands, "paddedKeys"),
                new Define("inverse", 1.0 / (Expression)"sum"),
                new StoreNumber(inverses + "i", "inverse"),
                .. operands.Dropout is null ? [] : new[] { operands.Dropout },
            ]),
            new Remark("Context: the weighted values, divided by the sum of the weights."),
            Weighted(operands, scores, "paddedKeys", "keyCount", 0, context, contextStride),
            new Loop("i", 0, "rows",
            [
                new LoadNumber("inverse", inverses + "i"),
                new LetRow("source", context + (Index)"i" * contextStride),
                new LetRow("target", operands.Place + (Index)"i" * operands.YStride),
                new Map("column", operands.HeadSize, new Address("target", 0), new Expression.Load(new Address("source", "column")) * "inverse", IsExact: operands.IsApart),
            ]),
        ];
    }

    /// <summary>Keys pass tile by tile; what was summed under a smaller maximum is scaled down when a larger one appears.</summary>
    private Statement[] TileByTile(CallBuilder call, Operands operands)
    {
        Index keyTile = Index.Named("KeyTile", schedule.KeyTile);
        Address scores = call.Scratch("scores", (long)schedule.QueryRows * schedule.KeyTile);
        Address largest = call.Scratch("largest", RowRoom);
        Address sums = call.Scratch("sums", RowRoom);
        Address kept = call.Scratch("kept", RowRoom);
        Address context = call.Scratch("context", (long)schedule.QueryRows * operands.PaddedHeadSize);
        Address part = call.Scratch("part", (long)schedule.QueryRows * operands.PaddedHeadSize);
        return
        [
            new Fill(largest, "rows", double.NegativeInfinity),
            new Fill(sums, "rows", 0),
            new Fill(context, schedule.QueryRows * operands.PaddedHeadSize, 0),
            new BlockLoop("tile", "tileKeys", 0, "paddedKeys", keyTile, Even: false,
            [
                new Remark("Scores of these queries with the keys of the tile."),
                Scores(operands, scores, keyTile, "tile", "tileKeys"),
                new Remark("Weights under the largest score so far; what came before keeps exp(old - new) of its weight."),
                new Loop("i", 0, "rows",
                [
                    new LetRow("row", scores + (Index)"i" * keyTile),
                    new LoadNumber("before", largest + "i"),
                    new LoadNumber("sumBefore", sums + "i"),
                    new Reduce("ofTile", ReduceKind.Max, "key", "tileKeys", Score),
                    new Define("after", Expression.Max("before", "ofTile")),
                    new Define("shift", 0.0 - (Expression)"after" * operands.Scale),
                    Exponentials(operands, "tileKeys"),
                    new Define("share", Expression.Apply(UnaryFunction.Exp, ((Expression)"before" - "after") * operands.Scale)),
                    new Define("total", Expression.MultiplyAdd("sumBefore", "share", "sum")),
                    new StoreNumber(largest + "i", "after"),
                    new StoreNumber(sums + "i", "total"),
                    new StoreNumber(kept + "i", "share"),
                ]),
                new Let("validKeys", Index.Min("tileKeys", (Index)"keyCount" - "tile")),
                Weighted(operands, scores, keyTile, "validKeys", "tile", part, operands.Padded),
                new Loop("i", 0, "rows",
                [
                    new LoadNumber("share", kept + "i"),
                    new LetRow("source", part + (Index)"i" * operands.Padded),
                    new LetRow("target", context + (Index)"i" * operands.Padded),
                    new Map("column", operands.Padded, new Address("target", 0), Expression.MultiplyAdd(new Expression.Load(new Address("target", "column")), "share", new Expression.Load(new Address("source", "column")))),
                ]),
            ]),
            new Remark("Context: the weighted values, divided by the sum of the weights."),
            new Loop("i", 0, "rows",
            [
                new LoadNumber("total", sums + "i"),
                new Define("inverse", 1.0 / (Expression)"total"),
                new LetRow("source", context + (Index)"i" * operands.Padded),
                new LetRow("target", operands.Place + (Index)"i" * operands.YStride),
                new Map("column", operands.HeadSize, new Address("target", 0), new Expression.Load(new Address("source", "column")) * "inverse", IsExact: operands.IsApart),
            ]),
        ];
    }

    private int RowRoom => (schedule.QueryRows + 15) / 16 * 16;

    private static Expression Score => new Expression.Load(new Address("row", "key"));

    private static BlockLoop Scores(Operands operands, Address scores, Index stride, Index firstKey, Index keyCount) =>
        new("key", "columns", 0, keyCount, TileColumns, Even: false,
        [
            new ProductTile(
                "rows", "columns", operands.HeadSize, operands.Query, operands.Padded,
                operands.KeyPanels + (firstKey + "key") * operands.Padded, 16, (Index)16 * operands.Padded,
                operands.KeyBias + (firstKey + "key"), scores + "key", stride),
        ]);

    private static Map Exponentials(Operands operands, Index keyCount) =>
        new("key", keyCount, new Address("row", 0), Expression.Apply(UnaryFunction.Exp, Expression.MultiplyAdd(Score, operands.Scale, "shift")), Sum: "sum");

    private static BlockLoop Weighted(Operands operands, Address weights, Index stride, Index keyCount, Index firstKey, Address context, Index contextStride) =>
        new("column", "columns", 0, operands.Padded, TileColumns, Even: false,
        [
            new ProductTile("rows", "columns", keyCount, weights, stride, operands.Value + firstKey * operands.Padded + "column", operands.Padded, 16, operands.Zeros + "column", context + "column", contextStride),
        ]);
}
