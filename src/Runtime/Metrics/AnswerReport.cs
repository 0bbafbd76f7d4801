using System.Globalization;

namespace BertGen;

/// <summary>How well questions were answered, as SQuAD measures it.</summary>
/// <remarks>Of several right answers the best counts. Where a question has no answer, saying so counts 1 and everything else 0.</remarks>
public sealed class AnswerReport
{
    internal AnswerReport(int count, int noAnswerCount, double exact, double f1, int noAnswerCorrect)
    {
        Count = count;
        NoAnswerCount = noAnswerCount;
        ExactMatch = (exact + noAnswerCorrect) / count;
        F1 = (f1 + noAnswerCorrect) / count;
        int answered = count - noAnswerCount;
        HasAnswerExactMatch = answered == 0 ? 0 : exact / answered;
        HasAnswerF1 = answered == 0 ? 0 : f1 / answered;
        NoAnswerAccuracy = LabelMetrics.Ratio(noAnswerCorrect, noAnswerCount);
    }

    /// <summary>Number of questions.</summary>
    public int Count { get; }

    /// <summary>Number of questions without an answer.</summary>
    public int NoAnswerCount { get; }

    /// <summary>The share of the questions with exactly a right answer, but for case, punctuation, articles and white space.</summary>
    public double ExactMatch { get; }

    /// <summary>The mean F1 of the answers' words; of Chinese answers, of their characters.</summary>
    public double F1 { get; }

    /// <summary><see cref="ExactMatch"/> of the questions with an answer; 0 where there are none.</summary>
    public double HasAnswerExactMatch { get; }

    /// <summary><see cref="F1"/> of the questions with an answer; 0 where there are none.</summary>
    public double HasAnswerF1 { get; }

    /// <summary>The share of the questions without an answer of which the model said so; 0 where there are none.</summary>
    public double NoAnswerAccuracy { get; }

    /// <summary>The report in a line.</summary>
    public override string ToString()
    {
        string head = string.Create(CultureInfo.InvariantCulture, $"exact match {ExactMatch:F4}, F1 {F1:F4}, {Count} questions");
        return NoAnswerCount == 0 ? head : string.Create(CultureInfo.InvariantCulture,
            $"{head}; with an answer: exact match {HasAnswerExactMatch:F4}, F1 {HasAnswerF1:F4}; {NoAnswerCount} without: accuracy {NoAnswerAccuracy:F4}");
    }
}

/// <summary>Collects what an <see cref="AnswerReport"/> says.</summary>
internal sealed class AnswerTally
{
    private int _count;
    private int _noAnswer;
    private int _noAnswerCorrect;
    private double _exact;
    private double _f1;

    /// <summary>Adds a question: what was answered, empty for "no answer", and every right answer.</summary>
    public void Add(string predicted, IReadOnlyList<AnswerSpan> right)
    {
        _count++;
        if (right.Count == 0)
        {
            _noAnswer++;
            _noAnswerCorrect += predicted.Length == 0 ? 1 : 0;
            return;
        }

        double exact = 0, f1 = 0;
        foreach (AnswerSpan answer in right)
        {
            (double answerExact, double answerF1) = AnswerComparison.Compare(predicted, answer.Text);
            exact = Math.Max(exact, answerExact);
            f1 = Math.Max(f1, answerF1);
        }

        _exact += exact;
        _f1 += f1;
    }

    public AnswerReport Report() => new(_count, _noAnswer, _exact, _f1, _noAnswerCorrect);
}
