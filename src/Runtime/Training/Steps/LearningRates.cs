namespace BertGen.Training;

/// <summary>The learning rate of each step of a run.</summary>
/// <param name="rate">Its full height.</param>
/// <param name="schedule">How it goes on after the warm-up.</param>
/// <param name="total">Steps of the run.</param>
/// <param name="warmup">Steps in which it rises.</param>
internal sealed class LearningRates(float rate, LearningRateSchedule schedule, int total, int warmup)
{
    public static LearningRates Of(OptimizationOptions options, int total) =>
        new(options.LearningRate, options.Schedule, total, options.WarmupSteps ?? (int)Math.Round(options.WarmupRatio * (double)total));

    /// <summary>Rate of step <paramref name="number"/>, from 1. No step of the run has 0: the first rises by one part, and the step after the last would be the one without.</summary>
    public float At(int number)
    {
        if (number <= warmup)
        {
            return (float)(rate * ((double)number / warmup));
        }

        double passed = (double)(number - 1 - warmup) / (total - warmup);
        return (float)(rate * schedule switch
        {
            LearningRateSchedule.Linear => 1 - passed,
            LearningRateSchedule.Constant => 1,
            LearningRateSchedule.Cosine => (1 + Math.Cos(Math.PI * passed)) / 2,
            _ => throw new InvalidOperationException($"There is no learning rate for the schedule {schedule}."),
        });
    }
}
