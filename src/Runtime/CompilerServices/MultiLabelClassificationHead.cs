using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The members that <see cref="MultiLabelClassificationAttribute{TLabel}"/> generates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class MultiLabelClassificationHead
{
    /// <summary>The labels of a text.</summary>
    public static MultiLabelPrediction<TLabel> ClassifyAll<TLabel>(TextModel model, int head, string text) where TLabel : struct, Enum =>
        TextRows.One<MultiLabelDecoder<TLabel>, MultiLabelPrediction<TLabel>>(model, head, text, null);

    /// <summary>The labels of a pair.</summary>
    public static MultiLabelPrediction<TLabel> ClassifyAll<TLabel>(TextModel model, int head, string first, string second) where TLabel : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(second);
        return TextRows.One<MultiLabelDecoder<TLabel>, MultiLabelPrediction<TLabel>>(model, head, first, second);
    }

    /// <summary>The labels of many texts.</summary>
    public static IReadOnlyList<MultiLabelPrediction<TLabel>> ClassifyAll<TLabel>(TextModel model, int head, IReadOnlyList<string> texts, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        TextRows.Many<MultiLabelDecoder<TLabel>, MultiLabelPrediction<TLabel>>(model, head, TextSource.Of(texts), cancellationToken);

    /// <summary>The labels of many pairs.</summary>
    public static IReadOnlyList<MultiLabelPrediction<TLabel>> ClassifyAll<TLabel>(TextModel model, int head, IReadOnlyList<(string First, string Second)> pairs, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        TextRows.Many<MultiLabelDecoder<TLabel>, MultiLabelPrediction<TLabel>>(model, head, TextSource.Of(pairs), cancellationToken);

    /// <summary>The labels of a sequence of vectors.</summary>
    public static MultiLabelPrediction<TLabel> ClassifyAll<TLabel>(VectorModel model, int head, ReadOnlySpan<float> frames) where TLabel : struct, Enum =>
        VectorRows.One<MultiLabelDecoder<TLabel>, MultiLabelPrediction<TLabel>>(model, head, frames);

    /// <summary>The labels of many sequences of vectors.</summary>
    public static IReadOnlyList<MultiLabelPrediction<TLabel>> ClassifyAll<TLabel>(VectorModel model, int head, IReadOnlyList<ReadOnlyMemory<float>> batch, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        VectorRows.Many<MultiLabelDecoder<TLabel>, MultiLabelPrediction<TLabel>>(model, head, batch, cancellationToken);

    /// <summary>How well the labels of texts and pairs are found; a label counts as found from the threshold on.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static MultiLabelReport Evaluate<TLabel>(TextModel model, int head, IEnumerable<MultiLabeledText<TLabel>> examples, float threshold = 0.5f, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        SequenceEvaluation.AllLabels(model, head, examples, threshold, cancellationToken);

    /// <summary>How well the labels of sequences of vectors are found; a label counts as found from the threshold on.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static MultiLabelReport Evaluate<TLabel>(VectorModel model, int head, IEnumerable<MultiLabeledVectors<TLabel>> examples, float threshold = 0.5f, CancellationToken cancellationToken = default) where TLabel : struct, Enum =>
        SequenceEvaluation.AllLabels(model, head, examples, threshold, cancellationToken);
}
