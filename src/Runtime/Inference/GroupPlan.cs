namespace BertGen;

/// <summary>Cuts a batch into groups of neighbouring texts with about equally many tokens.</summary>
internal sealed class GroupPlan
{
    private readonly PinnedBuffer<int> _starts = new();

    /// <summary>Number of groups.</summary>
    public int Count => _starts.Count - 1;

    /// <summary>Texts of a group.</summary>
    public (int Start, int End) Texts(int group) => (_starts[group], _starts[group + 1]);

    /// <summary>Plans groups of about <paramref name="groupTokens"/> tokens; a text is never cut.</summary>
    /// <param name="offsets">[texts + 1]: where each text starts.</param>
    /// <param name="groupTokens">Tokens that a group should have at most, but for the last text of it.</param>
    /// <param name="threads">Threads that share the groups: their number becomes a multiple of it where the texts allow.</param>
    public void Cut(ReadOnlySpan<int> offsets, int groupTokens, int threads)
    {
        int texts = offsets.Length - 1;
        long tokens = offsets[texts];
        long rounds = (tokens + (long)groupTokens * threads - 1) / ((long)groupTokens * threads);
        long wanted = Math.Min(rounds * threads, texts);
        _starts.Clear();
        _starts.Add(0);
        long current = 0;
        for (int i = 1; i < texts; i++)
        {
            // A text belongs to the group in which its middle lies when the tokens are cut evenly.
            long group = (offsets[i] + (long)offsets[i + 1]) * wanted / (2 * tokens);
            if (group > current)
            {
                _starts.Add(i);
                current = group;
            }
        }

        _starts.Add(texts);
    }

    /// <summary>True where threads that take the groups one after another are done at about the same time.</summary>
    /// <param name="offsets">[texts + 1]: where each text starts.</param>
    /// <param name="threads">Number of threads.</param>
    public bool IsBalanced(ReadOnlySpan<int> offsets, int threads)
    {
        // Waiting that is still cheaper than barriers within the layers.
        const double Tolerance = 1.2;
        const int MostOnStack = 1024;
        Span<long> loads = threads <= MostOnStack ? stackalloc long[threads] : new long[threads];
        loads.Clear();
        for (int group = 0; group < Count; group++)
        {
            (int start, int end) = Texts(group);
            int free = 0;
            for (int thread = 1; thread < threads; thread++)
            {
                free = loads[thread] < loads[free] ? thread : free;
            }

            loads[free] += offsets[end] - offsets[start];
        }

        long last = 0;
        foreach (long load in loads)
        {
            last = Math.Max(last, load);
        }

        return last <= Tolerance * offsets[^1] / threads;
    }
}
