using BertGen.Training;

namespace BertGen;

/// <summary>What every run has, whether it fine-tunes or pre-trains: optimizer, learning rate, dropout, memory and checkpoints.</summary>
public abstract record OptimizationOptions
{
    private protected OptimizationOptions()
    {
    }

    private const int DefaultBatchSize = 16;
    private const int DefaultCheckpointsKept = 2;
    private readonly int? _batchSize;
    private readonly int? _checkpointsKept;

    /// <summary>Texts of an optimizer step, times <see cref="GradientAccumulation"/>; 16 where nothing is said.</summary>
    public int BatchSize
    {
        get => _batchSize ?? DefaultBatchSize;
        init => _batchSize = value;
    }

    /// <summary>
    /// Batches whose gradients make one optimizer step. Every mean is taken over all labels of the step, so 4 batches of 8 texts are exactly
    /// one of 32: a step's texts go through the model in chunks in any case, and <see cref="MaxActivationBytes"/> alone bounds the memory.
    /// </summary>
    public int GradientAccumulation { get; init; } = 1;

    /// <summary>Learning rate after the warm-up.</summary>
    public float LearningRate { get; init; } = 5e-5f;

    /// <summary>Share of all steps in which the learning rate rises to its full height, 0 to 1.</summary>
    public float WarmupRatio { get; init; }

    /// <summary>Steps in which the learning rate rises; in place of <see cref="WarmupRatio"/>.</summary>
    public int? WarmupSteps { get; init; }

    /// <summary>How the learning rate goes on after the warm-up.</summary>
    public LearningRateSchedule Schedule { get; init; }

    /// <summary>Decoupled weight decay of AdamW (Loshchilov and Hutter, 2019); biases and layer normalizations have none.</summary>
    public float WeightDecay { get; init; } = 0.01f;

    /// <summary>Decay of the gradients' running mean, 0 to less than 1.</summary>
    public float Beta1 { get; init; } = 0.9f;

    /// <summary>Decay of the squared gradients' running mean, 0 to less than 1.</summary>
    public float Beta2 { get; init; } = 0.999f;

    /// <summary>Added to the root of the squared gradients' mean.</summary>
    public float Epsilon { get; init; } = 1e-8f;

    /// <summary>Norm of all gradients together to which longer ones are cut; <see cref="float.PositiveInfinity"/> never cuts.</summary>
    public float MaxGradientNorm { get; init; } = 1;

    /// <summary>Share of hidden values that dropout sets to 0; as declared on the encoder where null.</summary>
    public float? HiddenDropout { get; init; }

    /// <summary>Share of attention probabilities that dropout sets to 0; as declared on the encoder where null.</summary>
    public float? AttentionDropout { get; init; }

    /// <summary>Layers, counted from the first, that stay as they are, the embeddings with them: 0 keeps the embeddings alone; null trains everything.</summary>
    public int? FrozenLayers { get; init; }

    /// <summary>Factor of the learning rate from each layer to the one below; the last layer has it once, the embeddings have it once more than the first layer. 1 treats all layers alike.</summary>
    public float LayerwiseLearningRateDecay { get; init; } = 1;

    /// <summary>Seed of order, dropout and masks: same seed, same data, same options, same bits.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// Most bytes of activations at a time; null takes chunks of about 1,024 tokens. A step's texts go through forward and backward pass in
    /// chunks of whole texts that keep to it. Weights, gradients and the optimizer's two means, and some scratch for each thread, come on top.
    /// </summary>
    public long? MaxActivationBytes { get; init; }

    /// <summary>Folder for checkpoints made on the way, each in a folder of its own; needs <see cref="CheckpointEvery"/>. <c>Resume</c> takes the folder, too, and finds the latest.</summary>
    public string? CheckpointFolder { get; init; }

    /// <summary>Steps from one checkpoint to the next; needs <see cref="CheckpointFolder"/>.</summary>
    public int? CheckpointEvery { get; init; }

    /// <summary>Checkpoints that stay in <see cref="CheckpointFolder"/>, 2 where nothing is said; the older ones are deleted.</summary>
    public int CheckpointsKept
    {
        get => _checkpointsKept ?? DefaultCheckpointsKept;
        init => _checkpointsKept = value;
    }

    /// <summary>Forces the tokens of a chunk; null takes what suits the caches.</summary>
    internal int? ChunkTokens { get; init; }

    /// <summary>True where somebody has said how many texts a batch has.</summary>
    private protected bool HasBatchSize => _batchSize is not null;

