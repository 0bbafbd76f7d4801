using System.Text;
using System.Text.Json.Nodes;
using BertGen.CompilerServices;

namespace BertGen.Generator.Tests.Checkpoints;

/// <summary>A checkpoint folder of a model with all weights zero, to be broken before or after it is written.</summary>
internal sealed class SuspectFolder
{
    public SuspectFolder(ModelDefinition definition, string path)
    {
        Path = path;
        foreach (ParameterDefinition parameter in definition.Parameters)
        {
            Set(parameter.Name, TensorType.Float32, parameter.Shape);
        }

        EncoderDefinition encoder = definition.Encoder;
        Config = new JsonObject
        {
            ["model_type"] = "bert",
            ["hidden_size"] = encoder.HiddenSize,
            ["num_hidden_layers"] = encoder.Layers,
            ["num_attention_heads"] = encoder.Heads,
            ["intermediate_size"] = encoder.IntermediateSize,
            ["vocab_size"] = encoder.VocabularySize,
            ["max_position_embeddings"] = encoder.MaxPositions,
            ["type_vocab_size"] = encoder.TokenTypes,
            ["hidden_act"] = "gelu",
            ["layer_norm_eps"] = 1e-12,
        };
        foreach (HeadDefinition head in definition.Heads.Where(head => head.Labels.Count > 0))
        {
            SetLabels(head.Name, [.. head.Labels]);
        }

        Directory.CreateDirectory(path);
    }

    public string Path { get; }

    public JsonObject Config { get; }

    public Dictionary<string, SafetensorsTensor> Tensors { get; } = [];

    /// <summary>Done when all else is written.</summary>
    public List<Action> Afterwards { get; } = [];

    public void Set(string name, TensorType type, params int[] shape)
    {
        int bytes = type switch { TensorType.Float64 or TensorType.Int64 => 8, TensorType.Float16 or TensorType.BFloat16 => 2, _ => 4 };
        Tensors[name] = new SafetensorsTensor(type, Array.ConvertAll(shape, dimension => (long)dimension), new byte[bytes * shape.Aggregate(1, (product, dimension) => product * dimension)]);
    }

    public void Remove(string prefix) => Tensors.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList().ForEach(name => Tensors.Remove(name));

    /// <summary>The part of the configuration that speaks of a head.</summary>
    public JsonObject Section(string? head)
    {
        if (head is null)
        {
            return Config;
        }

        JsonObject own = Config["bertgen"] as JsonObject ?? [];
        JsonObject heads = own["heads"] as JsonObject ?? [];
        JsonObject section = heads[head] as JsonObject ?? [];
        Config["bertgen"] ??= own;
        own["heads"] ??= heads;
        heads[head] ??= section;
        return section;
    }

    public void SetLabels(string? head, params string[] labels)
    {
        Section(head)["id2label"] = new JsonObject(labels.Select((label, id) => KeyValuePair.Create(id.ToString(System.Globalization.CultureInfo.InvariantCulture), (JsonNode?)label)));
        Section(head)["label2id"] = new JsonObject(labels.Select((label, id) => KeyValuePair.Create(label, (JsonNode?)id)));
    }

    public void File(string name, string content) => Afterwards.Add(() =>
    {
        string file = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(file)!);
        System.IO.File.WriteAllText(file, content);
    });

    public void Delete(string name) => Afterwards.Add(() => System.IO.File.Delete(System.IO.Path.Combine(Path, name)));

    /// <summary>Changes the header of the weights after they are written, and leaves their bytes.</summary>
    public void Header(Func<string, string> edit) => Afterwards.Add(() =>
    {
        string file = System.IO.Path.Combine(Path, "model.safetensors");
        byte[] bytes = System.IO.File.ReadAllBytes(file);
        int length = (int)BitConverter.ToUInt64(bytes);
        string before = Encoding.UTF8.GetString(bytes, 8, length), after = edit(before);
        Assert.NotEqual(before, after);
        byte[] header = Encoding.UTF8.GetBytes(after);
        System.IO.File.WriteAllBytes(file, [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. bytes[(8 + length)..]]);
    });

    /// <summary>Splits the weights into two files, with an index that can be wrong.</summary>
    public void Shard(Action<JsonObject>? edit = null) => Afterwards.Add(() =>
    {
        JsonObject map = [];
        foreach (IGrouping<int, (KeyValuePair<string, SafetensorsTensor> Tensor, int)> shard in Tensors.Select((tensor, place) => (tensor, place)).GroupBy(entry => entry.place % 2))
        {
            string name = $"model-0000{shard.Key + 1}-of-00002.safetensors";
            SafetensorsFile.Write(System.IO.Path.Combine(Path, name), shard.Select(entry => entry.Tensor));
            foreach ((KeyValuePair<string, SafetensorsTensor> tensor, _) in shard)
            {
                map[tensor.Key] = name;
            }
        }

        edit?.Invoke(map);
        System.IO.File.Delete(System.IO.Path.Combine(Path, "model.safetensors"));
        System.IO.File.WriteAllText(System.IO.Path.Combine(Path, "model.safetensors.index.json"), new JsonObject { ["weight_map"] = map }.ToJsonString());
    });

    public void Write()
    {
        System.IO.File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), Config.ToJsonString());
        SafetensorsFile.Write(System.IO.Path.Combine(Path, "model.safetensors"), Tensors);
        Afterwards.ForEach(change => change());
    }
}
