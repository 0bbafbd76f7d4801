using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>The backward pass of attention by head and text, for blocks of queries with all keys of the text.</summary>
/// <remarks>
/// Probabilities p are computed again from queries and keys, their dropout d from its numbers. With dc the gradient of the context:
/// dv = d(p)ᵀ · dc; dp = d(dc · vᵀ); ds = scale · p · (dp - sum(p · dp)); dq = ds · k; dk = dsᵀ · q.
/// </remarks>
internal sealed class AttentionGradientTiles(Layouts layouts, Schedule schedule, int mostKeys)
{
    private const int Lanes = 16;
    private const int Parts = 3;
    private static readonly Index TileColumns = new Index.TileColumns();
    private static readonly Index Head = "head";
    private static readonly Index Query = "query";

    public TileCall Lower(AttentionGradientKernel kernel)
    {
        CallBuilder call = new(layouts);
        int paddedHeadSize = Layouts.PaddedHeadSize(kernel.Queries);
        int keyRoom = (mostKeys + Lanes - 1) / Lanes * Lanes;
        (Index headStart, Index headEnd) = call.Share(Split.Heads);
        Index tokens = call.Count("tokenCount", PassField.TokenCount);
        Index texts = call.Count("textCount", PassField.TextCount);
        string textOffsets = call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in");
        Operands operands = new(
            Index.Named("HeadSize", kernel.Queries.Shape.Columns),
            Index.Named("PaddedHeadSize", paddedHeadSize),
            tokens,
            call.Read("queries", kernel.Queries, Split.Heads),
            call.Read("keys", kernel.Keys, Split.Heads),
            call.Read("values", kernel.TokenValues, Split.Heads),
            call.Read("contextGradient", kernel.ContextGradient, Split.Heads),
            Index.Named("ContextStride", layouts.RowStride(kernel.ContextGradient)),
            call.Write("y", kernel.Outputs[0], Split.Heads),
            Index.Named("YStride", layouts.RowStride(kernel.Outputs[0])),
            call.Scratch("keyPanels", (long)keyRoom * paddedHeadSize),
            call.Scratch("valuePanels", (long)keyRoom * paddedHeadSize),
            call.Scratch("keyBias", keyRoom),
            call.Scratch("zeros", Math.Max(paddedHeadSize, schedule.MostTileColumns)),
            call.Scratch("context", (long)schedule.GradientQueries * paddedHeadSize),
            call.Scratch("probabilities", (long)schedule.GradientQueries * keyRoom),
            call.Scratch("gradients", (long)schedule.GradientQueries * keyRoom),
            call.Scratch("turned", (long)keyRoom * schedule.GradientQueries));

        return call.Build("Attend", "All heads of the share for all texts.", Axis.Tokens, Split.Heads,
        [
            new Fill(operands.Zeros, Math.Max(paddedHeadSize, schedule.MostTileColumns), 0),
            new Loop("head", headStart, headEnd,
            [
                new Loop("text", 0, texts,
                [
                    new LetElement("first", textOffsets, "text"),
                    new LetElement("end", textOffsets, (Index)"text" + 1),
                    new Let("keyCount", (Index)"end" - "first"),
                    new Let("paddedKeys", Index.RoundUp("keyCount")),
                    new TransposeToPanels("keyCount", operands.Padded, operands.Keys + operands.RowOfHead("first"), operands.Padded, operands.KeyPanels),
                    new TransposeToPanels("keyCount", operands.Padded, operands.Values + operands.RowOfHead("first"), operands.Padded, operands.ValuePanels),
                    new Remark("Keys behind the text's end get no weight."),
                    new Fill(operands.KeyBias, "keyCount", 0),
                    new Fill(operands.KeyBias + "keyCount", (Index)"paddedKeys" - "keyCount", double.NegativeInfinity),
                    new Remark("Each block of queries adds to the gradients of the text's keys and values."),
                    new Loop("key", "first", "end", [new Fill(operands.Result("key", 1), (Index)2 * operands.Padded, 0)]),
                    new BlockLoop("query", "rows", "first", "end", Index.Named("QueryRows", schedule.GradientQueries), Even: true,
                    [
                        .. Probabilities(kernel, operands),
                        .. ValueGradients(call, kernel, operands),
                        .. ScoreGradients(call, kernel, operands),
                        .. QueryAndKeyGradients(operands),
                    ]),
                ]),
            ]),
        ]);
    }

    private sealed record Operands(
        Index HeadSize, Index Padded, Index Tokens,
        Address Queries, Address Keys, Address Values, Address ContextGradient, Index ContextStride, Address Y, Index YStride,
        Address KeyPanels, Address ValuePanels, Address KeyBias, Address Zeros, Address Context,
        Address Probabilities, Address Gradients, Address Turned)
    {
        /// <summary>Where a token's row of the head begins.</summary>
        public Index RowOfHead(Index token) => (Head * Tokens + token) * Padded;

        /// <summary>Where a token's gradient of queries (0), keys (1) or values (2) of the head begins.</summary>
        public Address Result(Index token, int part) => Y + token * YStride + (Head * Parts + part) * Padded;
    }

    private static Expression Element(string row, string column) => new Expression.Load(new Address(row, column));

