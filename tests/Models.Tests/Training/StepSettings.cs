namespace BertGen.Models.Tests.Training;

/// <summary>The ten steps of AdamW that both sides take: a warm-up, clipping that bites, decay of matrices and embeddings alone.</summary>
internal static class StepSettings
{
    public const int Count = 10;
    public const float WeightDecay = 0.01f;
    public const float MaxGradientNorm = 0.5f;
    private const int WarmupSteps = 3;

    // Over the hidden size: the wider the model, the more its outputs move with each weight.
    private const float RateTimesSize = 0.04f;

    /// <summary>Learning rate of a step, from 1: up to its full height, then down.</summary>
    public static float LearningRate(TrainingCase one, int step)
    {
        float full = RateTimesSize / one.Declaration.HiddenSize;
        return step <= WarmupSteps ? full * step / WarmupSteps : full * (Count + 1 - step) / (Count + 1 - WarmupSteps);
    }
}
