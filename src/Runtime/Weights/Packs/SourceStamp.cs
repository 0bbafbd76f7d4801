using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;

namespace BertGen.Weights;

/// <summary>What a checkpoint folder looked like: how a pack tells whether it is still the pack of that folder.</summary>
/// <remarks>
/// A file counts as unchanged when its length and time are, and of a weight file also the hash of its header. Hashing BERT-base as a
/// whole takes longer than loading it, so that is done on request only; then contents alone decide, and times may differ.
/// </remarks>
internal sealed class SourceStamp(IReadOnlyList<SourceStamp.Entry> files)
{
    /// <summary>One file: where the content was not hashed <paramref name="Content"/> is empty.</summary>
    public sealed record Entry(string Name, long Length, long Time, UInt128 Header, ReadOnlyMemory<byte> Content);

    /// <summary>The files that exist, weights first.</summary>
    public IReadOnlyList<Entry> Files { get; } = files;

    /// <summary>The files that are looked for in every folder; shards come in addition.</summary>
    public static readonly string[] StandardNames = [CheckpointTensors.SingleFile, CheckpointTensors.IndexFile, .. SmallFiles.Names];

    /// <summary>Looks at those files of a folder that exist.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="names">Files to look for.</param>
    /// <param name="content">Hash each file as a whole.</param>
    public static List<Entry> Look(string folder, IEnumerable<string> names, bool content)
    {
        var entries = new List<Entry>();
        foreach (string name in names)
        {
            if (Look(folder, name, content) is { } entry)
            {
                entries.Add(entry);
            }
        }

        return entries;
    }

    /// <summary>True where the folder still looks the same: every file as it was, and none more.</summary>
    public bool Matches(string folder, bool content)
    {
        foreach (Entry was in Files)
        {
            if ((content && was.Content.IsEmpty) || Look(folder, was.Name, content) is not { } now || now.Length != was.Length || now.Header != was.Header
                || (content ? !now.Content.Span.SequenceEqual(was.Content.Span) : now.Time != was.Time))
            {
                return false;
            }
        }

        foreach (string name in StandardNames)
        {
            if (!Has(name) && File.Exists(Path.Combine(folder, name)))
            {
                return false;
            }
        }

        return Files.Count > 0;
    }

    private bool Has(string name)
    {
        foreach (Entry file in Files)
        {
            if (file.Name == name)
            {
                return true;
            }
        }

        return false;
    }

    private static Entry? Look(string folder, string name, bool content)
    {
        string path = Path.Combine(folder, name);
        bool isWeights = name.EndsWith(".safetensors", StringComparison.Ordinal);
        var info = new FileInfo(path);
        if (!info.Exists)
        {
            return null;
        }

        if (!isWeights && !content)
        {
            return new Entry(name, info.Length, info.LastWriteTimeUtc.Ticks, UInt128.Zero, default);   // one call of the system, nothing opened
        }

        try
        {
            return Open(path, name, isWeights, content);
        }
        catch (Exception exception) when (SmallFiles.IsUnreadable(exception))
        {
            // Equal to no file that was ever read; reading it will report why.
            const long NoLength = -1;
            return new Entry(name, NoLength, 0, UInt128.Zero, default);
        }
    }

    private static Entry Open(string path, string name, bool isWeights, bool content)
    {
        using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        long length = RandomAccess.GetLength(file);
        UInt128 header = isWeights ? HashHeader(path, file, length) : UInt128.Zero;
        return new Entry(name, length, File.GetLastWriteTimeUtc(file).Ticks, header, content ? HashContent(file, length) : default);
    }

    /// <summary>Hash of a safetensors header; zero where its length is impossible, which reading will report.</summary>
    private static UInt128 HashHeader(string path, SafeFileHandle file, long fileLength)
    {
        Span<byte> first = stackalloc byte[8];
        int length;
        try
        {
            length = SafetensorsHeader.ReadLength(path, first[..RandomAccess.Read(file, first, 0)], fileLength);
        }
        catch (InvalidDataException)
        {
            return UInt128.Zero;
        }

        byte[] header = new byte[length];   // at most what the file holds
        int read = 0;
        while (read < length && RandomAccess.Read(file, header.AsSpan(read), 8 + read) is > 0 and int more)
        {
            read += more;
        }

        return StableHash.Of(header);
    }

    private static byte[] HashContent(SafeFileHandle file, long length)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = new byte[1 << 20];
        long done = 0;
        while (done < length && RandomAccess.Read(file, buffer, done) is > 0 and int read)
        {
            hash.AppendData(buffer, 0, read);
            done += read;
        }

        return hash.GetHashAndReset();
    }
}
