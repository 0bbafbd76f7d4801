namespace BertGen.Models.Tests.Training;

/// <summary>The ten steps of AdamW that both sides take: a warm-up, clipping that bites, decay of matrices and embeddings alone.</summary>
internal static class StepSettings
{
    public const int Count = 10;
    public const float WeightDecay = 0.01f;
    public const float MaxGradientNorm = 0.5f;
    private const int WarmupSteps = 3;
    private const float FullRate = 5e-4f;

    /// <summary>Learning rate of a step, from 1: up to its full height, then down.</summary>
    public static float LearningRate(int step) => step <= WarmupSteps ? FullRate * step / WarmupSteps : FullRate * (Count + 1 - step) / (Count + 1 - WarmupSteps);
}
