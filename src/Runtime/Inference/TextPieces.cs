namespace BertGen;

/// <summary>Pieces of texts, one text after another, without the special tokens around a text.</summary>
internal sealed class TextPieces
{
    private readonly PinnedBuffer<int> _ids = new();
    private readonly PinnedBuffer<int> _starts = new();
    private readonly PinnedBuffer<int> _ends = new();
    private readonly PinnedBuffer<int> _words = new();

    /// <summary>Number of pieces.</summary>
    public int Count => _ids.Count;

    /// <summary>Ids.</summary>
    public ReadOnlySpan<int> Ids => _ids.Items;

    /// <summary>Starts in UTF-16, in the text as given.</summary>
    public ReadOnlySpan<int> Starts => _starts.Items;

    /// <summary>Ends, exclusive.</summary>
    public ReadOnlySpan<int> Ends => _ends.Items;

    /// <summary>For each piece the position of its word in its text; pieces of a word are neighbours.</summary>
    public ReadOnlySpan<int> Words => _words.Items;

    public void Clear()
    {
        _ids.Clear();
        _starts.Clear();
        _ends.Clear();
        _words.Clear();
    }

    /// <summary>Empties the lists, and lets go of memory of each beyond <paramref name="keptBytes"/>.</summary>
    public void Trim(long keptBytes)
    {
        _ids.Trim(keptBytes);
        _starts.Trim(keptBytes);
        _ends.Trim(keptBytes);
        _words.Trim(keptBytes);
    }

    public void Add(int id, int start, int end, int word)
    {
        _ids.Add(id);
        _starts.Add(start);
        _ends.Add(end);
        _words.Add(word);
    }
}
