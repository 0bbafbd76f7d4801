using System.Text;

namespace BertGen.Data;

/// <summary>Reads sentences of a corpus as tokens, from any place on.</summary>
/// <param name="text">The corpus.</param>
/// <param name="tokenizer">Makes the tokens.</param>
/// <param name="longest">Tokens of a sentence at most: a longer one is read as several, so that none of it is lost.</param>
/// <param name="readBytes">Bytes that are read at a time.</param>
internal sealed class SentenceReader(CorpusText text, ITextTokenizer tokenizer, int longest, int readBytes) : IDisposable
{
    private readonly Stream _stream = text.Open();
    private readonly TextPieces _pieces = new();
    private readonly Queue<int[]> _parts = [];
    private byte[] _buffer = new byte[readBytes];
    private int _from;
    private int _count;

    // Bytes of the document that are not in the buffer yet.
    private long _left;

    /// <summary>Goes to a document.</summary>
    public void Open(int document)
    {
        (long start, long end) = text.Document(document);
        Seek(start, end);
    }

    /// <summary>Goes to the sentence behind a random place of a document; to its first where that place is in the last.</summary>
    public void OpenWithin(int document, ref RandomNumbers random)
    {
        (long start, long end) = text.Document(document);
        Seek(start + random.Below(end - start), end);
        if (!TryReadLine(out _) || (_left == 0 && _from == _count))
        {
            Seek(start, end);
        }
    }

    /// <summary>Reads the next sentence that has tokens.</summary>
    /// <returns>False at the end of the document.</returns>
    public bool TryRead(out int[] sentence)
    {
        while (!_parts.TryDequeue(out sentence!))
        {
            if (!TryReadLine(out ReadOnlySpan<byte> line))
            {
                sentence = [];
                return false;
            }

            _pieces.Clear();
            tokenizer.Append(Encoding.UTF8.GetString(line), _pieces);
            for (int start = 0; start < _pieces.Count; start += longest)
            {
                _parts.Enqueue(_pieces.Ids.Slice(start, Math.Min(longest, _pieces.Count - start)).ToArray());
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private void Seek(long start, long end)
    {
        _stream.Position = start;
        _left = end - start;
        _from = _count = 0;
        _parts.Clear();
    }

    /// <summary>The next line without its end; valid until the next call.</summary>
    private bool TryReadLine(out ReadOnlySpan<byte> line)
    {
        int searched = _from;
        int end;
        while ((end = _buffer.AsSpan(searched, _count - searched).IndexOf((byte)'\n')) < 0 && _left > 0)
        {
            int known = _count - _from;
            Fill();
            searched = _from + known;
        }

        int stop = end < 0 ? _count : searched + end;
        line = _buffer.AsSpan(_from, stop - _from);
        bool isThere = end >= 0 || stop > _from;
        _from = Math.Min(_count, stop + 1);
        return isThere;
    }

    /// <summary>Reads more behind what is left in the buffer, which moves to its beginning.</summary>
    private void Fill()
    {
        _buffer.AsSpan(_from, _count - _from).CopyTo(_buffer);
        (_from, _count) = (0, _count - _from);
        if (_count == _buffer.Length)
        {
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        }

        int read = _stream.Read(_buffer, _count, (int)Math.Min(_left, _buffer.Length - _count));
        if (read == 0)
        {
            throw new EndOfStreamException("The corpus became shorter while it was read. Leave the file as it is while it is used.");
        }

        _count += read;
        _left -= read;
    }
}
