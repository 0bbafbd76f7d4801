using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tiles;

/// <summary>Losses and the gradients of their logits, in the logits' place.</summary>
/// <remarks>
/// A row's weight multiplies both; what the mean is over is worked into it by the caller. The loss of a row with several outputs of their own is the
/// sum over them. Columns behind the outputs become zeros.
/// </remarks>
internal sealed class LossTiles(Layouts layouts)
{
    private const int Lanes = 16;

    public TileCall Lower(LossKernel kernel) => kernel.Kind switch
    {
        LossKind.CrossEntropy => CrossEntropy(kernel),
        LossKind.BinaryCrossEntropy => EachOutput(kernel, Logistic),
        LossKind.SquaredError => EachOutput(kernel, Squared),
        LossKind.AnswerSpan => AnswerSpan(kernel),
        _ => throw new NotSupportedException($"Unknown loss {kernel.Kind}."),
    };

    private static readonly Address Row = new("row", 0);

    private static Expression Element => RowProgram.Element(Row);

    private static Expression Loaded(string pointer, Index offset) => new Expression.Load(new Address(pointer, offset));

    private sealed record Head(CallBuilder Call, Index RowStart, Index RowEnd, Address Logits, Index Stride, Index Outputs);

    /// <summary>What every loss takes.</summary>
    private Head Declare(LossKernel kernel, bool isOfRows)
    {
        CallBuilder call = new(layouts);
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        int outputs = kernel.Logits.Shape.Columns;
        Address logits = call.Write("logits", kernel.Outputs[0], isOfRows ? Split.Rows : null);
        return new Head(call, rowStart, rowEnd, logits, Index.Named("Stride", layouts.RowStride(kernel.Logits)), Index.Named("Outputs", outputs));
    }

    private static IEnumerable<Statement> Padding(Head head, Index row)
    {
        long padding = ((Index.Number)head.Stride).Value - ((Index.Number)head.Outputs).Value;
        return padding == 0 ? [] : [new Fill(head.Logits + row * head.Stride + head.Outputs, padding, 0)];
    }

    /// <summary>-log softmax of the class; with smoothing s, of (1 - s) of the class and s spread over all.</summary>
    private TileCall CrossEntropy(LossKernel kernel)
    {
        Head head = Declare(kernel, isOfRows: true);
        CallBuilder call = head.Call;
        string classes = call.Target("classes", kernel.Head, TargetField.Classes);
        string weights = call.Target("weights", kernel.Head, TargetField.Weights);
        string losses = call.Target("losses", kernel.Head, TargetField.Losses);
        string hits = call.Target("hits", kernel.Head, TargetField.Hits);
        string smoothing = call.Target("smoothing", kernel.Head, TargetField.Smoothing);
        Expression outputs = Expression.Named("Outputs", ((Index.Number)head.Outputs).Value);
        Expression weight = "weight";
        return call.Build("Run", "Rows of the share, in place.", kernel.Logits.Shape.Rows, Split.Rows,
        [
            new Loop("item", head.RowStart, head.RowEnd,
            [
                new LetRow("row", head.Logits + (Index)"item" * head.Stride),
                new LetElement("target", classes, "item"),
                new LoadNumber("weight", new Address(weights, "item")),
                new LoadNumber("own", Row + "target"),
                new Reduce("largest", ReduceKind.Max, "column", head.Outputs, Element),
                new Reduce("total", ReduceKind.Sum, "column", head.Outputs, Element),
                new Map("column", head.Outputs, Row, Expression.Apply(UnaryFunction.Exp, Element - "largest"), IsExact: true, Sum: "sum"),
                new Remark("The logarithm of the sum of exponentials, less what the target gives."),
                new Define("spread", (Expression)smoothing / outputs),
                new Define("expected", (1.0 - (Expression)smoothing) * "own" + (Expression)"spread" * "total"),
                new Define("loss", weight * ((Expression)"largest" + Expression.Apply(UnaryFunction.Log, "sum") - "expected")),
                new StoreNumber(new Address(losses, "item"), "loss"),
                new WhenGiven(hits, [new Define("hit", Expression.AtLeast("own", "largest")), new StoreNumber(new Address(hits, "item"), "hit")]),
                new Remark("Probabilities less the target's."),
                new Define("share", weight / "sum"),
                new Define("everywhere", weight * "spread"),
                new Map("column", head.Outputs, Row, Element * "share" - "everywhere", IsExact: true),
                new Define("gradient", Loaded("row", "target") - weight * (1.0 - (Expression)smoothing)),
                new StoreNumber(Row + "target", "gradient"),
                .. Padding(head, "item"),
            ]),
        ]);
    }

    private delegate (Expression Loss, Expression Gradient) OutputLoss(Expression x, Expression target);

    // log(1 + exp(x)) - target · x, without an exponential that could grow beyond all bounds.
    private static (Expression, Expression) Logistic(Expression x, Expression target) =>
        (Expression.Max(x, 0.0) - x * target + Expression.Apply(UnaryFunction.Log, 1.0 + Expression.Apply(UnaryFunction.Exp, 0.0 - Expression.Max(x, 0.0 - x))),
         1.0 / (1.0 + Expression.Apply(UnaryFunction.Exp, 0.0 - x)) - target);

