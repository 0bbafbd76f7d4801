namespace BertGen;

/// <summary>Tokenized texts and pairs, laid out with their special tokens.</summary>
internal sealed class TextBatch : SequenceBatch
{
    public TextPieces Pieces { get; } = new();

    public PinnedBuffer<int> Ids { get; } = new();

    public PinnedBuffer<int> TypeIds { get; } = new();

    public override void Clear()
    {
        base.Clear();
        Pieces.Clear();
        Ids.Clear();
        TypeIds.Clear();
    }

    public override void Trim(long keptBytes)
    {
        base.Trim(keptBytes);
        Pieces.Trim(keptBytes);
        Ids.Trim(keptBytes);
        TypeIds.Trim(keptBytes);
    }

    /// <summary>Adds a text or a pair.</summary>
    /// <exception cref="ArgumentException">The text is too long and the policy is to throw, or the first text of a pair leaves no room for the second.</exception>
    public void Add(ITextTokenizer tokenizer, string first, string? second, TextLimits limits)
    {
        int from = Pieces.Count;
        tokenizer.Append(first, Pieces);
        if (second is null)
        {
            Lay(tokenizer, from, limits);
        }
        else
        {
            int middle = Pieces.Count;
            tokenizer.Append(second, Pieces);
            LayPair(tokenizer, from, middle, limits);
        }
    }

    /// <summary>Adds words as one text.</summary>
    /// <exception cref="ArgumentException">A word is null, or the text is too long and the policy is to throw.</exception>
    public void AddWords(ITextTokenizer tokenizer, IReadOnlyList<string> words, TextLimits limits)
    {
        int from = Pieces.Count;
        for (int i = 0; i < words.Count; i++)
        {
            string word = words[i] ?? throw new ArgumentException($"Word {i} is null; give an empty string for a word without letters.");
            tokenizer.AppendWord(word, i, Pieces);
        }

        Lay(tokenizer, from, limits);
    }

    /// <summary>Adds a sequence that has its special tokens already. Nothing else can be asked about it: its pieces are not known.</summary>
    public void AddEncoded(ReadOnlySpan<int> ids, ReadOnlySpan<int> types)
    {
        AddRow(new TextRow(Ids.Count, 0, 0, ids.Length), ids.Length);
        ids.CopyTo(Ids.Append(ids.Length));
        types.CopyTo(TypeIds.Append(types.Length));
    }

    /// <summary>Lays out the pieces from <paramref name="from"/> to the last as one text.</summary>
    public void Lay(ITextTokenizer tokenizer, int from, TextLimits limits)
    {
        const int Special = 2;
        int count = Pieces.Count - from;
        int capacity = limits.MaxTokens - Special;
        int firstRow = RowCount;
        if (count <= capacity || limits.Policy == LongText.Truncate)
        {
            AddRow(tokenizer, from, 0, from, 0, Math.Min(count, capacity), secondType: null);
        }
        else if (limits.Policy == LongText.Window)
        {
            AddWindows(tokenizer, from, 0, from, count, capacity, limits, secondType: null);
        }
        else
        {
            throw TextLimits.TooLong(count + Special, limits.MaxTokens, "Shorten it, or set ModelOptions.LongText to Truncate or Window.");
        }

        bool isTruncated = count > capacity && limits.Policy == LongText.Truncate;
        AddText(from, count, firstRow, isTruncated);
    }

    private void LayPair(ITextTokenizer tokenizer, int from, int middle, TextLimits limits)
    {
        const int Special = 3;
        int first = middle - from;
        int second = Pieces.Count - middle;
        int room = limits.MaxTokens - Special;
        int firstRow = RowCount;
        bool fits = (long)first + second <= room;
        if (fits || limits.Policy == LongText.Truncate)
        {
            (int keptFirst, int keptSecond) = fits ? (first, second) : TextLimits.LongestFirst(first, second, room);
            AddRow(tokenizer, from, keptFirst, middle, 0, keptSecond, limits.SecondType);
        }
        else if (limits.Policy == LongText.Window)
        {
            if (first >= room)
            {
                throw TextLimits.TooLong(first + Special, limits.MaxTokens, "That is the first text of the pair, which stands in every window whole; shorten it, or set ModelOptions.LongText to Truncate.");
            }

            AddWindows(tokenizer, from, first, middle, second, room - first, limits, limits.SecondType);
        }
        else
        {
            throw TextLimits.TooLong(first + second + Special, limits.MaxTokens, "Shorten the pair, or set ModelOptions.LongText to Truncate or Window.");
        }

        AddText(middle, second, firstRow, isTruncated: !fits && limits.Policy == LongText.Truncate);
    }

    private void AddWindows(ITextTokenizer tokenizer, int firstFrom, int firstCount, int from, int count, int capacity, TextLimits limits, int? secondType)
    {
        int stride = limits.StrideFor(capacity);
        for (int start = 0; ; start += stride)
        {
            int end = Math.Min(start + capacity, count);
            AddRow(tokenizer, firstFrom, firstCount, from, start, end - start, secondType);
            if (end == count)
            {
                return;
            }
        }
    }

    /// <summary>[CLS] window [SEP], or [CLS] first [SEP] window [SEP] with the window and what follows of the second type.</summary>
    private void AddRow(ITextTokenizer tokenizer, int firstFrom, int firstCount, int from, int start, int count, int? secondType)
    {
        bool isPair = secondType is not null;
        int content = isPair ? firstCount + 2 : 1;
        int tokens = content + count + 1;
        ReadOnlySpan<int> pieces = Pieces.Ids;
        AddRow(new TextRow(Ids.Count, content, start, count), tokens);
        Span<int> ids = Ids.Append(tokens);
        ids[0] = tokenizer.ClassId;
        if (isPair)
        {
            pieces.Slice(firstFrom, firstCount).CopyTo(ids[1..]);
            ids[content - 1] = tokenizer.SeparatorId;
        }

        pieces.Slice(from + start, count).CopyTo(ids[content..]);
        ids[tokens - 1] = tokenizer.SeparatorId;
        Span<int> types = TypeIds.Append(tokens);
        types[..content].Clear();
        types[content..].Fill(secondType ?? 0);
    }
}
