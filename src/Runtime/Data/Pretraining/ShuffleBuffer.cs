namespace BertGen.Data;

/// <summary>Mixes a stream that is too long to be shuffled as a whole.</summary>
internal static class ShuffleBuffer
{
    /// <summary>The items in another order: each new item takes the place of a random one of those that wait.</summary>
    /// <param name="items">The stream.</param>
    /// <param name="capacity">Number of items that wait.</param>
    /// <param name="random">Decides the order.</param>
    public static IEnumerable<T> Mix<T>(IEnumerable<T> items, int capacity, RandomNumbers random)
    {
        List<T> waiting = new(Math.Min(capacity, 1024));
        foreach (T item in items)
        {
            if (waiting.Count < capacity)
            {
                waiting.Add(item);
                continue;
            }

            int index = random.Below(capacity);
            T chosen = waiting[index];
            waiting[index] = item;
            yield return chosen;
        }

        T[] rest = [.. waiting];
        random.Shuffle(rest.AsSpan());
        foreach (T item in rest)
        {
            yield return item;
        }
    }
}
