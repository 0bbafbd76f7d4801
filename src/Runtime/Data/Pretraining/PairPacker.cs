namespace BertGen.Data;

/// <summary>Packs the sentences of a document into pairs of segments: half of the second segments follow the first, the others come from another document.</summary>
/// <remarks>
/// As published (Devlin et al., 2019, appendix A.2): sentences are gathered up to the length, cut at a random sentence into two segments, and where the second is replaced its sentences
/// are packed again. One text in ten is shorter, so that the model meets short texts too. Unlike there, a sentence that would be too much waits for the next text instead of being cut.
/// </remarks>
internal sealed class PairPacker : ITextPacker
{
    private const double ShortShare = 0.1;
    private const int ShortestTarget = 2;
    private const int ReadBytes = 1 << 16;

    // A segment from elsewhere has a few sentences.
    private const int ReadBytesElsewhere = 1 << 12;

    // A document may be without any token (control characters).
    private const int Attempts = 16;

    private readonly int _room;
    private readonly int _documents;
    private readonly SentenceReader _reader;
    private readonly SentenceReader _elsewhere;

    // Sentences that were read and not packed, in order.
    private readonly LinkedList<int[]> _waiting = [];

    // Second segments that should have followed but could not, because the first was the end of its document: so many later ones follow that would not have.
    private int _owed;

    /// <param name="text">The corpus, of at least two documents.</param>
    /// <param name="tokenizer">Makes the tokens.</param>
    /// <param name="room">Tokens of both segments at most.</param>
    public PairPacker(CorpusText text, ITextTokenizer tokenizer, int room)
    {
        _room = room;
        _documents = text.DocumentCount;

        // Two of the longest sentences make a pair.
        _reader = new SentenceReader(text, tokenizer, room / 2, ReadBytes);
        _elsewhere = new SentenceReader(text, tokenizer, room / 2, ReadBytesElsewhere);
    }

    public IEnumerable<PackedText> Pack(int document, RandomNumbers random)
    {
        _reader.Open(document);
        _waiting.Clear();
        List<int[]> sentences = [];
        while (true)
        {
            int target = random.NextDouble() < ShortShare ? ShortestTarget + random.Below(_room - ShortestTarget + 1) : _room;
            bool drawn = random.NextDouble() < 0.5;
            bool follows = drawn || _owed > 0;
            Gather(sentences, target, follows ? 2 : 1);
            if (sentences.Count == 0)
            {
                yield break;
            }

            follows &= sentences.Count > 1;
            _owed += (drawn ? 1 : 0) - (follows ? 1 : 0);
            int cut = sentences.Count == 1 ? 1 : 1 + random.Below(sentences.Count - 1);
            List<int> first = Join(sentences[..cut]);
            if (!follows)
            {
                PutBack(sentences, cut);
            }

            List<int> second = follows ? Join(sentences[cut..]) : Elsewhere(document, target - first.Count, ref random);
            if (second.Count > 0)
            {
                Cut(first, second, ref random);
                yield return new PackedText([.. first], [.. second], follows);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _elsewhere.Dispose();
    }

    /// <summary>Takes sentences up to <paramref name="target"/> tokens, but at least <paramref name="least"/> where the document has them.</summary>
    private void Gather(List<int[]> sentences, int target, int least)
    {
        sentences.Clear();
        int tokens = 0;
        while (TryRead(out int[] sentence))
        {
            tokens += sentence.Length;
            if (tokens > target && sentences.Count >= least)
            {
                _waiting.AddFirst(sentence);
                return;
            }

            sentences.Add(sentence);
        }
    }

    private bool TryRead(out int[] sentence)
    {
        if (_waiting.First is not { } node)
        {
            return _reader.TryRead(out sentence);
        }

        _waiting.RemoveFirst();
        sentence = node.Value;
        return true;
    }

    private void PutBack(List<int[]> sentences, int from)
    {
        for (int i = sentences.Count - 1; i >= from; i--)
        {
            _waiting.AddFirst(sentences[i]);
        }
    }

    private List<int> Elsewhere(int document, int target, ref RandomNumbers random)
    {
        List<int> segment = [];
        for (int attempt = 0; attempt < Attempts && segment.Count == 0; attempt++)
        {
            int other = random.Below(_documents - 1);
            _elsewhere.OpenWithin(other < document ? other : other + 1, ref random);
            while ((segment.Count == 0 || segment.Count < target) && _elsewhere.TryRead(out int[] sentence))
            {
                segment.AddRange(sentence);
            }
        }

        return segment;
    }

    /// <summary>Cuts tokens from the longer segment until both fit, each time from the front or the end, so that neither is always whole.</summary>
    private void Cut(List<int> first, List<int> second, ref RandomNumbers random)
    {
        int excess = first.Count + second.Count - _room;
        (int Front, int End) fromFirst = default, fromSecond = default;
        for (; excess > 0; excess--)
        {
            int firstLeft = first.Count - fromFirst.Front - fromFirst.End;
            int secondLeft = second.Count - fromSecond.Front - fromSecond.End;
            ref (int Front, int End) longer = ref firstLeft > secondLeft ? ref fromFirst : ref fromSecond;
            bool isFront = random.NextDouble() < 0.5;
            longer = isFront ? (longer.Front + 1, longer.End) : (longer.Front, longer.End + 1);
        }

        Remove(first, fromFirst);
        Remove(second, fromSecond);

        static void Remove(List<int> segment, (int Front, int End) counts)
        {
            segment.RemoveRange(segment.Count - counts.End, counts.End);
            segment.RemoveRange(0, counts.Front);
        }
    }

    private static List<int> Join(List<int[]> sentences)
    {
        List<int> segment = [];
        foreach (int[] sentence in sentences)
        {
            segment.AddRange(sentence);
        }

        return segment;
    }
}
