namespace BertGen.Data;

/// <summary>Packs whole sentences of a document into one segment after another, for models without next-sentence prediction.</summary>
/// <param name="text">The corpus.</param>
/// <param name="tokenizer">Makes the tokens.</param>
/// <param name="room">Tokens of a segment at most.</param>
internal sealed class SegmentPacker(CorpusText text, ITextTokenizer tokenizer, int room) : ITextPacker
{
    private const int ReadBytes = 1 << 16;

    private readonly SentenceReader _reader = new(text, tokenizer, room, ReadBytes);

    public IEnumerable<PackedText> Pack(int document, RandomNumbers random)
    {
        _reader.Open(document);
        List<int> segment = [];
        while (_reader.TryRead(out int[] sentence))
        {
            if (segment.Count + sentence.Length > room)
            {
                yield return new PackedText([.. segment], null, IsNext: false);
                segment.Clear();
            }

            segment.AddRange(sentence);
        }

        if (segment.Count > 0)
        {
            yield return new PackedText([.. segment], null, IsNext: false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();
}
