using BertGen.Data;

namespace BertGen.Tests.Data;

public class RandomNumberTests
{
    // 60,000 draws of ten equally likely numbers: each 6,000 ± 73.5; six standard deviations.
    private const int Draws = 60_000;
    private const int Tolerance = 441;

    [Fact]
    public void Each_number_is_equally_likely()
    {
        RandomNumbers random = new(1, "test", epoch: 0);
        int[] counts = new int[10];
        for (int i = 0; i < Draws; i++)
        {
            counts[random.Below(10)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, Draws / 10 - Tolerance, Draws / 10 + Tolerance));
    }

    [Fact]
    public void Seed_purpose_epoch_and_item_each_give_other_numbers()
    {
        uint[] first = [First(1, "a", 0, 0), First(2, "a", 0, 0), First(1, "b", 0, 0), First(1, "a", 1, 0), First(1, "a", 0, 1)];
        Assert.Equal(5, first.Distinct().Count());
        Assert.Equal(first[0], First(1, "a", 0, 0));

        static uint First(long seed, string purpose, int epoch, long item) => new RandomNumbers(seed, purpose, epoch, item).Next();
    }

    [Fact]
    public void An_order_holds_everything_once_and_changes_with_the_epoch()
    {
        int[] order = ExampleOrder.Shuffled(1000, 5, 0);
        Assert.Equal(Enumerable.Range(0, 1000), order.Order());
        Assert.Equal(order, ExampleOrder.Shuffled(1000, 5, 0));
        Assert.NotEqual(order, ExampleOrder.Shuffled(1000, 5, 1));
        Assert.NotEqual(order, ExampleOrder.Shuffled(1000, 6, 0));

        // By chance one of a thousand stays in its place, not a tenth of them.
        Assert.InRange(order.Index().Count(pair => pair.Index == pair.Item), 0, 8);
    }

    [Fact]
    public void A_mixed_stream_has_everything_once_in_another_order()
    {
        int[] mixed = [.. ShuffleBuffer.Mix(Enumerable.Range(0, 500), 50, new RandomNumbers(3, "mix", 0))];
        Assert.Equal(Enumerable.Range(0, 500), mixed.Order());

        // The first item out is one of the first fifty.
        Assert.InRange(mixed[0], 0, 49);
        Assert.True(mixed.Zip(mixed.Skip(1)).Count(pair => pair.First > pair.Second) > 150);
    }
}
