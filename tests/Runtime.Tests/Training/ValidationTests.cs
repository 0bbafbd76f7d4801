using static BertGen.Tests.Training.BagModels;

namespace BertGen.Tests.Training;

public class ValidationTests
{
    private static readonly TrainingOptions s_options = new() { Epochs = 6, BatchSize = 8, LearningRate = 0.05f, HiddenDropout = 0, Seed = 3 };

    // Both losses are means over the same rows; one is summed in single precision by the training pass.
    private const double Rounding = 1e-5;

    [Fact]
    public void The_validation_loss_is_the_loss_of_training_without_dropout()
    {
        using BagModel model = Create(Colors, Score);
        LabeledText<Color>[] colors = Examples(30);
        ScoredText[] scores = [.. Examples(20, seed: 5).Select(example => new ScoredText(example.Text, (int)example.Label))];
        using var trainer = model.CreateTrainer(s_options with { BatchSize = 1000, Epochs = 3 });
        TrainingStep[] steps = [.. trainer.Fit(
            BagModel.Heads.Color.With(colors, weight: 2, validation: colors, classWeights: [1, 2, 3]),
            BagModel.Heads.Score.With(scores, weight: 0.5f, validation: scores))];
        for (int i = 0; i + 1 < steps.Length; i++)
        {
            Assert.Equal(steps[i + 1].Loss, steps[i].ValidationLoss!.Value, Rounding);
        }
    }

    [Fact]
    public void Validation_comes_after_each_epoch_or_so_many_steps()
    {
        Assert.Equal([5, 10, 15, 20, 25, 30], Validated(s_options));
        Assert.Equal([7, 14, 21, 28, 30], Validated(s_options with { ValidateEvery = 7 }));

        static int[] Validated(TrainingOptions options)
        {
            using BagModel model = Create(Colors);
            using var trainer = model.CreateTrainer(options);
            return [.. trainer.Fit(Examples(40), Examples(10, seed: 2)).Where(step => step.ValidationLoss is not null).Select(step => step.Number)];
        }
    }

    [Fact]
    public void A_run_ends_with_the_weights_of_its_best_validation_or_its_last()
    {
        // The validation labels are the training labels for a while and then cannot be: the loss rises again.
        LabeledText<Color>[] wrong = [.. Examples(20, seed: 2).Select((example, i) => i % 3 == 0 ? new LabeledText<Color>(example.Text, (Color)(((int)example.Label + 1) % 3)) : example)];
        Dictionary<int, uint[]> bits = [];
        using BagModel model = Create(Colors), last = Create(Colors);
        using var trainer = model.CreateTrainer(s_options with { Epochs = 12, LearningRate = 0.1f });
        List<TrainingStep> steps = [];
        TrainingSummary summary = trainer.Train([BagModel.Heads.Color.With(Examples(40), validation: wrong)], new Told<TrainingStep>(step =>
        {
            steps.Add(step);
            bits[step.Number] = Bits(model);
        }), TestContext.Current.CancellationToken);
        TrainingStep best = steps.Where(step => step.ValidationLoss is not null).MinBy(step => step.ValidationLoss)!;
        Assert.True(best.Number < steps.Count);
        Assert.Equal((best.Number, best.ValidationLoss), (summary.BestStep!.Value, summary.BestValidationLoss));
        Assert.Equal(bits[best.Number], Bits(model));
        Assert.False(summary.StoppedEarly);
        using var keeping = last.CreateTrainer(s_options with { Epochs = 12, LearningRate = 0.1f, KeepBest = false });
        _ = keeping.Fit(Examples(40), wrong).Last();
        Assert.NotEqual(Bits(model), Bits(last));
    }

    [Fact]
    public void Patience_stops_a_run_that_gets_no_better()
    {
        LabeledText<Color>[] wrong = [.. Examples(20, seed: 2).Select(example => new LabeledText<Color>(example.Text, (Color)(((int)example.Label + 1) % 3)))];
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(s_options with { Epochs = 20, Patience = 2 });
        List<TrainingStep> steps = [];
        TrainingSummary summary = trainer.Train([BagModel.Heads.Color.With(Examples(40), validation: wrong)], new Told<TrainingStep>(steps.Add), TestContext.Current.CancellationToken);
        Assert.True(summary.StoppedEarly);
        Assert.Equal(steps.Count, summary.Steps);
        Assert.Equal(summary.BestStep + 2 * 5, summary.Steps);
        Assert.True(steps[^1].IsLast);
    }
}
