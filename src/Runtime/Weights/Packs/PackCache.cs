using System.Globalization;
using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>Finds the pack of a checkpoint folder, and keeps one. A pack that does not match in every respect is ignored and made anew.</summary>
internal static class PackCache
{
    /// <summary>A fresh pack beside the checkpoint or in the cache; null where there is none.</summary>
    public static LoadedWeights? Find(ModelDefinition definition, string folder, WeightOptions options)
    {
        LoadedWeights? found = Try(Path.Combine(folder, CheckpointWriter.DefaultPackName(definition)), definition, folder, options);
        return found ?? (options.PackedCache is null ? null : Try(PathInCache(definition, folder, options.PackedCache), definition, folder, options));
    }

    /// <summary>Keeps a pack of a folder that was just read, where the options name a cache.</summary>
    /// <exception cref="IOException">The cache cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The cache cannot be written.</exception>
    public static void Keep(ModelDefinition definition, string folder, LoadedWeights weights, WeightOptions options)
    {
        if (options.PackedCache is null)
        {
            return;
        }

        Directory.CreateDirectory(options.PackedCache);
        string path = PathInCache(definition, folder, options.PackedCache);
        try
        {
            CheckpointWriter.SavePacked(definition, weights, path, options.VerifyContent);
        }
        catch (IOException)
        {
            // Where a mapped file cannot be replaced, another process may just have kept the same pack.
            using LoadedWeights? other = Try(path, definition, folder, options);
            if (other is null)
            {
                throw;
            }
        }
    }

    /// <summary>Where the cache keeps the pack of a folder: the class's name, and a hash of the folder's path and of all that the class declares, so that two classes of one name each keep theirs.</summary>
    public static string PathInCache(ModelDefinition definition, string folder, string cache)
    {
        var hash = new StableHash();
        hash.Add(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)));
        UInt128 fingerprint = DefinitionFingerprint.Of(definition);
        hash.Add((long)(ulong)fingerprint);
        hash.Add((long)(ulong)(fingerprint >> 64));
        string name = ((ulong)hash.Value).ToString("x16", CultureInfo.InvariantCulture);
        return Path.Combine(cache, $"{definition.Name}-{name}.bertgen");
    }

    private static LoadedWeights? Try(string path, ModelDefinition definition, string folder, WeightOptions options)
    {
        if (!File.Exists(path) || PackReader.Open(path, definition, out _) is not { } pack)
        {
            return null;
        }

        if (IsFresh(pack, folder, options))
        {
            return pack.Weights;
        }

        pack.Weights.Dispose();
        return null;
    }

    private static bool IsFresh(PackReader.Pack pack, string folder, WeightOptions options)
    {
        LoadedWeights weights = pack.Weights;
        bool sameHeads = weights.Initialized.Count == 0 || (options.MissingHeads == MissingHeads.Initialize && options.Seed == weights.Seed);
        return sameHeads
            && weights.Source is { } source && source.Matches(folder, options.VerifyContent)
            && (!options.VerifyContent || pack.ContentIsRight());
    }
}
