using System.Buffers.Binary;
using System.Security.Cryptography;
using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>Writes pack files.</summary>
internal static unsafe class PackWriter
{
    /// <summary>Writes a pack under a temporary name, flushes and renames: processes that write the same one at once do no harm.</summary>
    /// <param name="path">The file.</param>
    /// <param name="definition">The model.</param>
    /// <param name="weights">Its weights; with their source, the pack serves that folder, without, only its own path.</param>
    /// <param name="hashWeights">Store SHA-256 of the weights.</param>
    public static void Write(string path, ModelDefinition definition, LoadedWeights weights, bool hashWeights)
    {
        WeightArena arena = weights.Arena;
        byte[] head = Head(definition, weights, hashWeights ? Hash(arena) : []);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(head);
            foreach ((nint start, int length) in Parts(arena))
            {
                stream.Write(new ReadOnlySpan<byte>((void*)start, length));
            }
        });
    }

    /// <summary>SHA-256 of an arena.</summary>
    public static byte[] Hash(WeightArena arena)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach ((nint start, int length) in Parts(arena))
        {
            hash.AppendData(new ReadOnlySpan<byte>((void*)start, length));
        }

        return hash.GetHashAndReset();
    }

    private static byte[] Head(ModelDefinition definition, LoadedWeights weights, byte[] hash)
    {
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(new byte[PackFormat.FixedBytes]);
        WriteTables(writer, weights, hash);
        foreach (CheckpointFile file in weights.Files)
        {
            writer.Write(file.Content.Span);
        }

        writer.Flush();
        int length = (int)buffer.Length;
        byte[] head = new byte[(length + PackFormat.PageBytes - 1) / PackFormat.PageBytes * PackFormat.PageBytes];
        buffer.GetBuffer().AsSpan(0, length).CopyTo(head);
        Span<byte> fields = head;
        BinaryPrimitives.WriteUInt64LittleEndian(fields, PackFormat.Magic);
        BinaryPrimitives.WriteInt32LittleEndian(fields[8..], PackFormat.Version);
        BinaryPrimitives.WriteInt32LittleEndian(fields[12..], PackedPanels.Width);
        BinaryPrimitives.WriteUInt128LittleEndian(fields[16..], DefinitionFingerprint.Of(definition));
        BinaryPrimitives.WriteInt64LittleEndian(fields[48..], length);
        BinaryPrimitives.WriteInt64LittleEndian(fields[64..], head.Length);
        BinaryPrimitives.WriteInt64LittleEndian(fields[72..], weights.Arena.Floats);
        BinaryPrimitives.WriteInt64LittleEndian(fields[80..], head.Length + weights.Arena.Floats * sizeof(float));
        BinaryPrimitives.WriteInt64LittleEndian(fields[88..], weights.MaxSequenceLength ?? -1);
        BinaryPrimitives.WriteInt64LittleEndian(fields[96..], weights.Seed);
        BinaryPrimitives.WriteUInt128LittleEndian(fields[32..], StableHash.Of(head.AsSpan(PackFormat.ChecksumStart)));
        return head;
    }

    private static void WriteTables(BinaryWriter writer, LoadedWeights weights, byte[] hash)
    {
        writer.Write(weights.Initialized.Count);
        foreach (string name in weights.Initialized)
        {
            PackFormat.WriteText(writer, name);
        }

        IReadOnlyList<SourceStamp.Entry> sources = weights.Source?.Files ?? [];
        writer.Write(sources.Count);
        foreach (SourceStamp.Entry source in sources)
        {
            PackFormat.WriteText(writer, source.Name);
            writer.Write(source.Length);
            writer.Write(source.Time);
            writer.Write((ulong)source.Header);
            writer.Write((ulong)(source.Header >> 64));
            writer.Write(source.Content.Length);
            writer.Write(source.Content.Span);
        }

        writer.Write(weights.Files.Count);
        foreach (CheckpointFile file in weights.Files)
        {
            PackFormat.WriteText(writer, file.Name);
            writer.Write(file.Content.Length);
        }

        writer.Write(hash.Length);
        writer.Write(hash);
    }

    private static List<(nint Start, int Length)> Parts(WeightArena arena)
    {
        const long Part = 1 << 24;
        var parts = new List<(nint, int)>();
        long bytes = arena.Floats * sizeof(float);
        for (long start = 0; start < bytes; start += Part)
        {
            parts.Add(((nint)arena.Pointer + (nint)start, (int)Math.Min(Part, bytes - start)));
        }

        return parts;
    }
}
