using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The members that <see cref="SequenceRegressionAttribute"/> generates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SequenceRegressionHead
{
    /// <summary>The score of a text.</summary>
    public static float Score(TextModel model, int head, string text) => TextRows.One<ScoreDecoder, float>(model, head, text, null);

    /// <summary>The score of a pair.</summary>
    public static float Score(TextModel model, int head, string first, string second)
    {
        ArgumentNullException.ThrowIfNull(second);
        return TextRows.One<ScoreDecoder, float>(model, head, first, second);
    }

    /// <summary>The scores of many texts.</summary>
    public static IReadOnlyList<float> Score(TextModel model, int head, IReadOnlyList<string> texts, CancellationToken cancellationToken = default) =>
        TextRows.Many<ScoreDecoder, float>(model, head, TextSource.Of(texts), cancellationToken);

    /// <summary>The scores of many pairs.</summary>
    public static IReadOnlyList<float> Score(TextModel model, int head, IReadOnlyList<(string First, string Second)> pairs, CancellationToken cancellationToken = default) =>
        TextRows.Many<ScoreDecoder, float>(model, head, TextSource.Of(pairs), cancellationToken);

    /// <summary>The passages by their score beside the query, best first; equal scores keep their order.</summary>
    public static IReadOnlyList<RankedPassage> Rerank(TextModel model, int head, string query, IReadOnlyList<string> passages, CancellationToken cancellationToken = default)
    {
        float[] scores = TextRows.Many<ScoreDecoder, float>(model, head, TextSource.Of(query, passages), cancellationToken);
        RankedPassage[] ranked = new RankedPassage[scores.Length];
        for (int i = 0; i < scores.Length; i++)
        {
            ranked[i] = new RankedPassage(i, scores[i]);
        }

        Array.Sort(ranked, static (a, b) => a.Score == b.Score ? a.Index.CompareTo(b.Index) : b.Score.CompareTo(a.Score));
        return ranked;
    }

    /// <summary>The score of a sequence of vectors.</summary>
    public static float Score(VectorModel model, int head, ReadOnlySpan<float> frames) => VectorRows.One<ScoreDecoder, float>(model, head, frames);

    /// <summary>The scores of many sequences of vectors.</summary>
    public static IReadOnlyList<float> Score(VectorModel model, int head, IReadOnlyList<ReadOnlyMemory<float>> batch, CancellationToken cancellationToken = default) =>
        VectorRows.Many<ScoreDecoder, float>(model, head, batch, cancellationToken);

    /// <summary>How near the scores of texts and pairs come to what is right.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static RegressionReport Evaluate(TextModel model, int head, IEnumerable<ScoredText> examples, CancellationToken cancellationToken = default) =>
        SequenceEvaluation.Scores(model, head, examples, cancellationToken);

    /// <summary>How near the scores of sequences of vectors come to what is right.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static RegressionReport Evaluate(VectorModel model, int head, IEnumerable<ScoredVectors> examples, CancellationToken cancellationToken = default) =>
        SequenceEvaluation.Scores(model, head, examples, cancellationToken);
}
