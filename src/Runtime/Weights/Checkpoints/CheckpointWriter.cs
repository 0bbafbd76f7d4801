using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>From weights in memory to a Hugging Face folder or a pack file. Nothing is ever seen half-written.</summary>
internal static class CheckpointWriter
{
    /// <summary>Writes config.json, model.safetensors and the tokenizer's files to a folder, in place of what is there.</summary>
    /// <param name="definition">The model.</param>
    /// <param name="weights">Its weights and the files they came with.</param>
    /// <param name="folder">The folder to write; an earlier checkpoint in it is replaced, files of other kinds stay.</param>
    /// <param name="type">Number format of the weights.</param>
    public static void Save(ModelDefinition definition, LoadedWeights weights, string folder, WeightType type)
    {
        var files = new List<(string Name, Action<Stream> Write)>
        {
            (CheckpointTensors.SingleFile, stream => WriteWeights(definition, weights.Arena, stream, type)),
        };
        foreach (CheckpointFile file in weights.Files)
        {
            if (file.Name != SmallFiles.Config && Array.IndexOf(SmallFiles.Names, file.Name) >= 0)
            {
                files.Add((file.Name, stream => stream.Write(file.Content.Span)));
            }
        }

        foreach (CheckpointFile file in SentenceFiles.Missing(definition, weights))
        {
            files.Add((file.Name, stream => stream.Write(file.Content.Span)));
        }

        // Last: nothing loads from a folder without it.
        byte[] config = ConfigWriter.Write(definition, weights.File(SmallFiles.Config)?.Content, type);
        files.Add((SmallFiles.Config, stream => stream.Write(config)));
        FolderReplacement.Write(folder, files, Obsolete);
    }

    /// <summary>Writes a pack file: weights in kernel order and the small files, to be mapped by <see cref="CheckpointReader.Load"/>.</summary>
    /// <param name="definition">The model.</param>
    /// <param name="weights">Its weights and the files they came with.</param>
    /// <param name="path">The file; it can be loaded by its own path. To be found beside a checkpoint it must be named by <see cref="DefaultPackName"/>.</param>
    /// <param name="hashContent">Store SHA-256 of the weights.</param>
    public static void SavePacked(ModelDefinition definition, LoadedWeights weights, string path, bool hashContent = false) =>
        PackWriter.Write(path, definition, weights, hashContent);

    /// <summary>Name of the pack that is looked for in a checkpoint's folder.</summary>
    public static string DefaultPackName(ModelDefinition definition) => definition.Name + ".bertgen";

    /// <summary>What of an earlier checkpoint would contradict the new one: every weight file, pack, and file about the tokenizer; never the checkpoints in folders below.</summary>
    private static IEnumerable<string> Obsolete(string folder) =>
        SmallFiles.Names.Concat(Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Where(IsWeights));

    private static bool IsWeights(string name) =>
        name.EndsWith(".safetensors", StringComparison.Ordinal)
        || name.EndsWith(".bertgen", StringComparison.Ordinal)
        || name.StartsWith("pytorch_model", StringComparison.Ordinal)
        || name == CheckpointTensors.IndexFile;

    private static void WriteWeights(ModelDefinition definition, WeightArena arena, Stream stream, WeightType type)
    {
        var layout = new WeightLayout(definition);
        TensorType stored = FloatFormats.Stored(type);
        var items = new List<SafetensorsWriter.Item>();
        foreach (ParameterDefinition parameter in definition.Parameters)
        {
            long elements = 1;
            foreach (int dimension in parameter.Shape)
            {
                elements *= dimension;
            }

            items.Add(new SafetensorsWriter.Item(
                parameter.Name,
                stored,
                Array.ConvertAll(parameter.Shape, dimension => (long)dimension),
                elements * FloatFormats.Bytes(stored),
                target => WriteTensor(WeightPacker.Unpack(layout, parameter.Name, arena), stored, target)));
        }

        SafetensorsWriter.Write(stream, items, metadata: null);
    }

    private static void WriteTensor(float[] values, TensorType type, Stream stream)
    {
        const int Part = 1 << 20;
        byte[] buffer = new byte[Part * FloatFormats.Bytes(type)];
        for (int start = 0; start < values.Length; start += Part)
        {
            int count = Math.Min(Part, values.Length - start);
            Span<byte> bytes = buffer.AsSpan(0, count * FloatFormats.Bytes(type));
            FloatFormats.Narrow(type, values.AsSpan(start, count), bytes);
            stream.Write(bytes);
        }
    }
}
