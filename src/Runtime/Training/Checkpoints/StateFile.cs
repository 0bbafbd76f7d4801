using BertGen.Weights;

namespace BertGen.Training;

/// <summary>The floats of a training checkpoint: arenas one after another, little-endian, in the order of the kernels, so that no bit changes.</summary>
internal static unsafe class StateFile
{
    private const string Prefix = "state-";
    private const string Suffix = ".bin";
    private const int PartBytes = 1 << 22;

    /// <summary>A name that no other state has.</summary>
    public static string FreshName() => $"{Prefix}{Guid.NewGuid():N}{Suffix}";

    /// <summary>Writes arenas and waits until the disk has them.</summary>
    /// <returns>The hash of each.</returns>
    public static IReadOnlyList<(string Name, UInt128 Hash)> Write(string path, IReadOnlyList<(string Name, WeightArena Arena)> arenas)
    {
        List<(string, UInt128)> hashes = [];
        AtomicFile.WriteFlushed(path, stream =>
        {
            foreach ((string name, WeightArena arena) in arenas)
            {
                hashes.Add((name, Through(arena, stream, static (stream, part) => stream.Write(part))));
            }
        });
        return hashes;
    }

    /// <summary>Reads arenas in the order in which they were written.</summary>
    /// <returns>The hash of each.</returns>
    /// <exception cref="IOException">There is no such file, or it has another length.</exception>
    public static IReadOnlyList<(string Name, UInt128 Hash)> Read(string path, IReadOnlyList<(string Name, WeightArena Arena)> arenas)
    {
        using FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long expected = arenas.Sum(arena => arena.Arena.Floats) * sizeof(float);
        if (stream.Length != expected)
        {
            throw new IOException($"{Path.GetFileName(path)} has {stream.Length} bytes; {expected} are expected.");
        }

        List<(string, UInt128)> hashes = [];
        foreach ((string name, WeightArena arena) in arenas)
        {
            hashes.Add((name, Through(arena, stream, static (stream, part) => stream.ReadExactly(part))));
        }

        return hashes;
    }

    /// <summary>Deletes states that no manifest names any more, also those of writers that were killed.</summary>
    public static void DeleteOthers(string folder, string kept)
    {
        foreach (string file in Directory.EnumerateFiles(folder, $"{Prefix}*{Suffix}").Concat(Directory.EnumerateFiles(folder, $".{RunManifest.FileName}.*.tmp")))
        {
            if (Path.GetFileName(file) != kept)
            {
                File.Delete(file);
            }
        }
    }

    private delegate void Transfer(Stream stream, Span<byte> part);

    private static UInt128 Through(WeightArena arena, Stream stream, Transfer transfer)
    {
        var hash = new StableHash();
        long bytes = arena.Floats * sizeof(float);
        for (long start = 0; start < bytes; start += PartBytes)
        {
            Span<byte> part = new((byte*)arena.Pointer + start, (int)Math.Min(PartBytes, bytes - start));
            transfer(stream, part);
            hash.Add(part);
        }

        GC.KeepAlive(arena);
        return hash.Value;
    }
}
