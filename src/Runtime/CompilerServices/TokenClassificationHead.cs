using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The members that <see cref="TokenClassificationAttribute{TTag}"/> generates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TokenClassificationHead
{
    /// <summary>The words of a text with their tags.</summary>
    public static IReadOnlyList<TaggedToken<TTag>> Tag<TTag>(TextModel model, int head, string text) where TTag : struct, Enum =>
        TokenRows.One<TextTagDecoder<TTag>, string, IReadOnlyList<TaggedToken<TTag>>>(model, head, text);

    /// <summary>The words of many texts with their tags.</summary>
    public static IReadOnlyList<IReadOnlyList<TaggedToken<TTag>>> Tag<TTag>(TextModel model, int head, IReadOnlyList<string> texts, CancellationToken cancellationToken = default) where TTag : struct, Enum =>
        TokenRows.Many<TextTagDecoder<TTag>, string, IReadOnlyList<TaggedToken<TTag>>>(model, head, texts, cancellationToken);

    /// <summary>The given words with their tags, one each.</summary>
    public static IReadOnlyList<TaggedToken<TTag>> TagWords<TTag>(TextModel model, int head, IReadOnlyList<string> words) where TTag : struct, Enum =>
        TokenRows.One<WordTagDecoder<TTag>, IReadOnlyList<string>, IReadOnlyList<TaggedToken<TTag>>>(model, head, words);

    /// <summary>The words of many sentences with their tags, one each.</summary>
    public static IReadOnlyList<IReadOnlyList<TaggedToken<TTag>>> TagWords<TTag>(TextModel model, int head, IReadOnlyList<IReadOnlyList<string>> sentences, CancellationToken cancellationToken = default) where TTag : struct, Enum =>
        TokenRows.Many<WordTagDecoder<TTag>, IReadOnlyList<string>, IReadOnlyList<TaggedToken<TTag>>>(model, head, sentences, cancellationToken);

    /// <summary>The tag of each vector of a sequence.</summary>
    public static IReadOnlyList<Prediction<TTag>> Tag<TTag>(VectorModel model, int head, ReadOnlySpan<float> frames) where TTag : struct, Enum =>
        FrameTags.One<TTag>(model, head, frames);

    /// <summary>The tag of each vector of many sequences.</summary>
    public static IReadOnlyList<IReadOnlyList<Prediction<TTag>>> Tag<TTag>(VectorModel model, int head, IReadOnlyList<ReadOnlyMemory<float>> batch, CancellationToken cancellationToken = default) where TTag : struct, Enum =>
        FrameTags.Many<TTag>(model, head, batch, cancellationToken);

    /// <summary>How well the tags of words are found.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static ClassificationReport Evaluate<TTag>(TextModel model, int head, IEnumerable<TaggedSentence<TTag>> examples, CancellationToken cancellationToken = default) where TTag : struct, Enum =>
        TokenEvaluation.Tags(model, head, examples, cancellationToken);

    /// <summary>How well the tags of vectors are found.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static ClassificationReport Evaluate<TTag>(VectorModel model, int head, IEnumerable<TaggedVectors<TTag>> examples, CancellationToken cancellationToken = default) where TTag : struct, Enum =>
        TokenEvaluation.Tags(model, head, examples, cancellationToken);
}
