using BertGen.Data;

namespace BertGen;

/// <summary>An answer as it stands in a passage.</summary>
/// <param name="Text">The answer.</param>
/// <param name="Start">Its start in UTF-16, in the passage as given.</param>
public sealed record AnswerSpan(string Text, int Start)
{
    /// <summary>The answer.</summary>
    public string Text { get; } = !string.IsNullOrWhiteSpace(Text) ? Text : throw new ArgumentException("The answer is empty. A question without an answer has an empty list of answers.", nameof(Text));

    /// <summary>Its start in UTF-16, in the passage as given.</summary>
    public int Start { get; } = Start;

    /// <summary>The position after its last UTF-16 code unit.</summary>
    public int End => Start + Text.Length;

    /// <summary>An answer whose start counts characters (Unicode code points), as the files of SQuAD do.</summary>
    /// <param name="passage">The passage.</param>
    /// <param name="text">The answer.</param>
    /// <param name="start">Characters of the passage before it.</param>
    /// <exception cref="ArgumentOutOfRangeException">The passage has fewer characters.</exception>
    public static AnswerSpan AtCharacter(string passage, string text, int start)
    {
        ArgumentNullException.ThrowIfNull(passage);
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        int at = 0;
        for (int i = 0; i < start; i++)
        {
            if (at == passage.Length)
            {
                throw new ArgumentOutOfRangeException(nameof(start), start, $"The passage has {i} characters.");
            }

            at += at + 1 < passage.Length && char.IsSurrogatePair(passage[at], passage[at + 1]) ? 2 : 1;
        }

        return new AnswerSpan(text, at);
    }
}

/// <summary>A question about a passage, with every answer that counts as right.</summary>
/// <param name="Question">The question.</param>
/// <param name="Passage">The passage.</param>
/// <param name="Answers">The answers as they stand in the passage; none where it does not answer the question. Training learns the first that stands in what the model sees.</param>
/// <exception cref="ArgumentException">An answer does not stand where it says.</exception>
public sealed record QuestionExample(string Question, string Passage, IReadOnlyList<AnswerSpan> Answers)
{
    /// <summary>The question.</summary>
    public string Question { get; } = ExampleChecks.Text(Question, nameof(Question));

    /// <summary>The passage.</summary>
    public string Passage { get; } = ExampleChecks.Text(Passage, nameof(Passage));

    /// <summary>The answers as they stand in the passage.</summary>
    public IReadOnlyList<AnswerSpan> Answers { get; } = Check(Answers, Passage);

    private static AnswerSpan[] Check(IReadOnlyList<AnswerSpan> answers, string passage)
    {
        ArgumentNullException.ThrowIfNull(answers, nameof(Answers));
        AnswerSpan[] all = [.. answers];
        foreach (AnswerSpan answer in all)
        {
            ArgumentNullException.ThrowIfNull(answer, nameof(Answers));
            bool isInside = answer.Start >= 0 && answer.Start <= passage.Length - answer.Text.Length;
            if (!isInside || !passage.AsSpan(answer.Start, answer.Text.Length).SequenceEqual(answer.Text))
            {
                string there = isInside ? $"'{passage.AsSpan(answer.Start, answer.Text.Length)}'" : $"beyond the passage of {passage.Length} UTF-16 code units";
                int found = passage.IndexOf(answer.Text, StringComparison.Ordinal);
                string wayOut = found < 0 ? "The passage does not have it at all." : $"It stands at {found}; AnswerSpan.AtCharacter converts starts that count code points.";
                throw new ArgumentException($"The answer '{answer.Text}' should stand at {answer.Start}, which is {there}. {wayOut}", nameof(Answers));
            }
        }

        return all;
    }
}
