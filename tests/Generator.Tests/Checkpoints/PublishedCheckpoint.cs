using System.Globalization;
using System.Text;

namespace BertGen.Generator.Tests.Checkpoints;

/// <summary>A BERT for two classes as the Python library publishes it: names and shapes written out from its format, not from our graph.</summary>
internal sealed record PublishedCheckpoint
{
    public int Layers { get; init; } = 2;
    public int HiddenSize { get; init; } = 48;
    public int IntermediateSize { get; init; } = 80;
    public string[] Labels { get; init; } = ["negative", "positive"];

    /// <summary>Prefix of the encoder's weights.</summary>
    public string Prefix { get; init; } = "bert.";

    /// <summary>The class that fits it.</summary>
    public const string Declaration = """
        [BertEncoder(Layers = 2, HiddenSize = 48, Heads = 3, IntermediateSize = 80, VocabularySize = 100, MaxPositions = 32)]
        [SequenceClassification<Sentiment>]
        public partial class Model;
        public enum Sentiment { Negative, Positive }
        """;

    public List<(string Name, int[] Shape)> Tensors
    {
        get
        {
            List<(string, int[])> tensors =
            [
                ($"{Prefix}embeddings.word_embeddings.weight", [100, HiddenSize]),
                ($"{Prefix}embeddings.position_embeddings.weight", [32, HiddenSize]),
                ($"{Prefix}embeddings.token_type_embeddings.weight", [2, HiddenSize]),
                ($"{Prefix}embeddings.LayerNorm.weight", [HiddenSize]),
                ($"{Prefix}embeddings.LayerNorm.bias", [HiddenSize]),
            ];
            for (int layer = 0; layer < Layers; layer++)
            {
                string l = string.Create(CultureInfo.InvariantCulture, $"{Prefix}encoder.layer.{layer}.");
                foreach (string part in new[] { "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense" })
                {
                    tensors.Add(($"{l}{part}.weight", [HiddenSize, HiddenSize]));
                    tensors.Add(($"{l}{part}.bias", [HiddenSize]));
                }

                tensors.Add(($"{l}intermediate.dense.weight", [IntermediateSize, HiddenSize]));
                tensors.Add(($"{l}intermediate.dense.bias", [IntermediateSize]));
                tensors.Add(($"{l}output.dense.weight", [HiddenSize, IntermediateSize]));
                tensors.Add(($"{l}output.dense.bias", [HiddenSize]));
                foreach (string norm in new[] { "attention.output.LayerNorm", "output.LayerNorm" })
                {
                    tensors.Add(($"{l}{norm}.weight", [HiddenSize]));
                    tensors.Add(($"{l}{norm}.bias", [HiddenSize]));
                }
            }

            tensors.Add(($"{Prefix}pooler.dense.weight", [HiddenSize, HiddenSize]));
            tensors.Add(($"{Prefix}pooler.dense.bias", [HiddenSize]));
            tensors.Add(("classifier.weight", [Labels.Length, HiddenSize]));
            tensors.Add(("classifier.bias", [Labels.Length]));
            return tensors;
        }
    }

    public string Config => $$"""
        {
          "model_type": "bert", "hidden_size": {{HiddenSize}}, "num_hidden_layers": {{Layers}}, "num_attention_heads": 3,
          "intermediate_size": {{IntermediateSize}}, "vocab_size": 100, "max_position_embeddings": 32, "type_vocab_size": 2,
          "hidden_act": "gelu", "layer_norm_eps": 1e-12,
          "id2label": { {{string.Join(", ", Labels.Select((label, id) => $"\"{id}\": \"{label}\""))}} }
        }
        """;

    /// <summary>The text that the build writes for it.</summary>
    public string Facts(string missingHeads = "", Func<(string Name, int[] Shape), (string Name, int[] Shape)?>? edit = null)
    {
        StringBuilder text = new($"""
            model Model
            path models/sentiment
            config string model_type bert
            config number hidden_size {HiddenSize}
            config number num_hidden_layers {Layers}
            config number num_attention_heads 3
            config number intermediate_size {IntermediateSize}
            config number vocab_size 100
            config number max_position_embeddings 32
            config number layer_norm_eps 1e-12

            """);
        text.Append(missingHeads.Length > 0 ? $"missing-heads {missingHeads}\n" : "");
        for (int id = 0; id < Labels.Length; id++)
        {
            text.Append(CultureInfo.InvariantCulture, $"label - {id} {Labels[id]}\n");
        }

        foreach ((string Name, int[] Shape) tensor in Tensors)
        {
            if ((edit is null ? tensor : edit(tensor)) is { } kept)
            {
                text.Append(CultureInfo.InvariantCulture, $"tensor F32 {string.Join(",", kept.Shape)} {kept.Name}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Writes the folder; all weights are zeros, of which a build reads nothing but the header.</summary>
    public void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "config.json"), Config);
        long offset = 0;
        IEnumerable<string> entries = Tensors.Select(t =>
        {
            long start = offset;
            offset += 4 * t.Shape.Aggregate(1L, (product, dimension) => product * dimension);
            return string.Create(CultureInfo.InvariantCulture, $"\"{t.Name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(",", t.Shape)}],\"data_offsets\":[{start},{offset}]}}");
        });
        byte[] header = Encoding.UTF8.GetBytes("{\"__metadata__\":{\"format\":\"pt\"}," + string.Join(",", entries) + "}");
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[offset]]);
    }
}
