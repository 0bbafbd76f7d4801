using BertGen.Training;
using static BertGen.Tests.Training.BagModels;

namespace BertGen.Tests.Training;

public class OptionTests
{
    public static TheoryData<string, TrainingOptions> OutOfRange => new()
    {
        { "BatchSize must be at least 1", new() { BatchSize = 0 } },
        { "GradientAccumulation must be at least 1", new() { GradientAccumulation = 0 } },
        { "LearningRate must be a number above 0", new() { LearningRate = 0 } },
        { "LearningRate must be a number above 0", new() { LearningRate = float.NaN } },
        { "WarmupRatio must be between 0 and 1", new() { WarmupRatio = 1.1f } },
        { "WarmupSteps must be at least 0", new() { WarmupSteps = -1 } },
        { "Schedule must be one of Linear, Constant, Cosine", new() { Schedule = (LearningRateSchedule)7 } },
        { "WeightDecay must be a number from 0 on", new() { WeightDecay = -0.1f } },
        { "Beta1 must be from 0 to less than 1", new() { Beta1 = 1 } },
        { "Beta2 must be from 0 to less than 1", new() { Beta2 = -1 } },
        { "Epsilon must be a number above 0", new() { Epsilon = 0 } },
        { "MaxGradientNorm must be above 0", new() { MaxGradientNorm = 0 } },
        { "HiddenDropout must be from 0 to less than 1", new() { HiddenDropout = 1 } },
        { "AttentionDropout must be from 0 to less than 1", new() { AttentionDropout = -0.1f } },
        { "FrozenLayers must be at least 0", new() { FrozenLayers = -1 } },
        { "FrozenLayers must be at most 1, the layers of Bag", new() { FrozenLayers = 2 } },
        { "LayerwiseLearningRateDecay must be a number above 0", new() { LayerwiseLearningRateDecay = 0 } },
        { "LayerwiseLearningRateDecay must be between 0 and 1", new() { LayerwiseLearningRateDecay = 1.5f } },
        { "MaxActivationBytes must be at least 1", new() { MaxActivationBytes = 0 } },
        { "CheckpointEvery must be at least 1", new() { CheckpointEvery = 0, CheckpointFolder = "x" } },
        { "CheckpointsKept must be at least 1", new() { CheckpointsKept = 0, CheckpointEvery = 1, CheckpointFolder = "x" } },
        { "Epochs must be at least 1", new() { Epochs = 0 } },
        { "BatchTokens must be at least 1", new() { BatchTokens = 0 } },
        { "LabelSmoothing must be from 0 to less than 1", new() { LabelSmoothing = 1 } },
        { "ClassWeights[1] must be a number from 0 on", new() { ClassWeights = [1, -1, 1] } },
        { "ValidateEvery must be at least 1", new() { ValidateEvery = 0 } },
        { "Patience must be at least 1", new() { Patience = 0 } },
    };

    public static TheoryData<string, TrainingOptions> Contradicting => new()
    {
        { "WarmupSteps and WarmupRatio", new() { WarmupSteps = 3, WarmupRatio = 0.1f } },
        { "CheckpointFolder and CheckpointEvery", new() { CheckpointEvery = 3 } },
        { "CheckpointFolder and CheckpointEvery", new() { CheckpointFolder = "x" } },
        { "CheckpointsKept and CheckpointFolder", new() { CheckpointsKept = 2 } },
        { "BatchTokens and BatchSize", new() { BatchTokens = 512, BatchSize = 16 } },
    };

    public static TheoryData<string, TrainingOptions> WithoutMeaning => new()
    {
        { "Patience is set, but the run has no validation examples", new() { Patience = 2 } },
        { "ValidateEvery is set, but the run has no validation examples", new() { ValidateEvery = 2 } },
        { "There are 2 class weights; head 'classifier' has 3 classes", new() { ClassWeights = [1, 2] } },
    };

    [Theory, MemberData(nameof(OutOfRange), DisableDiscoveryEnumeration = true)]
    public void An_option_out_of_range_is_refused_with_what_is_expected(string message, TrainingOptions options)
    {
        using BagModel model = Create(Colors);
        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => model.CreateTrainer(options));
        Assert.StartsWith(message, refusal.Message);
        Assert.StartsWith("options.", refusal.ParamName);
    }

    [Theory, MemberData(nameof(Contradicting), DisableDiscoveryEnumeration = true)]
    public void Options_that_contradict_each_other_are_refused(string message, TrainingOptions options)
    {
        using BagModel model = Create(Colors);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => model.CreateTrainer(options)).Message);
    }

    [Theory, MemberData(nameof(WithoutMeaning), DisableDiscoveryEnumeration = true)]
    public void An_option_that_would_do_nothing_is_refused(string message, TrainingOptions options)
    {
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(options);
        Assert.StartsWith(message, Assert.Throws<ArgumentException>(() => trainer.Fit(Examples(5))).Message);
    }

    [Fact]
    public void Options_of_classes_are_refused_for_heads_without()
    {
        using BagModel model = Create(Colors, Score);
        ScoredText[] scores = [new("a", 1)];
        using var smoothed = model.CreateTrainer(new() { LabelSmoothing = 0.1f });
        Assert.Contains("no head of the run chooses among classes", Assert.Throws<ArgumentException>(() => smoothed.Fit(BagModel.Heads.Score.With(scores))).Message);
        using var weighted = model.CreateTrainer(new() { ClassWeights = [1, 1, 1] });
        Assert.Contains("does not choose among classes", Assert.Throws<ArgumentException>(() => weighted.Fit(BagModel.Heads.Score.With(scores))).Message);
        Assert.Contains("a run over one head", Assert.Throws<ArgumentException>(() => weighted.Fit(BagModel.Heads.Score.With(scores), BagModel.Heads.Color.With(Examples(3)))).Message);
        using var trainer = model.CreateTrainer();
        Assert.Contains("given twice", Assert.Throws<ArgumentException>(() => trainer.Fit(BagModel.Heads.Score.With(scores), BagModel.Heads.Score.With(scores))).Message);
        Assert.Contains("no head to train", Assert.Throws<ArgumentException>(() => trainer.Fit()).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => BagModel.Heads.Score.With(scores, weight: 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => BagModel.Heads.Color.With(Examples(3), classWeights: [1, float.NaN, 1]));
    }

    [Fact]
    public void Every_option_is_compared_on_resume_or_touches_no_bit()
    {
        // An option that is added must be thought of here: these do not change what is learned.
        string[] free = [nameof(TrainingOptions.CheckpointFolder), nameof(TrainingOptions.CheckpointEvery), nameof(TrainingOptions.CheckpointsKept)];
        AssertComplete(new TrainingOptions(), free);
        AssertComplete(new PretrainingOptions(), [.. free, nameof(PretrainingOptions.Masking)]);

        static void AssertComplete<T>(T options, string[] free) where T : OptimizationOptions =>
            Assert.Equal(typeof(T).GetProperties().Select(property => property.Name).Except([.. free, "EqualityContract"]).Order(),
                options.Facts().Select(fact => fact.Key).Where(name => name != "ChunkTokens" && !name.StartsWith("Masking.", StringComparison.Ordinal)).Order());
    }
}
