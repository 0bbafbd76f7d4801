using BertGen.Generator.Operators;
using BertGen.Generator.Specs;
using static BertGen.Generator.Graphs.GraphBuilder;

namespace BertGen.Generator.Graphs;

/// <summary>The encoder of BERT (Devlin et al., 2018): embeddings, then layers of self-attention and feed-forward network.</summary>
internal static class BertEncoder
{
    public const string WordEmbeddings = "bert.embeddings.word_embeddings.weight";

    private const string EmbeddingsName = "embeddings";

    /// <summary>Hidden states [tokens, hidden].</summary>
    public static Value Build(EncoderSpec encoder, Purpose purpose)
    {
        Value embeddings = Norm(Embeddings(encoder), "bert.embeddings.LayerNorm", encoder.LayerNormEpsilon, name: purpose == Purpose.Inference ? EmbeddingsName : null);
        Value hidden = Dropout(purpose, embeddings, DropoutKind.Hidden, Operators.Dropout.Embeddings, EmbeddingsName);
        for (int layer = 0; layer < encoder.Layers; layer++)
        {
            hidden = Layer(encoder, hidden, layer, purpose);
        }

        return hidden;
    }

    private static Value Embeddings(EncoderSpec encoder)
    {
        Value positions = Value.Of(
            new Gather(),
            Weight("bert.embeddings.position_embeddings.weight", new Shape(encoder.MaxPositions, encoder.HiddenSize), ParameterRole.Embedding),
            Value.Of(new Input(InputKind.Positions, new Shape(Axis.Tokens))));
        if (encoder.Features > 0)
        {
            return Frames(encoder) + positions;
        }

        Value words = Value.Of(
            new Gather(),
            Weight(WordEmbeddings, new Shape(encoder.VocabularySize, encoder.HiddenSize), ParameterRole.Embedding),
            Value.Of(new Input(InputKind.InputIds, new Shape(Axis.Tokens))));
        Value types = Value.Of(
            new Gather(),
            Weight("bert.embeddings.token_type_embeddings.weight", new Shape(encoder.TokenTypes, encoder.HiddenSize), ParameterRole.Embedding),
            Value.Of(new Input(InputKind.TokenTypeIds, new Shape(Axis.Tokens))));

        // The order of the published implementation, so that its sums round alike.
        return words + types + positions;
    }

    /// <summary>Vectors in place of words: their projection, behind a learned [CLS] vector.</summary>
    private static Value Frames(EncoderSpec encoder)
    {
        Value vectors = Value.Of(new Input(InputKind.Vectors, new Shape(Axis.Vectors, encoder.Features)));
        Value projected = Dense(vectors, "bert.embeddings.feature_projection", encoder.HiddenSize);
        Value cls = Weight("bert.embeddings.cls_embedding", new Shape(encoder.HiddenSize), ParameterRole.Embedding);
        return Value.Of(new PrependRow(), projected, cls);
    }

    private static Value Layer(EncoderSpec encoder, Value x, int layer, Purpose purpose)
    {
        string key = $"bert.encoder.layer.{layer}";
        Value context = Attention(encoder, x, $"{key}.attention.self", layer, purpose);
        Value output = Dense(context, $"{key}.attention.output.dense", encoder.HiddenSize, layer: layer);
        Value attended = Norm(
            Dropout(purpose, output, DropoutKind.Hidden, Operators.Dropout.AttentionOutput, layer: layer).Plus(x, layer),
            $"{key}.attention.output.LayerNorm",
            encoder.LayerNormEpsilon,
            name: "attention output",
            layer: layer);

        Value intermediate = Value.Of(
            "feed-forward",
            layer,
            new Activate(FunctionOf(encoder.Activation)),
            Dense(attended, $"{key}.intermediate.dense", encoder.IntermediateSize, layer: layer));
        Value contracted = Dense(intermediate, $"{key}.output.dense", encoder.HiddenSize, layer: layer);
        return Norm(
            Dropout(purpose, contracted, DropoutKind.Hidden, Operators.Dropout.FeedForwardOutput, layer: layer).Plus(attended, layer),
            $"{key}.output.LayerNorm",
            encoder.LayerNormEpsilon,
            name: "feed-forward output",
            layer: layer);
    }

    private static Value Attention(EncoderSpec encoder, Value x, string key, int layer, Purpose purpose)
    {
        Value Project(string part, string name) =>
            Value.Of(name, layer, new SplitHeads(encoder.Heads), Dense(x, $"{key}.{part}", encoder.HiddenSize, layer: layer));

        Value queries = Project("query", "queries");
        Value keys = Project("key", "keys");
        Value values = Project("value", "values");
        Value scores = Value.Of("scores", layer, new AttentionScores(1 / Math.Sqrt(encoder.HeadSize)), queries, keys);
        Value probabilities = Value.Of("probabilities", layer, new Softmax(), scores);
        Value kept = Dropout(purpose, probabilities, DropoutKind.Attention, Operators.Dropout.Probabilities, layer: layer);
        Value context = Value.Of(null, layer, new AttentionContext(), kept, values);
        return Value.Of("attention", layer, new MergeHeads(), context);
    }

    private static Value Plus(this Value left, Value right, int layer) => Value.Of(null, layer, new Add(), left, right);
}
