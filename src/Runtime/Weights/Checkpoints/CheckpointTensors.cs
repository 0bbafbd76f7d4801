using System.Text.Json;
using System.Text.Json.Nodes;

namespace BertGen.Weights;

/// <summary>The weight files of a checkpoint folder, open, with their tensors by canonical name.</summary>
internal sealed class CheckpointTensors : IDisposable
{
    public const string SingleFile = "model.safetensors";
    public const string IndexFile = "model.safetensors.index.json";

    private readonly List<SafetensorsFile> _files = [];
    private readonly Dictionary<string, Found> _tensors = new(StringComparer.Ordinal);

    private CheckpointTensors()
    {
    }

    /// <summary>A tensor, the name it is published under and the file it lies in.</summary>
    public sealed record Found(string PublishedName, string File, SafetensorsTensor Tensor)
    {
        /// <summary>Where it lies, as messages name it.</summary>
        public override string ToString() => $"'{MessageText.Of(PublishedName)}' in {MessageText.Of(File)}";
    }

    /// <summary>Tensors by canonical name.</summary>
    public IReadOnlyDictionary<string, Found> Tensors => _tensors;

    /// <summary>What the files that the index lists looked like before they were opened; empty where the weights are one file.</summary>
    public List<SourceStamp.Entry> ShardStamps { get; } = [];

    /// <summary>The file that holds the weights of a folder, or lists those that do; null where there is neither.</summary>
    public static string? FindMain(string folder) =>
        File.Exists(Path.Combine(folder, SingleFile)) ? SingleFile
        : File.Exists(Path.Combine(folder, IndexFile)) ? IndexFile
        : null;

    /// <summary>Opens a folder's weights. What is wrong with them is added to <paramref name="problems"/>.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="hashContent">Hash whole shards for their stamps.</param>
    /// <param name="problems">Problems found so far.</param>
    public static CheckpointTensors Open(string folder, bool hashContent, List<string> problems)
    {
        var tensors = new CheckpointTensors();
        switch (FindMain(folder))
        {
            case SingleFile:
                tensors.Add(folder, SingleFile, null, problems);
                break;
            case IndexFile:
                tensors.AddShards(folder, hashContent, problems);
                break;
            default:
                problems.Add(WhatIsMissing(folder));
                break;
        }

        return tensors;
    }

    /// <inheritdoc/>
    public void Dispose() => _files.ForEach(file => file.Dispose());

    private static string WhatIsMissing(string folder)
    {
        foreach (string other in (string[])["pytorch_model.bin", "pytorch_model.bin.index.json", "tf_model.h5", "flax_model.msgpack"])
        {
            if (File.Exists(Path.Combine(folder, other)))
            {
                return $"It has {other} but no {SingleFile}. That format can run code when it is read, so it is not supported; convert it once in Python: "
                    + "AutoModel.from_pretrained(folder).save_pretrained(folder, safe_serialization=True), with the model class of your task in place of AutoModel.";
            }
        }

        return $"It has no {SingleFile} and no {IndexFile}.";
    }

    private void AddShards(string folder, bool hashContent, List<string> problems)
    {
        var shards = new SortedDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        try
        {
            JsonObject index = JsonFiles.Parse(SmallFiles.Read(Path.Combine(folder, IndexFile)));
            if (index["weight_map"] is not JsonObject map)
            {
                problems.Add($"{IndexFile} has no object 'weight_map'.");
                return;
            }

            foreach ((string tensor, JsonNode? node) in map)
            {
                if (node is not JsonValue value || !value.TryGetValue(out string? file) || !IsPlainName(file))
                {
                    problems.Add($"{IndexFile} places '{MessageText.Of(tensor)}' in something that is no name of a file in the folder.");
                    continue;
                }

                if (!shards.TryGetValue(file, out HashSet<string>? names))
                {
                    shards.Add(file, names = new HashSet<string>(StringComparer.Ordinal));
                }

                names.Add(tensor);
            }
        }
        catch (Exception exception) when (exception is JsonException || SmallFiles.IsUnreadable(exception))
        {
            problems.Add($"{IndexFile} cannot be read: {exception.Message}");
            return;
        }

        foreach ((string file, HashSet<string> names) in shards)
        {
            ShardStamps.AddRange(SourceStamp.Look(folder, [file], hashContent));
            Add(folder, file, names, problems);
        }
    }

    /// <summary>Adds the tensors of one file; of a shard exactly those that the index places there.</summary>
    private void Add(string folder, string name, HashSet<string>? expected, List<string> problems)
    {
        SafetensorsFile file;
        try
        {
            file = SafetensorsFile.Open(Path.Combine(folder, name));
        }
        catch (FileNotFoundException)
        {
            problems.Add($"The file {MessageText.Of(name)}, which {IndexFile} names, is missing.");
            return;
        }
        catch (Exception exception) when (SmallFiles.IsUnreadable(exception))
        {
            problems.Add(exception.Message);
            return;
        }

        _files.Add(file);
        foreach ((string published, SafetensorsTensor tensor) in file.Tensors)
        {
            if (expected is not null && !expected.Remove(published))
            {
                problems.Add($"Weight '{MessageText.Of(published)}' lies in {MessageText.Of(name)}, where {IndexFile} does not place it.");
                continue;
            }

            if (CheckpointNames.IsIgnored(published))
            {
                continue;
            }

            string canonical = CheckpointNames.Canonical(published);
            if (!_tensors.TryAdd(canonical, new Found(published, name, tensor)))
            {
                problems.Add($"Weights '{MessageText.Of(_tensors[canonical].PublishedName)}' and '{MessageText.Of(published)}' are two spellings of one weight.");
            }
        }

        foreach (string missing in expected ?? [])
        {
            problems.Add($"Weight '{MessageText.Of(missing)}' is not in {MessageText.Of(name)}, where {IndexFile} places it.");
        }
    }

    /// <summary>A name within the folder: nothing that leads elsewhere.</summary>
    private static bool IsPlainName(string name) =>
        name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny("/\\:\0") < 0;
}
