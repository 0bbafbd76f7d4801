using BertGen.Generator.Operators;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Graphs;

/// <summary>What a graph is built for.</summary>
internal enum Purpose
{
    /// <summary>Results of every head.</summary>
    Inference,

    /// <summary>Losses of the heads that have one, with dropout.</summary>
    Training,
}

/// <summary>From a declaration to its graph: the encoder, then a fragment for each head.</summary>
internal static class GraphBuilder
{
    public static Graph Build(ModelSpec spec) => Build(spec, Purpose.Inference);

    /// <summary>The forward pass of training with the losses as its results; null where no head has a loss.</summary>
    public static Graph? BuildForTraining(ModelSpec spec) =>
        spec.Heads.Any(head => HeadGraphs.LossOf(head) is not null) ? Build(spec, Purpose.Training) : null;

    private static Graph Build(ModelSpec spec, Purpose purpose)
    {
        Value hidden = spec.Encoder.Kind switch
        {
            EncoderKind.Bert => BertEncoder.Build(spec.Encoder, purpose),
            EncoderKind.Cbow => CbowEncoder.Build(spec.Encoder),
            _ => throw new NotSupportedException($"Unknown encoder {spec.Encoder.Kind}."),
        };

        return Graph.Of(HeadGraphs.Build(spec, hidden, purpose));
    }

    /// <summary>x with dropout in training, x itself otherwise.</summary>
    public static Value Dropout(Purpose purpose, Value x, DropoutKind kind, int site, string? name = null, int? layer = null) =>
        purpose == Purpose.Training ? Value.Of(name, layer, new Dropout(kind, site), x) : x;

    /// <summary>x · Wᵀ + b with the weights <c>key.weight</c> and <c>key.bias</c>.</summary>
    public static Value Dense(Value x, string key, int outputs, int head = -1, string? name = null, int? layer = null)
    {
        Value weight = Weight($"{key}.weight", new Shape(outputs, x.Shape.Columns), ParameterRole.Weight, head, layer);
        Value bias = Weight($"{key}.bias", new Shape(outputs), ParameterRole.Bias, head, layer);
        return Value.Of(name, layer, new Add(), Value.Of(null, layer, new Linear(), x, weight), bias);
    }

    /// <summary>A layer normalization with the weights <c>key.weight</c> and <c>key.bias</c>.</summary>
    public static Value Norm(Value x, string key, double epsilon, int head = -1, string? name = null, int? layer = null)
    {
        Value gamma = Weight($"{key}.weight", new Shape(x.Shape.Columns), ParameterRole.LayerNormWeight, head, layer);
        Value beta = Weight($"{key}.bias", new Shape(x.Shape.Columns), ParameterRole.LayerNormBias, head, layer);
        return Value.Of(name, layer, new LayerNorm(epsilon), x, gamma, beta);
    }

    public static Value Weight(string key, Shape shape, ParameterRole role, int head = -1, int? layer = null) =>
        Value.Of(null, layer, new Parameter(key, shape, role, head));

    public static Function FunctionOf(Activation activation) => activation switch
    {
        Activation.Gelu => Function.Gelu,
        Activation.GeluTanh => Function.GeluTanh,
        Activation.Relu => Function.Relu,
        _ => throw new NotSupportedException($"Unknown activation {activation}."),
    };
}
