using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using BertGen.Data;

namespace BertGen.CompilerServices;

/// <summary>The heads that generated classes list under <c>Heads</c>, each with the examples it learns from.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class TrainableHeads
{
    /// <summary>Learns classes of texts.</summary>
    public static TrainableHead<TModel, LabeledText<TLabel>> SequenceClassification<TModel, TLabel>(int head) where TModel : TextModel where TLabel : struct, Enum =>
        new(head, ExampleEncoders.Classes<TLabel>);

    /// <summary>Learns classes of sequences of vectors.</summary>
    public static TrainableHead<TModel, LabeledVectors<TLabel>> VectorSequenceClassification<TModel, TLabel>(int head) where TModel : VectorModel where TLabel : struct, Enum =>
        new(head, ExampleEncoders.VectorClasses<TLabel>);

    /// <summary>Learns the labels of texts.</summary>
    public static TrainableHead<TModel, MultiLabeledText<TLabel>> MultiLabelClassification<TModel, TLabel>(int head) where TModel : TextModel where TLabel : struct, Enum =>
        new(head, ExampleEncoders.Labels<TLabel>);

    /// <summary>Learns the labels of sequences of vectors.</summary>
    public static TrainableHead<TModel, MultiLabeledVectors<TLabel>> VectorMultiLabelClassification<TModel, TLabel>(int head) where TModel : VectorModel where TLabel : struct, Enum =>
        new(head, ExampleEncoders.VectorLabels<TLabel>);

    /// <summary>Learns scores of texts.</summary>
    public static TrainableHead<TModel, ScoredText> SequenceRegression<TModel>(int head) where TModel : TextModel => new(head, ExampleEncoders.Scores);

    /// <summary>Learns scores of sequences of vectors.</summary>
    public static TrainableHead<TModel, ScoredVectors> VectorSequenceRegression<TModel>(int head) where TModel : VectorModel => new(head, ExampleEncoders.VectorScores);

    /// <summary>Learns tags of words.</summary>
    public static TrainableHead<TModel, TaggedSentence<TTag>> TokenClassification<TModel, TTag>(int head) where TModel : TextModel where TTag : struct, Enum =>
        new(head, ExampleEncoders.Tags<TTag>);

    /// <summary>Learns tags of vectors.</summary>
    public static TrainableHead<TModel, TaggedVectors<TTag>> VectorTokenClassification<TModel, TTag>(int head) where TModel : VectorModel where TTag : struct, Enum =>
        new(head, ExampleEncoders.VectorTags<TTag>);

    /// <summary>Learns entities.</summary>
    public static TrainableHead<TModel, EntitySentence<TEntity>> EntityRecognition<TModel, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEntity>(int head)
        where TModel : TextModel where TEntity : struct, Enum => new(head, ExampleEncoders.Entities<TEntity>);

    /// <summary>Learns answers.</summary>
    public static TrainableHead<TModel, QuestionExample> QuestionAnswering<TModel>(int head) where TModel : TextModel => new(head, ExampleEncoders.Answers);

    /// <summary>The pre-trainer of a model with a masked-language-model or next-sentence head.</summary>
    public static Pretrainer Pretrainer(TextModel model, PretrainingOptions? options) => new(model, options);
}