    private static (Expression, Expression) Squared(Expression x, Expression target) => ((x - target) * (x - target), 2.0 * (x - target));

    /// <summary>A loss for each output by itself.</summary>
    private TileCall EachOutput(LossKernel kernel, OutputLoss lossOf)
    {
        Head head = Declare(kernel, isOfRows: true);
        CallBuilder call = head.Call;
        string values = call.Target("values", kernel.Head, TargetField.Values);
        string weights = call.Target("weights", kernel.Head, TargetField.Weights);
        string losses = call.Target("losses", kernel.Head, TargetField.Losses);
        int outputs = kernel.Logits.Shape.Columns;
        Address parts = call.Scratch("parts", (outputs + Lanes - 1) / Lanes * Lanes);
        (Expression loss, Expression gradient) = lossOf("x", "target");
        return call.Build("Run", "Rows of the share, in place.", kernel.Logits.Shape.Rows, Split.Rows,
        [
            new Loop("item", head.RowStart, head.RowEnd,
            [
                new LetRow("row", head.Logits + (Index)"item" * head.Stride),
                new LoadNumber("weight", new Address(weights, "item")),
                new Loop("output", 0, head.Outputs,
                [
                    new LoadNumber("x", Row + "output"),
                    new LoadNumber("target", new Address(values, (Index)"item" * head.Outputs + "output")),
                    new Define("part", loss),
                    new StoreNumber(parts + "output", "part"),
                    new Define("gradient", (Expression)"weight" * gradient),
                    new StoreNumber(Row + "output", "gradient"),
                ]),
                new Reduce("sum", ReduceKind.Sum, "column", head.Outputs, RowProgram.Element(parts)),
                new Define("loss", (Expression)"weight" * "sum"),
                new StoreNumber(new Address(losses, "item"), "loss"),
                .. Padding(head, "item"),
            ]),
        ]);
    }

    /// <summary>Softmax over the tokens of a text, for its start and for its end; the loss is the mean of both.</summary>
    private TileCall AnswerSpan(LossKernel kernel)
    {
        Head head = Declare(kernel, isOfRows: false);
        CallBuilder call = head.Call;
        string textOffsets = call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in");
        string classes = call.Target("classes", kernel.Head, TargetField.Classes);
        string weights = call.Target("weights", kernel.Head, TargetField.Weights);
        string losses = call.Target("losses", kernel.Head, TargetField.Losses);
        string hits = call.Target("hits", kernel.Head, TargetField.Hits);
        Address side = call.Scratch("row", MostTokens);
        Address results = call.Scratch("results", Lanes);
        Index token = ((Index)"first" + "token") * head.Stride + "side";
        return call.Build("Run", "Texts of the share, in place.", Axis.Texts, Split.Rows,
        [
            new Loop("text", head.RowStart, head.RowEnd,
            [
                new LetElement("first", textOffsets, "text"),
                new LetElement("end", textOffsets, (Index)"text" + 1),
                new Let("count", (Index)"end" - "first"),
                new Let("padded", Index.RoundUp("count")),
                new LoadNumber("weight", new Address(weights, "text")),
                new Define("half", 0.5 * (Expression)"weight"),
                new Loop("side", 0, 2,
                [
                    new LetElement("target", classes, (Index)"text" * 2 + "side"),
                    new Loop("token", 0, "count", [new LoadNumber("logit", head.Logits + token), new StoreNumber(side + "token", "logit")]),
                    new Fill(side + "count", (Index)"padded" - "count", double.NegativeInfinity),
                    new LoadNumber("own", side + "target"),
                    new Reduce("largest", ReduceKind.Max, "column", "padded", RowProgram.Element(side)),
                    new Map("column", "padded", side, Expression.Apply(UnaryFunction.Exp, RowProgram.Element(side) - "largest"), Sum: "sum"),
                    new Define("loss", (Expression)"largest" + Expression.Apply(UnaryFunction.Log, "sum") - "own"),
                    new StoreNumber(results + "side", "loss"),
                    new Define("hit", Expression.AtLeast("own", "largest")),
                    new StoreNumber(results + 2 + "side", "hit"),
                    new Define("share", (Expression)"half" / "sum"),
                    new Loop("token", 0, "count",
                    [
                        new LoadNumber("power", side + "token"),
                        new Define("gradient", (Expression)"power" * "share"),
                        new StoreNumber(head.Logits + token, "gradient"),
                    ]),
                    new LetRow("place", head.Logits + ((Index)"first" + "target") * head.Stride + "side"),
                    new LoadNumber("probability", new Address("place", 0)),
                    new Define("difference", (Expression)"probability" - "half"),
                    new StoreNumber(new Address("place", 0), "difference"),
                ]),
                new Define("total", (Expression)"half" * (Loaded("results", 0) + Loaded("results", 1))),
                new StoreNumber(new Address(losses, "text"), "total"),
                new WhenGiven(hits, [new Define("both", Loaded("results", 2) * Loaded("results", 3)), new StoreNumber(new Address(hits, "text"), "both")]),
                new Loop("token", 0, "count", [.. Padding(head, (Index)"first" + "token")]),
            ]),
        ]);
    }

    /// <summary>Room for the tokens of a text.</summary>
    public required int MostTokens { private get; init; }
}
