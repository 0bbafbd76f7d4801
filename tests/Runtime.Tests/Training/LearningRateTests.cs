using BertGen.Training;

namespace BertGen.Tests.Training;

public class LearningRateTests
{
    private const float Rounding = 1e-6f;

    [Fact]
    public void Linear_rises_and_falls()
    {
        float[] rates = Rates(LearningRateSchedule.Linear, total: 10, warmup: 4);
        float[] expected = [0.25f, 0.5f, 0.75f, 1, 1, 5 / 6f, 4 / 6f, 3 / 6f, 2 / 6f, 1 / 6f];
        Assert.All(rates.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, Rounding));
    }

    [Fact]
    public void Constant_rises_and_stays() => Assert.Equal([0.5f, 1, 1, 1], Rates(LearningRateSchedule.Constant, total: 4, warmup: 2));

    [Fact]
    public void Cosine_is_half_way_down_in_the_middle()
    {
        float[] rates = Rates(LearningRateSchedule.Cosine, total: 8, warmup: 0);
        Assert.Equal(1, rates[0]);
        Assert.Equal(0.5f, rates[4], Rounding);
        Assert.True(rates[7] is > 0 and < 0.05f);
    }

    [Fact]
    public void A_run_that_only_warms_up_has_a_rate_in_every_step() => Assert.Equal([0.25f, 0.5f, 0.75f, 1], Rates(LearningRateSchedule.Linear, total: 4, warmup: 4));

    [Theory]
    [InlineData(0.2f, null, 10, 0.5f)]
    [InlineData(0, 5, 10, 0.2f)]
    [InlineData(0, null, 10, 1)]
    public void The_warm_up_is_a_share_or_a_number_of_steps(float ratio, int? steps, int total, float first)
    {
        var rates = LearningRates.Of(new TrainingOptions { LearningRate = 1, WarmupRatio = ratio, WarmupSteps = steps }, total);
        Assert.Equal(first, rates.At(1), Rounding);
    }

    private static float[] Rates(LearningRateSchedule schedule, int total, int warmup) =>
        [.. Enumerable.Range(1, total).Select(new LearningRates(1, schedule, total, warmup).At)];
}
