using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>From a Hugging Face folder or a pack file to weights in memory.</summary>
internal static class CheckpointReader
{
    /// <summary>Reads a checkpoint folder, by way of a fresh pack where there is one, or a pack file by its own path.</summary>
    /// <exception cref="CheckpointException">The checkpoint does not fit the model or cannot be read; lists all problems.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder or file.</exception>
    public static LoadedWeights Load(ModelDefinition definition, string path, WeightOptions options)
    {
        if (File.Exists(path))
        {
            return OpenPack(definition, path, options);
        }

        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"There is no checkpoint folder or pack file '{path}'.");
        }

        if (PackCache.Find(definition, path, options) is { } packed)
        {
            return packed;
        }

        LoadedWeights weights = ReadFolder(definition, path, options);
        try
        {
            PackCache.Keep(definition, path, weights, options);
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Initializes every weight from the seed.</summary>
    /// <param name="definition">The model.</param>
    /// <param name="seed">Same seed, same weights, on every machine.</param>
    /// <param name="files">Tokenizer files to keep for saving.</param>
    /// <param name="threads">Threads that pack; 0 for one a processor.</param>
    public static LoadedWeights Create(ModelDefinition definition, long seed, IReadOnlyList<CheckpointFile> files, int threads = 0)
    {
        var layout = new WeightLayout(definition);
        WeightArena arena = WeightArena.Allocate(definition.WeightFloats);
        WeightPacker.Pack(layout, definition.Parameters.Select(parameter => KeyValuePair.Create(parameter.Name, WeightInitializer.Values(parameter, seed))), arena, threads);
        return new LoadedWeights(arena, files)
        {
            Initialized = [.. definition.Parameters.Select(parameter => parameter.Name)],
            Seed = seed,
        };
    }

    /// <summary>A pack by its own path: there is no folder to compare it with, but it must be sound and of this class.</summary>
    private static LoadedWeights OpenPack(ModelDefinition definition, string path, WeightOptions options)
    {
        if (PackReader.Open(path, definition, out string reason) is not { } pack)
        {
            throw new CheckpointException(path, definition.Name, [$"It cannot be used as a pack file: {reason}. Load the checkpoint's folder and save the pack again."]);
        }

        if (options.VerifyContent && !pack.ContentIsRight())
        {
            pack.Weights.Dispose();
            throw new CheckpointException(path, definition.Name, ["Its weights do not have the SHA-256 that it names, or it names none. Load the checkpoint's folder and save the pack again."]);
        }

        return pack.Weights;
    }

    /// <summary>Reads the published files of a folder.</summary>
    private static LoadedWeights ReadFolder(ModelDefinition definition, string folder, WeightOptions options)
    {
        var layout = new WeightLayout(definition);
        var problems = new List<string>();

        // Each file is looked at before it is read: one that changes meanwhile makes the stamp a stale one, never a wrong one.
        List<SourceStamp.Entry> stamps = SourceStamp.Look(folder, SourceStamp.StandardNames, options.VerifyContent);
        List<CheckpointFile> files = SmallFiles.ReadAll(folder, SmallFiles.Names, problems);
        JsonObject? config = ReadConfig(folder, files, problems);
        using CheckpointTensors checkpoint = CheckpointTensors.Open(folder, options.VerifyContent, problems);
        var binder = new CheckpointBinder(definition, checkpoint, problems);
        bool readable = checkpoint.Tensors.Count > 0;
        if (readable)
        {
            binder.Bind(options.MissingHeads);
        }

        var permutations = new Dictionary<int, int[]>();
        if (config is not null)
        {
            ConfigChecker.Check(definition, config, problems);
            for (int head = 0; readable && head < definition.Heads.Count; head++)
            {
                CheckHead(definition.Heads[head], head, config, binder, permutations, problems);
            }
        }

        float deviation = binder.ToInitialize.Count > 0 ? InitializerRange(config, problems) : WeightInitializer.StandardDeviation;
        int? maxSequenceLength = CheckSentenceEmbedding(definition, files, problems);
        if (problems.Count > 0)
        {
            throw new CheckpointException(folder, definition.Name, problems);
        }

        WeightArena arena = WeightArena.Allocate(definition.WeightFloats);
        WeightPacker.Pack(layout, Values(definition, binder, permutations, options.Seed, deviation), arena, options.Threads);
        return new LoadedWeights(arena, files, new SourceStamp([.. stamps, .. checkpoint.ShardStamps]))
        {
            MaxSequenceLength = maxSequenceLength,
            Initialized = [.. binder.ToInitialize.Select(parameter => parameter.Name)],
            Seed = options.Seed,
        };
    }

    private static JsonObject? ReadConfig(string folder, List<CheckpointFile> files, List<string> problems)
    {
        if (files.Find(file => file.Name == SmallFiles.Config) is not { } file)
        {
            if (!File.Exists(Path.Combine(folder, SmallFiles.Config)))
            {
                problems.Add($"It has no {SmallFiles.Config}.");
            }

            return null;
        }

        try
        {
            return JsonFiles.Parse(file.Content.Span);
        }
        catch (JsonException exception)
        {
            problems.Add($"{SmallFiles.Config} cannot be read: {exception.Message}");
            return null;
        }
    }

    /// <summary>What the configuration says of a head that the checkpoint has; of one that it lacks it can say nothing that matters.</summary>
    private static void CheckHead(HeadDefinition head, int index, JsonObject config, CheckpointBinder binder, Dictionary<int, int[]> permutations, List<string> problems)
    {
        if (!binder.Has(index))
        {
            return;
        }

        JsonObject? section = LabelMatcher.Section(config, head);
        if (ConfigNames.ProblemType(head.Kind) is { } declared && section is not null
            && new ConfigFields(section, SmallFiles.Config, problems).Text("problem_type") is { } published && published != declared)
        {
            problems.Add($"{SmallFiles.Config} says problem_type '{MessageText.Of(published)}' for '{head.TensorName}'; the model declares {head.Kind}, which is '{declared}'.");
        }

        if (ConfigNames.HasLabels(head.Kind) && LabelMatcher.Match(head, section, problems) is { } permutation)
        {
            permutations.Add(index, permutation);
        }
    }

    private static int? CheckSentenceEmbedding(ModelDefinition definition, List<CheckpointFile> files, List<string> problems)
    {
        foreach (HeadDefinition head in definition.Heads)
        {
            if (head.Kind == HeadKind.SentenceEmbedding)
            {
                PoolingChecker.Check(head, files, problems);
            }
        }

        return files.Find(file => file.Name == SmallFiles.SentenceBert) is { } settings
            ? PoolingChecker.ReadMaxSequenceLength(settings.Content.Span, problems)
            : null;
    }

    private static IEnumerable<KeyValuePair<string, PublishedTensor>> Values(
        ModelDefinition definition, CheckpointBinder binder, Dictionary<int, int[]> permutations, long seed, float deviation)
    {
        foreach (ParameterDefinition parameter in definition.Parameters)
        {
            if (!binder.Found.TryGetValue(parameter.Name, out CheckpointTensors.Found? found))
            {
                yield return KeyValuePair.Create(parameter.Name, WeightInitializer.Values(parameter, seed, deviation));
            }
            else if (permutations.TryGetValue(parameter.Head, out int[]? permutation) && parameter.Shape[0] == permutation.Length)
            {
                yield return KeyValuePair.Create(parameter.Name, PublishedTensor.Values(Permute(found.Tensor.ToSingles(), permutation)));
            }
            else
            {
                yield return KeyValuePair.Create(parameter.Name, PublishedTensor.Stored(found.Tensor));
            }
        }
    }

    private static float InitializerRange(JsonObject? config, List<string> problems)
    {
        double range = new ConfigFields(config ?? [], SmallFiles.Config, problems).Number("initializer_range") ?? WeightInitializer.StandardDeviation;
        if (range is not (>= 0 and <= 1))
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{SmallFiles.Config} says initializer_range {range}; a standard deviation from 0 to 1 is expected."));
        }

        return (float)range;
    }

    /// <summary>Brings the rows of a head's matrix or bias into the order of its labels.</summary>
    private static float[] Permute(float[] published, int[] permutation)
    {
        int columns = published.Length / permutation.Length;
        float[] ordered = new float[published.Length];
        for (int i = 0; i < permutation.Length; i++)
        {
            published.AsSpan(permutation[i] * columns, columns).CopyTo(ordered.AsSpan(i * columns));
        }

        return ordered;
    }
}
