namespace BertGen.Models.Tests.Api.Page;

// The declarations of the public face as they are written there, every option of the encoder once.
[BertEncoder(Layers = 2, HiddenSize = 32, Heads = 2, IntermediateSize = 48, VocabularySize = 300, MaxPositions = 40, TokenTypes = 2, Activation = Activation.GeluTanh, LayerNormEpsilon = 1e-5, HiddenDropout = 0.2, AttentionDropout = 0.3)]
[MultiLabelClassification<Genre>]
public sealed partial class TopicModel;

[CbowEncoder(HiddenSize = 128, Window = 5, VocabularySize = 8192)]
[MaskedLanguageModel]
public sealed partial class Cbow;

[BertEncoder(Layers = 4, HiddenSize = 128, Heads = 4, IntermediateSize = 512, MaxPositions = 200)]
[VectorInput(Features = 80)]
[SequenceClassification<Digit>]
public sealed partial class SpokenDigit;

[BertEncoder(Layers = 1, HiddenSize = 32, Heads = 2, IntermediateSize = 48, VocabularySize = 300, MaxPositions = 40)]
[SentenceEmbedding(Pooling = Pooling.Max, Normalize = false)]
[SentenceEmbedding(Name = "First", Pooling = Pooling.Cls, Normalize = true)]
public sealed partial class Embedder;
