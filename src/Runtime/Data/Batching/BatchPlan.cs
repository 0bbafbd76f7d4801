namespace BertGen.Data;

/// <summary>The batches of an epoch: which examples, in what order. A function of lengths, seed and epoch alone.</summary>
internal static class BatchPlan
{
    // Enough batches to find texts of like length, few enough that epochs differ.
    private const int BatchesSortedTogether = 50;

    /// <summary>Batches of <paramref name="texts"/> examples in random order; the last may have fewer.</summary>
    public static int[][] ByTexts(int count, int texts, long seed, int epoch)
    {
        int[] order = ExampleOrder.Shuffled(count, seed, epoch);
        int[][] batches = new int[(count + texts - 1) / texts][];
        for (int i = 0; i < batches.Length; i++)
        {
            batches[i] = order[(i * texts)..Math.Min(count, (i + 1) * texts)];
        }

        return batches;
    }

    /// <summary>Batches of texts of like length with at most <paramref name="tokens"/> tokens, but for a text that has more; in random order.</summary>
    /// <param name="lengths">Tokens of each example.</param>
    /// <param name="tokens">Tokens of a batch.</param>
    /// <param name="seed">Seed of the run.</param>
    /// <param name="epoch">The epoch.</param>
    public static int[][] ByTokens(ReadOnlySpan<int> lengths, int tokens, long seed, int epoch)
    {
        int[] order = ExampleOrder.Shuffled(lengths.Length, seed, epoch);
        List<int[]> batches = [];
        for (int start = 0; start < order.Length;)
        {
            int end = start;
            for (long sum = 0; end < order.Length && sum < (long)tokens * BatchesSortedTogether; end++)
            {
                sum += lengths[order[end]];
            }

            Cut(lengths, order.AsSpan(start, end - start), tokens, batches);
            start = end;
        }

        // Lengths must not rise in each stretch of an epoch.
        new RandomNumbers(seed, "batch order", epoch).Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(batches));
        return [.. batches];
    }

    /// <summary>Sorts some examples by length, equal ones in the order in which they come, and cuts them into batches.</summary>
    private static void Cut(ReadOnlySpan<int> lengths, Span<int> examples, int tokens, List<int[]> batches)
    {
        long[] keys = new long[examples.Length];
        for (int i = 0; i < keys.Length; i++)
        {
            keys[i] = (long)lengths[examples[i]] << 32 | (uint)i;
        }

        keys.AsSpan().Sort(examples);
        int start = 0;
        long sum = 0;
        for (int i = 0; i < examples.Length; i++)
        {
            int length = lengths[examples[i]];
            if (i > start && sum + length > tokens)
            {
                batches.Add(examples[start..i].ToArray());
                (start, sum) = (i, 0);
            }

            sum += length;
        }

        batches.Add(examples[start..].ToArray());
    }
}
