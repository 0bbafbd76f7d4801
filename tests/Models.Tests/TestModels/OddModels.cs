namespace BertGen.Models.Tests.TestModels;

/// <summary>Sizes that fill no vector: 3 heads of 32, an intermediate size of 200, a vocabulary of 531; one head of each kind.</summary>
[BertEncoder(Layers = 2, HiddenSize = 96, Heads = 3, IntermediateSize = 200, VocabularySize = 531, MaxPositions = 67)]
[SequenceClassification<Mood>]
[MultiLabelClassification<Topic>(Name = "Topics")]
[SequenceRegression(Name = "Grade")]
[TokenClassification<Topic>(Name = "Tags")]
[EntityRecognition<Place>(Name = "Places")]
[QuestionAnswering]
[MaskedLanguageModel]
[NextSentencePrediction]
[SentenceEmbedding]
public sealed partial class OddModel;

/// <summary>Heads of 20, a hidden size of 60, other activations and sizes everywhere, three token types; poolings that are not the default.</summary>
[BertEncoder(Layers = 3, HiddenSize = 60, Heads = 3, IntermediateSize = 77, VocabularySize = 205, MaxPositions = 40, TokenTypes = 3, Activation = Activation.GeluTanh, LayerNormEpsilon = 1e-5)]
[SentenceEmbedding(Pooling = Pooling.Max, Normalize = false)]
[SentenceEmbedding(Name = "First", Pooling = Pooling.Cls, Normalize = true)]
[MaskedLanguageModel]
public sealed partial class CrookedModel;

/// <summary>The third activation, one attention head, no pooler.</summary>
[BertEncoder(Layers = 1, HiddenSize = 24, Heads = 1, IntermediateSize = 50, VocabularySize = 61, MaxPositions = 20, TokenTypes = 1, Activation = Activation.Relu)]
[TokenClassification<Mood>]
[SentenceEmbedding(Normalize = false)]
public sealed partial class ReluModel;

/// <summary>A score between 0 and 1.</summary>
[BertEncoder(Layers = 1, HiddenSize = 24, Heads = 2, IntermediateSize = 33, VocabularySize = 61, MaxPositions = 20)]
[SequenceRegression(Sigmoid = true)]
public sealed partial class ScoreModel;

/// <summary>Frames instead of tokens.</summary>
[BertEncoder(Layers = 2, HiddenSize = 64, Heads = 4, IntermediateSize = 100, MaxPositions = 50)]
[VectorInput(Features = 13)]
[SequenceClassification<Topic>]
[TokenClassification<Mood>(Name = "Frames")]
[SentenceEmbedding]
public sealed partial class FrameModel;

/// <summary>The mean of the neighbours predicts the word.</summary>
[CbowEncoder(HiddenSize = 40, Window = 3, VocabularySize = 211)]
[MaskedLanguageModel]
[SentenceEmbedding]
public sealed partial class BagModel;

/// <summary>A hidden and an intermediate size whose rows would lie a multiple of 4 KiB apart.</summary>
[BertEncoder(Layers = 1, HiddenSize = 1024, Heads = 16, IntermediateSize = 2048, VocabularySize = 97, MaxPositions = 24)]
[QuestionAnswering]
public sealed partial class WideModel;

/// <summary>Layers of BERT-Base: the longest sums that are common, 768 and 3,072 terms.</summary>
[BertEncoder(Layers = 3, HiddenSize = 768, Heads = 12, IntermediateSize = 3072, VocabularySize = 97, MaxPositions = 32)]
[SequenceClassification<Topic>]
[QuestionAnswering]
public sealed partial class BaseLayersModel;

/// <summary>Texts longer than one tile of attention.</summary>
[BertEncoder(Layers = 2, HiddenSize = 64, Heads = 2, IntermediateSize = 96, VocabularySize = 101, MaxPositions = 600)]
[TokenClassification<Topic>]
[SentenceEmbedding]
public sealed partial class LongModel;