    /// <summary>Checks every option.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range; says what was expected.</exception>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    internal virtual void Check()
    {
        OptionRules.AtLeast(BatchSize, 1, nameof(BatchSize));
        OptionRules.AtLeast(GradientAccumulation, 1, nameof(GradientAccumulation));
        OptionRules.Positive(LearningRate, nameof(LearningRate));
        OptionRules.Within(WarmupRatio, 0, 1, nameof(WarmupRatio));
        OptionRules.AtLeast(WarmupSteps ?? 0, 0, nameof(WarmupSteps));
        OptionRules.Defined(Schedule, nameof(Schedule));
        OptionRules.NotNegative(WeightDecay, nameof(WeightDecay));
        OptionRules.Share(Beta1, nameof(Beta1));
        OptionRules.Share(Beta2, nameof(Beta2));
        OptionRules.Positive(Epsilon, nameof(Epsilon));
        OptionRules.PositiveOrInfinite(MaxGradientNorm, nameof(MaxGradientNorm));
        OptionRules.Share(HiddenDropout ?? 0, nameof(HiddenDropout));
        OptionRules.Share(AttentionDropout ?? 0, nameof(AttentionDropout));
        OptionRules.AtLeast(FrozenLayers ?? 0, 0, nameof(FrozenLayers));
        OptionRules.Positive(LayerwiseLearningRateDecay, nameof(LayerwiseLearningRateDecay));
        OptionRules.Within(LayerwiseLearningRateDecay, 0, 1, nameof(LayerwiseLearningRateDecay));
        OptionRules.AtLeast(MaxActivationBytes ?? 1, 1, nameof(MaxActivationBytes));
        OptionRules.AtLeast(CheckpointEvery ?? 1, 1, nameof(CheckpointEvery));
        OptionRules.AtLeast(CheckpointsKept, 1, nameof(CheckpointsKept));
        OptionRules.AtLeast(ChunkTokens ?? 1, 1, nameof(ChunkTokens));
        if (WarmupSteps is not null && WarmupRatio != 0)
        {
            throw OptionRules.Contradiction(nameof(WarmupSteps), nameof(WarmupRatio), "both say how long the warm-up is; set one of them");
        }

        if ((CheckpointFolder is null) != (CheckpointEvery is null))
        {
            throw OptionRules.Contradiction(nameof(CheckpointFolder), nameof(CheckpointEvery), "one is set without the other; set both, or neither and call SaveCheckpoint");
        }

        if (CheckpointFolder is null && _checkpointsKept is not null)
        {
            throw OptionRules.Contradiction(nameof(CheckpointsKept), nameof(CheckpointFolder), "there is no folder to keep them in; set it, too");
        }

        if (CheckpointFolder is not null)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(CheckpointFolder, $"options.{nameof(CheckpointFolder)}");
        }
    }

    /// <summary>Every option that changes a bit of the result, by name: what a run that goes on must have in common with the one that stopped.</summary>
    internal virtual IEnumerable<KeyValuePair<string, string>> Facts()
    {
        yield return OptionFacts.Of(nameof(BatchSize), BatchSize);
        yield return OptionFacts.Of(nameof(GradientAccumulation), GradientAccumulation);
        yield return OptionFacts.Of(nameof(LearningRate), LearningRate);
        yield return OptionFacts.Of(nameof(WarmupRatio), WarmupRatio);
        yield return OptionFacts.Of(nameof(WarmupSteps), WarmupSteps);
        yield return OptionFacts.Of(nameof(Schedule), Schedule.ToString());
        yield return OptionFacts.Of(nameof(WeightDecay), WeightDecay);
        yield return OptionFacts.Of(nameof(Beta1), Beta1);
        yield return OptionFacts.Of(nameof(Beta2), Beta2);
        yield return OptionFacts.Of(nameof(Epsilon), Epsilon);
        yield return OptionFacts.Of(nameof(MaxGradientNorm), MaxGradientNorm);
        yield return OptionFacts.Of(nameof(HiddenDropout), HiddenDropout);
        yield return OptionFacts.Of(nameof(AttentionDropout), AttentionDropout);
        yield return OptionFacts.Of(nameof(FrozenLayers), FrozenLayers);
        yield return OptionFacts.Of(nameof(LayerwiseLearningRateDecay), LayerwiseLearningRateDecay);
        yield return OptionFacts.Of(nameof(Seed), Seed);
        yield return OptionFacts.Of(nameof(MaxActivationBytes), MaxActivationBytes);
        yield return OptionFacts.Of(nameof(ChunkTokens), ChunkTokens);
    }
}
