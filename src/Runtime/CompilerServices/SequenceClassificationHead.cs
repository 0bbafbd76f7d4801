using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The members that <see cref="SequenceClassificationAttribute{TLabel}"/> generates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class SequenceClassificationHead
{
    /// <summary>The class of a text.</summary>
    public static Prediction<TLabel> Classify<TLabel>(TextModel model, int head, string text) where TLabel : struct, Enum =>
        TextRows.One<ClassDecoder<TLabel>, Prediction<TLabel>>(model, head, text, null);

    /// <summary>The class of a pair.</summary>
    public static Prediction<TLabel> Classify<TLabel>(TextModel model, int head, string first, string second) where TLabel : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(second);
        return TextRows.One<ClassDecoder<TLabel>, Prediction<TLabel>>(model, head, first, second);
    }

    /// <summary>The classes of many texts.</summary>
    public static IReadOnlyList<Prediction<TLabel>> Classify<TLabel>(TextModel model, int head, IReadOnlyList<string> texts, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        TextRows.Many<ClassDecoder<TLabel>, Prediction<TLabel>>(model, head, TextSource.Of(texts), cancellationToken);

    /// <summary>The classes of many pairs.</summary>
    public static IReadOnlyList<Prediction<TLabel>> Classify<TLabel>(TextModel model, int head, IReadOnlyList<(string First, string Second)> pairs, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        TextRows.Many<ClassDecoder<TLabel>, Prediction<TLabel>>(model, head, TextSource.Of(pairs), cancellationToken);

    /// <summary>The class of a sequence of vectors.</summary>
    public static Prediction<TLabel> Classify<TLabel>(VectorModel model, int head, ReadOnlySpan<float> frames) where TLabel : struct, Enum =>
        VectorRows.One<ClassDecoder<TLabel>, Prediction<TLabel>>(model, head, frames);

    /// <summary>The classes of many sequences of vectors.</summary>
    public static IReadOnlyList<Prediction<TLabel>> Classify<TLabel>(VectorModel model, int head, IReadOnlyList<ReadOnlyMemory<float>> batch, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        VectorRows.Many<ClassDecoder<TLabel>, Prediction<TLabel>>(model, head, batch, cancellationToken);

    /// <summary>How well the classes of texts and pairs are found.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static ClassificationReport Evaluate<TLabel>(TextModel model, int head, IEnumerable<LabeledText<TLabel>> examples, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        SequenceEvaluation.Classes(model, head, examples, cancellationToken);

    /// <summary>How well the classes of sequences of vectors are found.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static ClassificationReport Evaluate<TLabel>(VectorModel model, int head, IEnumerable<LabeledVectors<TLabel>> examples, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        SequenceEvaluation.Classes(model, head, examples, cancellationToken);
}
