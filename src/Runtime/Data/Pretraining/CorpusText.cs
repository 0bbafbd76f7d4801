using System.Buffers;

namespace BertGen.Data;

/// <summary>The bytes of a corpus and where its documents lie in them.</summary>
internal sealed class CorpusText
{
    private readonly Func<Stream> _open;
    private readonly long[] _starts;
    private readonly long[] _ends;
    private readonly long _length;
    private readonly string _name;

    private CorpusText(Func<Stream> open, string name)
    {
        _open = open;
        _name = name;
        using Stream stream = open();
        _length = stream.Length;
        DocumentScanner scanner = new();
        scanner.Read(stream);
        (_starts, _ends, SentenceCount) = ([.. scanner.Starts], [.. scanner.Ends], scanner.SentenceCount);
        if (_starts.Length == 0)
        {
            throw new InvalidDataException($"{name} has no sentence. A corpus has a sentence a line, and a blank line between documents.");
        }
    }

    public int DocumentCount => _starts.Length;

    public long SentenceCount { get; }

    public static CorpusText OfFile(string path) =>
        new(() => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0), $"'{path}'");

    public static CorpusText OfMemory(byte[] bytes, int length) => new(() => new MemoryStream(bytes, 0, length, writable: false), "The corpus");

    /// <summary>First byte of a document and the byte after its last.</summary>
    public (long Start, long End) Document(int index) => (_starts[index], _ends[index]);

    /// <summary>Opens the bytes; the caller disposes the stream.</summary>
    /// <exception cref="InvalidDataException">The file is no longer what it was.</exception>
    public Stream Open()
    {
        Stream stream = _open();
        if (stream.Length == _length)
        {
            return stream;
        }

        long length = stream.Length;
        stream.Dispose();
        throw new InvalidDataException($"{_name} had {_length} bytes when the corpus was made and now has {length}. Leave the file as it is while it is used, or make the corpus again.");
    }

    /// <summary>A number that tells corpora apart: FNV-1a over where the documents lie.</summary>
    public ulong Fingerprint()
    {
        ulong hash = 0xCBF29CE484222325;
        for (int i = 0; i < _starts.Length; i++)
        {
            hash = (hash ^ (ulong)_starts[i]) * 0x100000001B3;
            hash = (hash ^ (ulong)_ends[i]) * 0x100000001B3;
        }

        return hash;
    }

    /// <summary>Finds documents: runs of lines that are not blank.</summary>
    private sealed class DocumentScanner
    {
        private static readonly SearchValues<byte> s_blank = SearchValues.Create(" \t\r\v\f"u8);

        // State of the line and the document being read.
        private long _lineStart;
        private bool _isBlank = true;
        private bool _isInside;

        public List<long> Starts { get; } = [];

        public List<long> Ends { get; } = [];

        public long SentenceCount { get; private set; }

        public void Read(Stream stream)
        {
            byte[] buffer = new byte[1 << 16];
            long position = 0;
            int read;
            while ((read = stream.Read(buffer)) > 0)
            {
                ReadOnlySpan<byte> bytes = buffer.AsSpan(0, read);
                if (position == 0 && bytes.StartsWith(System.Text.Encoding.UTF8.Preamble))
                {
                    bytes = bytes[3..];
                    position = _lineStart = 3;
                }

                while (bytes.IndexOf((byte)'\n') is var end and >= 0)
                {
                    Part(bytes[..end]);
                    EndLine(position + end);
                    bytes = bytes[(end + 1)..];
                    position += end + 1;
                    _lineStart = position;
                }

                Part(bytes);
                position += bytes.Length;
            }

            EndLine(position);
            if (_isInside)
            {
                Ends.Add(position);
            }
        }

        private void Part(ReadOnlySpan<byte> bytes) => _isBlank &= !bytes.ContainsAnyExcept(s_blank);

        private void EndLine(long end)
        {
            if (_isBlank && _isInside)
            {
                Ends.Add(_lineStart);
                _isInside = false;
            }
            else if (!_isBlank)
            {
                SentenceCount++;
                if (!_isInside)
                {
                    Starts.Add(_lineStart);
                    _isInside = true;
                }
            }

            _isBlank = true;
        }
    }
}
