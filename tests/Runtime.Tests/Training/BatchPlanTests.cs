using BertGen.Data;

namespace BertGen.Tests.Training;

public class BatchPlanTests
{
    [Fact]
    public void Every_example_is_in_one_batch_of_an_epoch()
    {
        int[][] batches = BatchPlan.ByTexts(103, 10, seed: 1, epoch: 0);
        Assert.Equal(11, batches.Length);
        Assert.Equal([.. Enumerable.Repeat(10, 10), 3], batches.Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, 103), batches.SelectMany(batch => batch).Order());
    }

    [Fact]
    public void Epochs_and_seeds_differ_and_repeat()
    {
        Assert.Equal(Flat(1, 0), Flat(1, 0));
        Assert.NotEqual(Flat(1, 0), Flat(1, 1));
        Assert.NotEqual(Flat(1, 0), Flat(2, 0));

        static int[] Flat(long seed, int epoch) => [.. BatchPlan.ByTexts(50, 8, seed, epoch).SelectMany(batch => batch)];
    }

    [Fact]
    public void Batches_by_tokens_keep_to_their_tokens_and_hold_like_lengths()
    {
        const int Tokens = 256;
        Random random = new(3);
        int[] lengths = [.. Enumerable.Range(0, 2000).Select(_ => random.Next(4, 129)), 1000];
        int[][] batches = BatchPlan.ByTokens(lengths, Tokens, seed: 1, epoch: 2);
        Assert.Equal(Enumerable.Range(0, lengths.Length), batches.SelectMany(batch => batch).Order());
        Assert.All(batches, batch => Assert.True(batch.Length == 1 || batch.Sum(i => lengths[i]) <= Tokens));

        // A stretch of 50 batches is sorted before it is cut, so the lengths within one are near each other; drawn at random they would spread over 60 or more.
        Assert.InRange(batches.Average(batch => batch.Max(i => lengths[i]) - batch.Min(i => lengths[i])), 0, 10);

        // And batches are nearly full.
        Assert.InRange(batches.Average(batch => batch.Sum(i => lengths[i])), 0.8 * Tokens, Tokens + 20);
        int[] averages = [.. batches.Select(batch => (int)batch.Average(i => lengths[i]))];
        Assert.NotEqual(averages.Order(), averages);
        Assert.Equal(batches, BatchPlan.ByTokens(lengths, Tokens, seed: 1, epoch: 2));
        Assert.NotEqual(batches, BatchPlan.ByTokens(lengths, Tokens, seed: 1, epoch: 3));
    }
}
