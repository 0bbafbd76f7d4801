using BertGen.Generator.Operators;

namespace BertGen.Generator.Tests.Compiler.Differentiation;

/// <summary>The losses and their gradients, each from its definition.</summary>
internal static class Losses
{
    /// <summary>Sum of the rows' losses, each times its weight.</summary>
    public static double Of(LossGradient loss, Tensor logits, TextChunk chunk)
    {
        LossTargets targets = chunk.Targets[loss.Head];
        return loss.Kind switch
        {
            LossKind.CrossEntropy => Rows(logits).Sum(row => targets.Weights[row] * CrossEntropy(logits.Row(row), Target(logits.Columns, targets.Classes[row], targets.Smoothing))),
            LossKind.BinaryCrossEntropy => Rows(logits).Sum(row => targets.Weights[row] * Columns(logits).Sum(column => BinaryCrossEntropy(logits[row, column], targets.Values[row * logits.Columns + column]))),
            LossKind.SquaredError => Rows(logits).Sum(row => targets.Weights[row] * Columns(logits).Sum(column => Math.Pow(logits[row, column] - targets.Values[row * logits.Columns + column], 2))),
            LossKind.AnswerSpan => Spans(chunk).Sum(span => targets.Weights[span.Text] / 2 * CrossEntropy(span.Of(logits), Target(span.Length, targets.Classes[2 * span.Text + span.End], 0))),
            _ => throw new NotSupportedException($"Unknown loss {loss.Kind}."),
        };
    }

    public static Tensor Gradient(LossGradient loss, Tensor logits, TextChunk chunk)
    {
        LossTargets targets = chunk.Targets[loss.Head];
        Tensor gradient = new(logits.Sizes);
        switch (loss.Kind)
        {
            case LossKind.CrossEntropy:
                foreach (int row in Rows(logits))
                {
                    gradient.AddRow(row, Difference(logits.Row(row), Target(logits.Columns, targets.Classes[row], targets.Smoothing), targets.Weights[row]));
                }

                return gradient;
            case LossKind.BinaryCrossEntropy:
                foreach (int row in Rows(logits))
                {
                    gradient.AddRow(row, Columns(logits).Select(column => targets.Weights[row] * (1 / (1 + Math.Exp(-logits[row, column])) - targets.Values[row * logits.Columns + column])));
                }

                return gradient;
            case LossKind.SquaredError:
                foreach (int row in Rows(logits))
                {
                    gradient.AddRow(row, Columns(logits).Select(column => targets.Weights[row] * 2 * (logits[row, column] - targets.Values[row * logits.Columns + column])));
                }

                return gradient;
            case LossKind.AnswerSpan:
                foreach (Span span in Spans(chunk))
                {
                    double[] difference = Difference(span.Of(logits), Target(span.Length, targets.Classes[2 * span.Text + span.End], 0), targets.Weights[span.Text] / 2);
                    for (int i = 0; i < difference.Length; i++)
                    {
                        gradient[span.First + i, span.End] = difference[i];
                    }
                }

                return gradient;
            default:
                throw new NotSupportedException($"Unknown loss {loss.Kind}.");
        }
    }

    /// <summary>One end of the answer in one text: a column of the logits of its tokens.</summary>
    private sealed record Span(int Text, int End, int First, int Length)
    {
        public double[] Of(Tensor logits) => [.. Enumerable.Range(First, Length).Select(token => logits[token, End])];
    }

    private static IEnumerable<Span> Spans(TextChunk chunk) =>
        chunk.Lengths.SelectMany((length, text) => new[] { 0, 1 }.Select(end => new Span(text, end, chunk.Offsets[text], length)));

    private static IEnumerable<int> Rows(Tensor logits) => Enumerable.Range(0, logits.Rows);

    private static IEnumerable<int> Columns(Tensor logits) => Enumerable.Range(0, logits.Columns);

    /// <summary>The right output, with a share of the target spread over all of them.</summary>
    private static double[] Target(int outputs, int right, double smoothing) =>
        [.. Enumerable.Range(0, outputs).Select(output => (output == right ? 1 - smoothing : 0) + smoothing / outputs)];

    private static double CrossEntropy(double[] logits, double[] target)
    {
        double largest = logits.Max();
        double logSum = largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest)));
        return logits.Zip(target, (logit, share) => share * (logSum - logit)).Sum();
    }

    private static double BinaryCrossEntropy(double logit, double target) =>
        Math.Max(logit, 0) - logit * target + Math.Log(1 + Math.Exp(-Math.Abs(logit)));

    private static double[] Difference(double[] logits, double[] target, double weight)
    {
        double largest = logits.Max();
        double sum = logits.Sum(logit => Math.Exp(logit - largest));
        return [.. logits.Zip(target, (logit, share) => weight * (Math.Exp(logit - largest) / sum - share))];
    }
}
