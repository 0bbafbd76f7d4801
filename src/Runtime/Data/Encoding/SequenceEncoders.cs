using BertGen.CompilerServices;

namespace BertGen.Data;

/// <summary>Classes of texts and pairs. Where long texts are cut into windows, each window has the class of its text.</summary>
internal sealed class TextClassEncoder<TLabel>(LoadedModel loaded, int head) : TextExampleEncoder<LabeledText<TLabel>>(loaded, head) where TLabel : struct, Enum
{
    protected override void Add(LabeledText<TLabel> example, TextBatch batch, ITextTokenizer tokenizer, TextLimits limits) =>
        batch.Add(tokenizer, example.Text, example.Second, limits);

    protected override void Aim(LabeledText<TLabel> example, TextBatch batch, Span<HeadTarget?> targets) =>
        targets.Fill(SequenceTargets.Class(Head, Definition, example.Label));
}

/// <summary>All labels of texts and pairs.</summary>
internal sealed class TextLabelsEncoder<TLabel>(LoadedModel loaded, int head) : TextExampleEncoder<MultiLabeledText<TLabel>>(loaded, head) where TLabel : struct, Enum
{
    protected override void Add(MultiLabeledText<TLabel> example, TextBatch batch, ITextTokenizer tokenizer, TextLimits limits) =>
        batch.Add(tokenizer, example.Text, example.Second, limits);

    protected override void Aim(MultiLabeledText<TLabel> example, TextBatch batch, Span<HeadTarget?> targets) =>
        targets.Fill(SequenceTargets.Labeled(Head, Definition, example.Labels));
}

/// <summary>Scores of texts and pairs.</summary>
internal sealed class TextScoreEncoder(LoadedModel loaded, int head) : TextExampleEncoder<ScoredText>(loaded, head)
{
    protected override void Add(ScoredText example, TextBatch batch, ITextTokenizer tokenizer, TextLimits limits) =>
        batch.Add(tokenizer, example.Text, example.Second, limits);

    protected override void Aim(ScoredText example, TextBatch batch, Span<HeadTarget?> targets) =>
        targets.Fill(SequenceTargets.Score(Head, Definition, example.Score));
}

/// <summary>Classes of sequences of vectors.</summary>
internal sealed class VectorClassEncoder<TLabel>(LoadedModel loaded, int head) : VectorExampleEncoder<LabeledVectors<TLabel>>(loaded, head) where TLabel : struct, Enum
{
    protected override ReadOnlyMemory<float> Frames(LabeledVectors<TLabel> example) => example.Frames;

    protected override void Aim(LabeledVectors<TLabel> example, VectorBatch batch, Span<HeadTarget> targets) =>
        targets.Fill(SequenceTargets.Class(Head, Definition, example.Label));
}

/// <summary>All labels of sequences of vectors.</summary>
internal sealed class VectorLabelsEncoder<TLabel>(LoadedModel loaded, int head) : VectorExampleEncoder<MultiLabeledVectors<TLabel>>(loaded, head) where TLabel : struct, Enum
{
    protected override ReadOnlyMemory<float> Frames(MultiLabeledVectors<TLabel> example) => example.Frames;

    protected override void Aim(MultiLabeledVectors<TLabel> example, VectorBatch batch, Span<HeadTarget> targets) =>
        targets.Fill(SequenceTargets.Labeled(Head, Definition, example.Labels));
}

/// <summary>Scores of sequences of vectors.</summary>
internal sealed class VectorScoreEncoder(LoadedModel loaded, int head) : VectorExampleEncoder<ScoredVectors>(loaded, head)
{
    protected override ReadOnlyMemory<float> Frames(ScoredVectors example) => example.Frames;

    protected override void Aim(ScoredVectors example, VectorBatch batch, Span<HeadTarget> targets) =>
        targets.Fill(SequenceTargets.Score(Head, Definition, example.Score));
}
