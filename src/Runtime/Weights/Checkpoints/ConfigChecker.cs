using System.Globalization;
using System.Text.Json.Nodes;
using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>Compares <c>config.json</c> with what the class declares. A field that is absent has the value that the Python library gives it.</summary>
internal static class ConfigChecker
{
    private const string File = SmallFiles.Config;

    /// <summary>Adds a problem for every contradiction.</summary>
    public static void Check(ModelDefinition definition, JsonObject config, List<string> problems)
    {
        EncoderDefinition encoder = definition.Encoder;
        var fields = new ConfigFields(config, File, problems);
        string expectedType = ConfigNames.ModelType(encoder);
        if (fields.Text("model_type") is { } type && type != expectedType)
        {
            problems.Add($"{File} says model_type '{MessageText.Of(type)}'; {definition.Name} is a '{expectedType}', whose weights mean something else.");
            return;   // the sizes of another kind of model would only add noise
        }

        Same(fields.Integer("hidden_size") ?? 768, encoder.HiddenSize, "hidden_size", "HiddenSize", problems);
        if (encoder.VocabularySize > 0)
        {
            Same(fields.Integer("vocab_size") ?? 30522, encoder.VocabularySize, "vocab_size", "VocabularySize", problems);
        }

        JsonObject? own = fields.Object("bertgen");
        var ownFields = new ConfigFields(own ?? [], File, problems);
        if (encoder.Kind == EncoderKind.Cbow)
        {
            Same(ownFields.Integer("window") ?? encoder.Window, encoder.Window, "bertgen.window", "Window", problems);
            return;
        }

        if (encoder.Features > 0)
        {
            Same(ownFields.Integer("features") ?? encoder.Features, encoder.Features, "bertgen.features", "Features", problems);
        }
        else
        {
            Same(fields.Integer("type_vocab_size") ?? 2, encoder.TokenTypes, "type_vocab_size", "TokenTypes", problems);
        }

        Same(fields.Integer("num_hidden_layers") ?? 12, encoder.Layers, "num_hidden_layers", "Layers", problems);
        Same(fields.Integer("num_attention_heads") ?? 12, encoder.Heads, "num_attention_heads", "Heads", problems);
        Same(fields.Integer("intermediate_size") ?? 3072, encoder.IntermediateSize, "intermediate_size", "IntermediateSize", problems);
        Same(fields.Integer("max_position_embeddings") ?? 512, encoder.MaxPositions, "max_position_embeddings", "MaxPositions", problems);
        CheckMathematics(encoder, fields, problems);
    }

    /// <summary>What no shape shows: the same weights would load and compute something else.</summary>
    private static void CheckMathematics(EncoderDefinition encoder, ConfigFields fields, List<string> problems)
    {
        string activation = fields.Text("hidden_act") ?? "gelu";
        if (ConfigNames.ParseActivation(activation) is not { } parsed)
        {
            problems.Add($"{File} says hidden_act '{MessageText.Of(activation)}', which is not supported; gelu, gelu_new, gelu_pytorch_tanh and relu are.");
        }
        else if (parsed != encoder.Activation)
        {
            problems.Add($"{File} says hidden_act '{activation}'; the model declares Activation = {encoder.Activation}. Declare Activation = {parsed}.");
        }

        double epsilon = fields.Number("layer_norm_eps") ?? 1e-12;
        if ((float)epsilon != (float)encoder.LayerNormEpsilon)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{File} says layer_norm_eps {epsilon}; the model declares LayerNormEpsilon = {encoder.LayerNormEpsilon}."));
        }

        string positions = fields.Text("position_embedding_type") ?? "absolute";
        if (positions != "absolute")
        {
            problems.Add($"{File} says position_embedding_type '{MessageText.Of(positions)}'; only 'absolute' is supported.");
        }

        foreach (string other in (string[])["is_decoder", "add_cross_attention"])
        {
            if (fields.Flag(other) == true)
            {
                problems.Add($"{File} says {other}; a decoder is not supported.");
            }
        }
    }

    private static void Same(long published, long declared, string field, string property, List<string> problems)
    {
        if (published != declared)
        {
            problems.Add($"{File} says {field} {published}; the model declares {property} = {declared}.");
        }
    }
}
