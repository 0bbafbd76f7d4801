using BertGen.Generator.Operators;
using BertGen.Generator.Specs;
using static BertGen.Generator.Graphs.GraphBuilder;

namespace BertGen.Generator.Graphs;

/// <summary>The heads as graph fragments on the hidden states.</summary>
internal static class HeadGraphs
{
    /// <summary>Rows that a head's logits have a name for: labels, tags, two for answers and next sentence, the vocabulary.</summary>
    public static int OutputsOf(ModelSpec spec, HeadSpec head) => head.Kind switch
    {
        HeadKind.SequenceClassification or HeadKind.MultiLabelClassification or HeadKind.TokenClassification => head.Labels.Count,
        HeadKind.EntityRecognition => 1 + 2 * head.Labels.Count,
        HeadKind.SequenceRegression => 1,
        HeadKind.QuestionAnswering or HeadKind.NextSentencePrediction => 2,
        HeadKind.MaskedLanguageModel => spec.Encoder.VocabularySize,
        HeadKind.SentenceEmbedding => spec.Encoder.HiddenSize,
        _ => throw new NotSupportedException($"Unknown head {head.Kind}."),
    };

    /// <summary>The loss that a head is trained by; null for an embedding, which has none.</summary>
    public static LossKind? LossOf(HeadSpec head) => head.Kind switch
    {
        HeadKind.SequenceClassification or HeadKind.TokenClassification or HeadKind.EntityRecognition
            or HeadKind.MaskedLanguageModel or HeadKind.NextSentencePrediction => LossKind.CrossEntropy,
        HeadKind.MultiLabelClassification => LossKind.BinaryCrossEntropy,
        HeadKind.SequenceRegression => head.Sigmoid ? LossKind.BinaryCrossEntropy : LossKind.SquaredError,
        HeadKind.QuestionAnswering => LossKind.AnswerSpan,
        HeadKind.SentenceEmbedding => null,
        _ => throw new NotSupportedException($"Unknown head {head.Kind}."),
    };

    /// <summary>Hidden states, pooled states and the result of every head, or its loss where it has one.</summary>
    public static IEnumerable<GraphOutput> Build(ModelSpec spec, Value hidden, Purpose purpose)
    {
        yield return new GraphOutput(OutputKind.HiddenStates, -1, hidden);
        Value? pooled = Pooled(spec, hidden);
        if (pooled is not null)
        {
            yield return new GraphOutput(OutputKind.Pooled, -1, pooled);
        }

        for (int index = 0; index < spec.Heads.Count; index++)
        {
            HeadSpec head = spec.Heads[index];
            if (purpose == Purpose.Inference)
            {
                yield return new GraphOutput(OutputKind.Head, index, Head(spec, index, hidden, pooled, purpose));
            }
            else if (LossOf(head) is LossKind loss)
            {
                Value logits = Head(spec, index, hidden, pooled, purpose);
                yield return new GraphOutput(OutputKind.Loss, index, Value.Of($"{head.TensorName} loss", null, new LossGradient(loss, index), logits));
            }
        }
    }

    /// <summary>Dense and tanh on [CLS], shared by all heads that look at the whole text; null where none does.</summary>
    private static Value? Pooled(ModelSpec spec, Value hidden)
    {
        if (!spec.Heads.Any(head => UsesPooler(head.Kind)))
        {
            return null;
        }

        Value cls = Value.Of("cls", null, new FirstTokens(), hidden);
        return Value.Of("pooled", null, new Activate(Function.Tanh), Dense(cls, "bert.pooler.dense", spec.Encoder.HiddenSize));
    }

    private static bool UsesPooler(HeadKind kind) =>
        kind is HeadKind.SequenceClassification or HeadKind.MultiLabelClassification or HeadKind.SequenceRegression or HeadKind.NextSentencePrediction;

    private static Value Head(ModelSpec spec, int index, Value hidden, Value? pooled, Purpose purpose)
    {
        HeadSpec head = spec.Heads[index];
        int outputs = OutputsOf(spec, head);

        // Published models drop parts of what a classifier reads, but not of what the heads of pre-training and answers read.
        Value Classifier(Value x) => Logits(Dropout(purpose, x, DropoutKind.Hidden, Operators.Dropout.FirstHead + index, $"{head.TensorName} dropout"));
        Value Logits(Value x) => Dense(x, head.TensorName, outputs, index, name: $"{head.TensorName} logits");
        return head.Kind switch
        {
            HeadKind.MaskedLanguageModel => MaskedLanguageModel(spec.Encoder, head.TensorName, index, hidden),
            HeadKind.SentenceEmbedding => SentenceEmbedding(head, hidden),
            HeadKind.QuestionAnswering => Logits(hidden),
            HeadKind.TokenClassification or HeadKind.EntityRecognition => Classifier(hidden),
            HeadKind.NextSentencePrediction => Logits(pooled!),
            _ when UsesPooler(head.Kind) => Classifier(pooled!),
            _ => throw new NotSupportedException($"Unknown head {head.Kind}."),
        };
    }

    /// <summary>Only the selected tokens go through the transform and the product with the whole vocabulary.</summary>
    private static Value MaskedLanguageModel(EncoderSpec encoder, string key, int index, Value hidden)
    {
        Value selected = Value.Of("masked", null, new SelectTokens(), hidden);
        Value bias = Weight($"{key}.bias", new Shape(encoder.VocabularySize), ParameterRole.Bias, index);
        if (encoder.Kind == EncoderKind.Cbow)
        {
            Value output = Weight($"{key}.decoder.weight", new Shape(encoder.VocabularySize, encoder.HiddenSize), ParameterRole.Weight, index);
            return Value.Of($"{key} logits", null, new Add(), Value.Of(new Linear(), selected, output), bias);
        }

        Value dense = Dense(selected, $"{key}.transform.dense", encoder.HiddenSize, index);
        Value activated = Value.Of(new Activate(FunctionOf(encoder.Activation)), dense);
        Value transformed = Norm(activated, $"{key}.transform.LayerNorm", encoder.LayerNormEpsilon, index, name: $"{key} transform");

        // Tied: the same parameter as the rows looked up by the embedding.
        Value words = Weight(BertEncoder.WordEmbeddings, new Shape(encoder.VocabularySize, encoder.HiddenSize), ParameterRole.Embedding);
        return Value.Of($"{key} logits", null, new Add(), Value.Of(new Linear(), transformed, words), bias);
    }

    private static Value SentenceEmbedding(HeadSpec head, Value hidden)
    {
        Value pooled = head.Pooling switch
        {
            Pooling.Cls => Value.Of($"{head.TensorName} pooling", null, new FirstTokens(), hidden),
            Pooling.Mean => Value.Of($"{head.TensorName} pooling", null, new PoolTokens(PoolKind.Mean), hidden),
            Pooling.Max => Value.Of($"{head.TensorName} pooling", null, new PoolTokens(PoolKind.Max), hidden),
            _ => throw new NotSupportedException($"Unknown pooling {head.Pooling}."),
        };
        return head.Normalize ? Value.Of(head.TensorName, null, new Normalize(), pooled) : pooled;
    }
}
