using System.Globalization;
using BertGen.Generator.Diagnostics;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Checkpoints;

/// <summary>Compares the encoder with config.json. A field that is absent has the value that the Python library gives it.</summary>
internal static class ConfigCheck
{
    public static void Check(ModelSpec model, ModelAttributes attributes, CheckpointFacts facts, List<ModelDiagnostic> found)
    {
        EncoderSpec spec = model.Encoder;
        ConfigReader fields = new(facts, model.Name, attributes.Encoder, found);
        CheckLongest();
        string expected = spec.Kind == EncoderKind.Cbow ? "bertgen-cbow" : spec.Features > 0 ? "bertgen-vectors" : "bert";
        if (fields.Text("model_type") is { } type && type != expected)
        {
            // The sizes of another kind of model would only add noise.
            Report("model_type", expected, "model_type", type, "Choose a checkpoint of this kind of model.");
            return;
        }

        fields.Object("bertgen");
        Same(nameof(spec.HiddenSize), spec.HiddenSize, "hidden_size", 768);
        if (spec.VocabularySize > 0)
        {
            Same(nameof(spec.VocabularySize), spec.VocabularySize, "vocab_size", 30522);
        }

        if (spec.Kind == EncoderKind.Cbow)
        {
            Same(nameof(spec.Window), spec.Window, "bertgen.window", spec.Window);
            return;
        }

        if (spec.Features > 0)
        {
            Same(nameof(spec.Features), spec.Features, "bertgen.features", spec.Features, attributes.VectorInput);
        }
        else
        {
            Same(nameof(spec.TokenTypes), spec.TokenTypes, "type_vocab_size", 2);
        }

        Same(nameof(spec.Layers), spec.Layers, "num_hidden_layers", 12);
        Same(nameof(spec.Heads), spec.Heads, "num_attention_heads", 12);
        Same(nameof(spec.IntermediateSize), spec.IntermediateSize, "intermediate_size", 3072);
        Same(nameof(spec.MaxPositions), spec.MaxPositions, "max_position_embeddings", 512);
        CheckMathematics();

        // What no shape shows: the same weights would load and compute something else.
        void CheckMathematics()
        {
            string activation = fields.Text("hidden_act") ?? "gelu";
            if (ParseActivation(activation) is not { } parsed)
            {
                Report(nameof(spec.Activation), spec.Activation.ToString(), "hidden_act", activation, "Supported are gelu, gelu_new, gelu_pytorch_tanh and relu: choose another checkpoint.");
            }
            else if (parsed != spec.Activation)
            {
                Report(nameof(spec.Activation), spec.Activation.ToString(), "hidden_act", activation, $"Declare Activation = Activation.{parsed}.");
            }

            double epsilon = fields.Number("layer_norm_eps") ?? 1e-12;
            if ((float)epsilon != (float)spec.LayerNormEpsilon)
            {
                string published = facts.Field("layer_norm_eps")?.Value ?? "1e-12";
                Report(nameof(spec.LayerNormEpsilon), spec.LayerNormEpsilon.ToString(CultureInfo.InvariantCulture), "layer_norm_eps", published, $"Declare LayerNormEpsilon = {published}.");
            }

            if (fields.Text("position_embedding_type") is { } positions && positions != "absolute")
            {
                Report("position embedding", "absolute", "position_embedding_type", positions, "Choose a checkpoint with absolute positions.");
            }

            foreach (string other in new[] { "is_decoder", "add_cross_attention" })
            {
                if (fields.Flag(other))
                {
                    Report("The model", "an encoder", other, "true", "Choose a checkpoint of an encoder.");
                }
            }
        }

        void CheckLongest()
        {
            if (fields.Integer("sentence_bert.max_seq_length") is { } longest && longest is <= 0 or > int.MaxValue)
            {
                Report("The longest text", "at least one token", "max_seq_length", longest.ToString(CultureInfo.InvariantCulture), "Correct sentence_bert_config.json, or choose another checkpoint.");
            }
        }

        void Same(string property, int declared, string field, int absent, int? attribute = null)
        {
            long published = fields.Integer(field) ?? absent;
            if (published != declared)
            {
                string value = published.ToString(CultureInfo.InvariantCulture);
                Report(property, declared.ToString(CultureInfo.InvariantCulture), field, value, $"Declare {property} = {value}, or choose another checkpoint.", attribute);
            }
        }

        void Report(string property, string declared, string field, string published, string wayOut, int? attribute = null) =>
            found.Add(ModelDiagnostic.Of(CheckpointRules.SettingDiffers, new(attribute ?? attributes.Encoder, property), property, declared, facts.Path, field, published, wayOut));
    }

    private static Activation? ParseActivation(string name) => name switch
    {
        "gelu" or "gelu_python" => Activation.Gelu,
        "gelu_new" or "gelu_pytorch_tanh" or "gelu_fast" => Activation.GeluTanh,
        "relu" => Activation.Relu,
        _ => null,
    };
}
