using System.Diagnostics.CodeAnalysis;
using BertGen.CompilerServices;

namespace BertGen.Data;

/// <summary>The encoder of each kind of example for a head of a model.</summary>
internal static class ExampleEncoders
{
    public static IExampleEncoder<LabeledText<TLabel>> Classes<TLabel>(LoadedModel loaded, int head) where TLabel : struct, Enum =>
        new TextClassEncoder<TLabel>(loaded, head);

    public static IExampleEncoder<LabeledVectors<TLabel>> VectorClasses<TLabel>(LoadedModel loaded, int head) where TLabel : struct, Enum =>
        new VectorClassEncoder<TLabel>(loaded, head);

    public static IExampleEncoder<MultiLabeledText<TLabel>> Labels<TLabel>(LoadedModel loaded, int head) where TLabel : struct, Enum =>
        new TextLabelsEncoder<TLabel>(loaded, head);

    public static IExampleEncoder<MultiLabeledVectors<TLabel>> VectorLabels<TLabel>(LoadedModel loaded, int head) where TLabel : struct, Enum =>
        new VectorLabelsEncoder<TLabel>(loaded, head);

    public static IExampleEncoder<ScoredText> Scores(LoadedModel loaded, int head) => new TextScoreEncoder(loaded, head);

    public static IExampleEncoder<ScoredVectors> VectorScores(LoadedModel loaded, int head) => new VectorScoreEncoder(loaded, head);

    public static IExampleEncoder<TaggedSentence<TTag>> Tags<TTag>(LoadedModel loaded, int head) where TTag : struct, Enum =>
        new TaggedSentenceEncoder<TTag>(loaded, head);

    public static IExampleEncoder<TaggedVectors<TTag>> VectorTags<TTag>(LoadedModel loaded, int head) where TTag : struct, Enum =>
        new TaggedVectorsEncoder<TTag>(loaded, head);

    public static IExampleEncoder<EntitySentence<TEntity>> Entities<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEntity>(LoadedModel loaded, int head)
        where TEntity : struct, Enum => new EntitySentenceEncoder<TEntity>(loaded, head);

    public static IExampleEncoder<QuestionExample> Answers(LoadedModel loaded, int head) => new QuestionEncoder(loaded, head);
}
