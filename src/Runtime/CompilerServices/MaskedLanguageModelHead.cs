using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The members that <see cref="MaskedLanguageModelAttribute"/> generates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MaskedLanguageModelHead
{
    /// <summary>The most probable tokens for the only mask of a text, best first.</summary>
    public static IReadOnlyList<MaskCandidate> FillMask(TextModel model, int head, string text, int top = 5) =>
        MaskFiller.Fill(model.Loaded, head, text, top, exactlyOne: true)[0];

    /// <summary>The most probable tokens for each mask of a text.</summary>
    public static IReadOnlyList<IReadOnlyList<MaskCandidate>> FillMasks(TextModel model, int head, string text, int top = 5) =>
        MaskFiller.Fill(model.Loaded, head, text, top, exactlyOne: false);

    /// <summary>How well words of a corpus are predicted, each of its texts once; the length is 128 tokens where nothing is said.</summary>
    public static MaskedLanguageModelReport Evaluate(TextModel model, int head, PretrainingCorpus corpus, MaskingOptions? masking = null, int? length = null, long seed = 0, CancellationToken cancellationToken = default) =>
        PretrainingEvaluation.Words(model, head, corpus, masking, length, seed, cancellationToken);
}
