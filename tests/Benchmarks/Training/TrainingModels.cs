namespace BertGen.Benchmarks;

// The models of the table as a user would declare them; dropout is the published tenth.

internal enum Tone
{
    Negative,
    Positive,
}

[BertEncoder(Layers = 6, HiddenSize = 384, Heads = 12, IntermediateSize = 1536)]
[SequenceClassification<Tone>]
internal sealed partial class MiniLmL6Classifier;

[BertEncoder]
[SequenceClassification<Tone>]
internal sealed partial class BertBaseClassifier;

[BertEncoder(Layers = 4, HiddenSize = 256, Heads = 4, IntermediateSize = 1024, VocabularySize = TrainingTask.PretrainingVocabulary, MaxPositions = 128)]
[MaskedLanguageModel]
internal sealed partial class SmallPretrainer;
