using System.Runtime.InteropServices;

namespace BertGen.Tokenization;

/// <summary>Words as pieces, of which the most frequent pair of neighbours becomes one piece, again and again.</summary>
/// <remarks>Counts of pairs are kept up to date word by word, and a heap that may hold old counts gives the largest: an entry whose count is no longer right goes back in with the right one.</remarks>
internal sealed class PieceMerger
{
    // Words one after another; word w has the pieces _pieces[_starts[w].._starts[w] + _lengths[w]].
    private readonly int[] _pieces;
    private readonly int[] _starts;
    private readonly int[] _lengths;
    private readonly long[] _counts;
    private readonly Dictionary<ulong, Pair> _pairs = [];
    private readonly PriorityQueue<ulong, (long Count, ulong Pair)> _heap = new(Comparer<(long Count, ulong Pair)>.Create(static (a, b) =>
        a.Count != b.Count ? b.Count.CompareTo(a.Count) : a.Pair.CompareTo(b.Pair)));

    // Pairs that became more frequent by the last merge.
    private readonly HashSet<ulong> _grown = [];

    /// <param name="words">Words as ids of their characters, and how often each occurs.</param>
    public PieceMerger(IReadOnlyList<(int[] Pieces, long Count)> words)
    {
        _starts = new int[words.Count];
        _lengths = new int[words.Count];
        _counts = new long[words.Count];
        _pieces = new int[words.Sum(word => word.Pieces.Length)];
        for (int word = 0, at = 0; word < words.Count; word++)
        {
            int[] pieces = words[word].Pieces;
            (_starts[word], _lengths[word], _counts[word]) = (at, pieces.Length, words[word].Count);
            pieces.CopyTo(_pieces, at);
            at += pieces.Length;
            for (int i = 1; i < pieces.Length; i++)
            {
                Find(Key(pieces[i - 1], pieces[i])).Add(word, _counts[word]);
            }
        }

        foreach ((ulong key, Pair pair) in _pairs)
        {
            _heap.Enqueue(key, (pair.Count, key));
        }
    }

    /// <summary>The most frequent pair; among equals the one whose pieces are older.</summary>
    /// <returns>False where no pair occurs <paramref name="minimumFrequency"/> times.</returns>
    public bool TryPeek(int minimumFrequency, out int left, out int right)
    {
        while (_heap.TryPeek(out ulong key, out (long Count, ulong Pair) entry))
        {
            long count = _pairs.TryGetValue(key, out Pair? pair) ? pair.Count : 0;
            if (count == entry.Count && count >= minimumFrequency)
            {
                (left, right) = ((int)(key >> 32), (int)key);
                return true;
            }

            _heap.Dequeue();
            if (count >= minimumFrequency)
            {
                _heap.Enqueue(key, (count, key));
            }
        }

        (left, right) = (0, 0);
        return false;
    }

    /// <summary>Makes one piece of a pair everywhere.</summary>
    public void Merge(int left, int right, int merged)
    {
        if (!_pairs.Remove(Key(left, right), out Pair? pair))
        {
            return;
        }

        _grown.Clear();
        foreach (int word in pair.Words)
        {
            Merge(word, left, right, merged);
        }

        // Counting out the words has put the pair back in, with nothing left of it.
        _pairs.Remove(Key(left, right));
        foreach (ulong key in _grown)
        {
            if (_pairs.TryGetValue(key, out Pair? grown))
            {
                _heap.Enqueue(key, (grown.Count, key));
            }
        }
    }

    private static ulong Key(int left, int right) => ((ulong)(uint)left << 32) | (uint)right;

    private void Merge(int word, int left, int right, int merged)
    {
        Span<int> pieces = _pieces.AsSpan(_starts[word], _lengths[word]);
        if (!Has(pieces, left, right))
        {
            // Another merge was faster.
            return;
        }

        long count = _counts[word];
        for (int i = 1; i < pieces.Length; i++)
        {
            Find(Key(pieces[i - 1], pieces[i])).Count -= count;
        }

        int length = 0;
        for (int i = 0; i < pieces.Length; i++)
        {
            bool isPair = i + 1 < pieces.Length && pieces[i] == left && pieces[i + 1] == right;
            pieces[length++] = isPair ? merged : pieces[i];
            i += isPair ? 1 : 0;
        }

        _lengths[word] = length;
        pieces = pieces[..length];
        for (int i = 1; i < length; i++)
        {
            ulong key = Key(pieces[i - 1], pieces[i]);
            Find(key).Add(word, count);
            if (pieces[i - 1] == merged || pieces[i] == merged)
            {
                _grown.Add(key);
            }
        }
    }

    private static bool Has(ReadOnlySpan<int> pieces, int left, int right)
    {
        for (int i = 1; i < pieces.Length; i++)
        {
            if (pieces[i - 1] == left && pieces[i] == right)
            {
                return true;
            }
        }

        return false;
    }

    private Pair Find(ulong key) => CollectionsMarshal.GetValueRefOrAddDefault(_pairs, key, out _) ??= new Pair();

    /// <summary>How often two pieces are neighbours, and in which words.</summary>
    private sealed class Pair
    {
        public long Count { get; set; }

        /// <summary>Words that have had the pair at some time.</summary>
        public HashSet<int> Words { get; } = [];

        public void Add(int word, long count)
        {
            Count += count;
            Words.Add(word);
        }
    }
}