    /// <summary>p of the block's queries and all keys.</summary>
    private static IEnumerable<Statement> Probabilities(AttentionGradientKernel kernel, Operands operands)
    {
        Expression scale = Expression.Named("Scale", kernel.Scale);
        yield return new Remark("Probabilities of these queries with all keys of the text.");
        yield return Product(operands.HeadSize, operands.Queries + operands.RowOfHead(Query), operands.KeyPanels, operands, operands.KeyBias + "key", operands.Probabilities);
        yield return new Loop("i", 0, "rows",
        [
            new LetRow("row", operands.Probabilities + (Index)"i" * "paddedKeys"),
            new Reduce("largest", ReduceKind.Max, "key", "paddedKeys", Element("row", "key")),
            new Define("shift", 0.0 - (Expression)"largest" * scale),
            new Map("key", "paddedKeys", new Address("row", 0), Expression.Apply(UnaryFunction.Exp, Expression.MultiplyAdd(Element("row", "key"), scale, "shift")), Sum: "sum"),
            new Define("inverse", 1.0 / (Expression)"sum"),
            new Map("key", "paddedKeys", new Address("row", 0), Element("row", "key") * "inverse"),
        ]);
    }

    /// <summary>dv += d(p)ᵀ · dc.</summary>
    private IEnumerable<Statement> ValueGradients(CallBuilder call, AttentionGradientKernel kernel, Operands operands)
    {
        yield return new Remark("The head's columns of the context's gradient, zeros behind them.");
        List<Statement> copy = [new LetRow("target", operands.Context + (Index)"i" * operands.Padded), new Copy(new Address("target", 0), operands.ContextGradient + (Query + "i") * operands.ContextStride + Head * operands.HeadSize, operands.HeadSize)];
        if (((Index.Number)operands.HeadSize).Value != ((Index.Number)operands.Padded).Value)
        {
            copy.Add(new Fill(new Address("target", operands.HeadSize), operands.Padded - operands.HeadSize, 0));
        }

        yield return new Loop("i", 0, "rows", [.. copy]);
        yield return new Remark("Values: the probabilities that dropout left, turned.");
        Address left = operands.Probabilities;
        if (kernel.Dropout is not null)
        {
            left = operands.Gradients;
            yield return new Loop("i", 0, "rows",
            [
                new LetRow("row", left + (Index)"i" * "paddedKeys"),
                new Copy(new Address("row", 0), operands.Probabilities + (Index)"i" * "paddedKeys", "paddedKeys"),
                Dropout(call, kernel),
            ]);
        }

        yield return Turn(left, operands);
        yield return AddProduct(operands, operands.Context, 2);
    }

    /// <summary>ds of the block in place of dp.</summary>
    private static IEnumerable<Statement> ScoreGradients(CallBuilder call, AttentionGradientKernel kernel, Operands operands)
    {
        Expression scale = Expression.Named("Scale", kernel.Scale);
        yield return new Remark("Gradients of the probabilities, then of the scores.");
        yield return Product(operands.HeadSize, operands.Context, operands.ValuePanels, operands, operands.Zeros, operands.Gradients);
        yield return new Loop("i", 0, "rows",
        [
            new LetRow("row", operands.Gradients + (Index)"i" * "paddedKeys"),
            new LetRow("weights", operands.Probabilities + (Index)"i" * "paddedKeys"),
            .. kernel.Dropout is null ? [] : new[] { Dropout(call, kernel) },
            new Reduce("sum", ReduceKind.Sum, "key", "paddedKeys", Element("weights", "key") * Element("row", "key")),
            new Map("key", "paddedKeys", new Address("row", 0), (Element("row", "key") - "sum") * (Element("weights", "key") * scale)),
        ]);
    }

    /// <summary>dq = ds · k; dk += dsᵀ · q.</summary>
    private IEnumerable<Statement> QueryAndKeyGradients(Operands operands)
    {
        yield return new Remark("Queries.");
        yield return new BlockLoop("column", "columns", 0, operands.Padded, TileColumns, Even: false,
        [
            new ProductTile(
                "rows", "columns", "keyCount", operands.Gradients, "paddedKeys",
                operands.Keys + operands.RowOfHead("first") + "column", operands.Padded, Lanes,
                operands.Zeros, operands.Result(Query, 0) + "column", operands.YStride),
        ]);
        yield return new Remark("Keys.");
        yield return Turn(operands.Gradients, operands);
        yield return AddProduct(operands, operands.Queries + operands.RowOfHead(Query), 1);
    }

    private static DropoutRow Dropout(CallBuilder call, AttentionGradientKernel kernel)
    {
        Value dropped = kernel.Values.First(value => value.Operator is Dropout);
        (DropoutNames names, Index number) = call.Dropout(dropped, Axis.Tokens, Query + "i");
        return new DropoutRow(new Address("row", 0), "keyCount", names, Head * AttentionTiles.HeadPlaces, number);
    }

    /// <summary>rows · panels for all keys.</summary>
    private static BlockLoop Product(Index inner, Address rows, Address panels, Operands operands, Address bias, Address result) =>
        new("key", "columns", 0, "paddedKeys", TileColumns, Even: false,
        [
            new ProductTile("rows", "columns", inner, rows, operands.Padded, panels + (Index)"key" * operands.Padded, Lanes, (Index)Lanes * operands.Padded, bias, result + "key", "paddedKeys"),
        ]);

    private TransposeTile Turn(Address rows, Operands operands) =>
        new("rows", "keyCount", rows, "paddedKeys", operands.Turned, Index.Named("QueryRows", schedule.GradientQueries));

    /// <summary>The turned block times rows of the queries' tokens, added to a part of the result.</summary>
    private BlockLoop AddProduct(Operands operands, Address rows, int part) =>
        new("column", "columns", 0, operands.Padded, TileColumns, Even: false,
        [
            new ProductAddTile(
                "keyCount", "columns", "rows", operands.Turned, Index.Named("QueryRows", schedule.GradientQueries),
                rows + "column", operands.Padded, Lanes,
                operands.Result("first", part) + "column", operands.YStride),
        ]);
}
