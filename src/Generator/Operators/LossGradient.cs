using BertGen.Generator.Graphs;

namespace BertGen.Generator.Operators;

/// <summary>The loss of a head.</summary>
internal enum LossKind
{
    /// <summary>Softmax and cross-entropy with a class for each row: classes, tags, vocabulary, next sentence.</summary>
    CrossEntropy,

    /// <summary>A sigmoid and cross-entropy for each output, summed over the outputs: several labels; a score between 0 and 1.</summary>
    BinaryCrossEntropy,

    /// <summary>(x - target)²: scores.</summary>
    SquaredError,

    /// <summary>Softmax over the tokens of a text, for start and for end; the mean of both cross-entropies: answers.</summary>
    AnswerSpan,
}

/// <summary>dlogits of a head's loss; the losses themselves go to the caller.</summary>
/// <remarks>logits and result: [rows, outputs], f32. Targets and the weight of each row, with every mean worked in, come with the pass.</remarks>
internal sealed record LossGradient(LossKind Kind, int Head) : Operator
{
    public override string Attributes => $"{Kind}, head {Head}";

    public override Shape Infer(IReadOnlyList<Shape> inputs) => inputs[0];

    public override Cost CostOf(Value output) => new(5L * output.Shape.Columns);
}
