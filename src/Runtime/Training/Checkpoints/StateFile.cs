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
                var hash = new StableHash();
                for (long start = 0; start < Bytes(arena); start += PartBytes)
                {
                    Span<byte> part = Part(arena, start);
                    stream.Write(part);
                    hash.Add(part);
                }

                hashes.Add((name, hash.Value));
            }
        });
        GC.KeepAlive(arenas);
        return hashes;
    }

    /// <summary>The hashes of stored arenas.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arenas">Names and lengths, in the order in which they were written.</param>
    /// <exception cref="IOException">There is no such file, or it has another length.</exception>
    public static IReadOnlyList<(string Name, UInt128 Hash)> Hashes(string path, IReadOnlyList<(string Name, WeightArena Arena)> arenas)
    {
        using FileStream stream = Open(path, arenas);
        List<(string, UInt128)> hashes = [];
        byte[] buffer = new byte[PartBytes];
        foreach ((string name, WeightArena arena) in arenas)
        {
            var hash = new StableHash();
            for (long start = 0; start < Bytes(arena); start += PartBytes)
            {
                Span<byte> part = buffer.AsSpan(0, Part(arena, start).Length);
                stream.ReadExactly(part);
                hash.Add(part);
            }

            hashes.Add((name, hash.Value));
        }

        return hashes;
    }

    /// <summary>Reads arenas in the order in which they were written.</summary>
    /// <exception cref="IOException">There is no such file, or it has another length.</exception>
    public static void Read(string path, IReadOnlyList<(string Name, WeightArena Arena)> arenas)
    {
        using FileStream stream = Open(path, arenas);
        foreach ((_, WeightArena arena) in arenas)
        {
            for (long start = 0; start < Bytes(arena); start += PartBytes)
            {
                stream.ReadExactly(Part(arena, start));
            }
        }

        GC.KeepAlive(arenas);
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

    private static FileStream Open(string path, IReadOnlyList<(string Name, WeightArena Arena)> arenas)
    {
        FileStream stream = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        long expected = arenas.Sum(arena => Bytes(arena.Arena));
        if (stream.Length == expected)
        {
            return stream;
        }

        long length = stream.Length;
        stream.Dispose();
        throw new IOException($"{Path.GetFileName(path)} has {length} bytes; {expected} are expected.");
    }

    private static long Bytes(WeightArena arena) => arena.Floats * sizeof(float);

    private static Span<byte> Part(WeightArena arena, long start) => new((byte*)arena.Pointer + start, (int)Math.Min(PartBytes, Bytes(arena) - start));
}
