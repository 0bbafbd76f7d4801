using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The members that <see cref="QuestionAnsweringAttribute"/> generates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class QuestionAnsweringHead
{
    /// <summary>Most answers of one call: each candidate is compared with all that are kept.</summary>
    private const int MostAnswers = 1000;

    /// <summary>The best answer in the passage.</summary>
    public static Answer Answer(TextModel model, int head, string question, string passage) => Answers(model, head, question, passage, top: 1)[0];

    /// <summary>The best answers in the passage, best first. With <c>NoAnswer = true</c> "no answer" stands among them where its score puts it.</summary>
    public static IReadOnlyList<Answer> Answers(TextModel model, int head, string question, string passage, int top)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentNullException.ThrowIfNull(passage);
        if (top is < 1 or > MostAnswers)
        {
            throw new ArgumentOutOfRangeException(nameof(top), top, $"Ask for 1 to {MostAnswers} answers.");
        }

        LoadedModel loaded = model.Loaded;
        TextBatch batch = loaded.BeginText();
        try
        {
            batch.Add(loaded.Tokenizer!, question, passage, loaded.LimitsFor(HeadKind.QuestionAnswering));
            loaded.Run(batch, head, CancellationToken.None);
            return AnswerFinder.Find(batch, 0, passage, loaded.Definition.Heads[head], top);
        }
        finally
        {
            loaded.EndText(batch);
        }
    }

    /// <summary>How well questions are answered.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static AnswerReport Evaluate(TextModel model, int head, IEnumerable<QuestionExample> examples, CancellationToken cancellationToken = default) =>
        AnswerEvaluation.Run(model, head, examples, cancellationToken);
}
