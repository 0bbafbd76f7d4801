using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The members that <see cref="NextSentencePredictionAttribute"/> generates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class NextSentencePredictionHead
{
    /// <summary>Probability that the second text follows the first (output 0 of the published head).</summary>
    public static float NextSentenceProbability(TextModel model, int head, string first, string second)
    {
        ArgumentNullException.ThrowIfNull(second);
        return TextRows.One<NextSentenceDecoder, float>(model, head, first, second);
    }

    /// <summary>The same for many pairs.</summary>
    public static IReadOnlyList<float> NextSentenceProbability(TextModel model, int head, IReadOnlyList<(string First, string Second)> pairs, CancellationToken cancellationToken = default) =>
        TextRows.Many<NextSentenceDecoder, float>(model, head, TextSource.Of(pairs), cancellationToken);

    /// <summary>How well it is told whether a second segment follows the first, over the texts of a corpus; the length is 128 tokens where nothing is said.</summary>
    public static ClassificationReport EvaluateNextSentence(TextModel model, int head, PretrainingCorpus corpus, int? length = null, long seed = 0, CancellationToken cancellationToken = default) =>
        PretrainingEvaluation.NextSentences(model, head, corpus, length, seed, cancellationToken);
}
