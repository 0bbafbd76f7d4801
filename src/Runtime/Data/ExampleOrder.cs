namespace BertGen.Data;

/// <summary>The order of examples in an epoch.</summary>
internal static class ExampleOrder
{
    /// <summary>0 to <paramref name="count"/> - 1 in a random order that is a function of seed and epoch.</summary>
    public static int[] Shuffled(int count, long seed, int epoch)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
        {
            order[i] = i;
        }

        new RandomNumbers(seed, "example order", epoch).Shuffle(order.AsSpan());
        return order;
    }
}
