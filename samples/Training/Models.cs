using BertGen;

namespace BertGen.Samples.Training;

/// <summary>The size of every model here: small enough to learn something within minutes on two cores.</summary>
internal static class Small
{
    public const int Layers = 2;
    public const int HiddenSize = 128;
    public const int Heads = 2;
    public const int IntermediateSize = 512;
    public const int VocabularySize = 8192;
    public const int MaxPositions = 384;
}

/// <summary>Learns words and sentences from plain text; the others start from its weights.</summary>
[BertEncoder(Layers = Small.Layers, HiddenSize = Small.HiddenSize, Heads = Small.Heads, IntermediateSize = Small.IntermediateSize, VocabularySize = Small.VocabularySize, MaxPositions = Small.MaxPositions)]
[MaskedLanguageModel]
[NextSentencePrediction]
public sealed partial class Pretrained;

/// <summary>A sentence to a class.</summary>
[BertEncoder(Layers = Small.Layers, HiddenSize = Small.HiddenSize, Heads = Small.Heads, IntermediateSize = Small.IntermediateSize, VocabularySize = Small.VocabularySize, MaxPositions = Small.MaxPositions)]
[SequenceClassification<Sentiment>]
public sealed partial class SentimentModel;

/// <summary>A tag for each word.</summary>
[BertEncoder(Layers = Small.Layers, HiddenSize = Small.HiddenSize, Heads = Small.Heads, IntermediateSize = Small.IntermediateSize, VocabularySize = Small.VocabularySize, MaxPositions = Small.MaxPositions)]
[TokenClassification<Upos>]
public sealed partial class Tagger;

/// <summary>A pair of sentences to a class.</summary>
[BertEncoder(Layers = Small.Layers, HiddenSize = Small.HiddenSize, Heads = Small.Heads, IntermediateSize = Small.IntermediateSize, VocabularySize = Small.VocabularySize, MaxPositions = Small.MaxPositions)]
[SequenceClassification<Inference>]
public sealed partial class InferenceModel;

/// <summary>Answers as they stand in a passage.</summary>
[BertEncoder(Layers = Small.Layers, HiddenSize = Small.HiddenSize, Heads = Small.Heads, IntermediateSize = Small.IntermediateSize, VocabularySize = Small.VocabularySize, MaxPositions = Small.MaxPositions)]
[QuestionAnswering]
public sealed partial class Reader;

/// <summary>What a review thinks of a film.</summary>
public enum Sentiment
{
    Negative,
    Positive,
}

/// <summary>Whether a premise says a hypothesis, leaves it open or denies it.</summary>
public enum Inference
{
    Entailment,
    Neutral,
    Contradiction,
}

/// <summary>Parts of speech of the Universal Dependencies.</summary>
public enum Upos
{
    Adj, Adp, Adv, Aux, Cconj, Det, Intj, Noun, Num, Part, Pron, Propn, Punct, Sconj, Sym, Verb, X,
}
