using BertGen.Tests.Inference;
using BertGen.Training;
using static BertGen.Tests.Training.BagModels;

namespace BertGen.Tests.Training;

public class TrainerTests
{
    private static readonly TrainingOptions s_fast = new() { Epochs = 4, BatchSize = 8, LearningRate = 0.05f, HiddenDropout = 0, Seed = 3 };

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public void The_loss_falls_and_the_model_learns()
    {
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(s_fast with { Epochs = 15 });
        TrainingStep[] steps = [.. trainer.Fit(Examples(100))];
        Assert.Equal(15 * 13, steps.Length);
        Assert.Equal(steps.Length, steps[^1].Total);
        Assert.Equal(Enumerable.Range(1, steps.Length), steps.Select(step => step.Number));
        Assert.Equal([.. Enumerable.Range(0, steps.Length).Select(i => i / 13 + 1)], steps.Select(step => step.Epoch));
        Assert.InRange(steps[0].Loss, 0.9 * Math.Log(3), 1.1 * Math.Log(3));
        Assert.InRange(steps.TakeLast(13).Average(step => step.Loss), 0, 0.1);
        Assert.All(steps, step => Assert.True(step.TokensPerSecond > 0 && step.TimeLeft >= TimeSpan.Zero));
        Assert.Single(steps, step => step.IsLast);
        Assert.Equal(TimeSpan.Zero, steps[^1].TimeLeft);
        Assert.Equal(50, Examples(50, seed: 9).Count(example => BertGen.CompilerServices.SequenceClassificationHead.Classify<Color>(model, 0, example.Text).Label == example.Label));
    }

    [Fact]
    public void Train_reports_every_step_and_sums_up()
    {
        using BagModel model = Create(Colors), other = Create(Colors);
        List<TrainingStep> told = [];
        using var trainer = model.CreateTrainer(s_fast);
        TrainingSummary summary = trainer.Train(Examples(40), new Told<TrainingStep>(told.Add), Now);
        using var enumerated = other.CreateTrainer(s_fast);
        TrainingStep[] steps = [.. enumerated.Fit(Examples(40))];
        Assert.Equal(steps.Select(step => step.Loss), told.Select(step => step.Loss));
        Assert.Equal(20, summary.Steps);
        Assert.Equal(steps.TakeLast(2).Average(step => step.Loss), summary.Loss);
        Assert.Equal(steps.Sum(step => step.Tokens), summary.Tokens);
        Assert.False(summary.StoppedEarly);
        Assert.Null(summary.BestValidationLoss);
        Assert.Equal(Bits(other), Bits(model));
    }

    [Fact]
    public void Fit_checks_when_it_is_called_and_trains_while_it_is_enumerated()
    {
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(s_fast);
        uint[] before = Bits(model);
        IEnumerable<TrainingStep> steps = trainer.Fit(Examples(20));
        Assert.Equal(before, Bits(model));
        Assert.Contains("no examples", Assert.Throws<ArgumentException>(() => trainer.Fit(Array.Empty<LabeledText<Color>>())).Message);
        Assert.Throws<ArgumentNullException>(() => trainer.Fit((LabeledText<Color>[])null!));
        Assert.StartsWith("Example 1: ", Assert.Throws<ArgumentException>(() => trainer.Fit([Examples(1)[0], null!])).Message);
        Assert.Equal(12, steps.Count());
        Assert.NotEqual(before, Bits(model));
    }

    [Fact]
    public void The_same_seed_gives_the_same_bits_and_another_seed_others()
    {
        Assert.Equal(Run(s_fast), Run(s_fast));
        Assert.NotEqual(Run(s_fast), Run(s_fast with { Seed = 4 }));
        Assert.NotEqual(Run(s_fast), Run(s_fast with { HiddenDropout = null }));
        Assert.NotEqual(Run(s_fast with { HiddenDropout = 0.25f }), Run(s_fast with { HiddenDropout = 0.3f }));
        Assert.Equal(Run(s_fast with { HiddenDropout = 0.25f }), Run(s_fast with { HiddenDropout = null }));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void The_number_of_threads_changes_no_bit(int threads) =>
        Assert.Equal(Run(s_fast with { HiddenDropout = null }), Run(s_fast with { HiddenDropout = null }, threads));

    [Fact]
    public void Accumulated_batches_are_one_batch()
    {
        Assert.Equal(Run(s_fast with { BatchSize = 12 }), Run(s_fast with { BatchSize = 4, GradientAccumulation = 3 }));
    }

    [Fact]
    public void Chunks_keep_to_their_length_and_change_only_the_order_of_sums()
    {
        BagProgram whole = new(Colors), cut = new(Colors);
        using BagModel one = Create(whole), many = Create(cut);
        TrainingOptions options = s_fast with { BatchSize = 16, Epochs = 1, HiddenDropout = null };
        TrainingStep[] first = Take(one, options), second = Take(many, options with { ChunkTokens = 24 });
        Assert.Equal(4, whole.Passes.Count);
        Assert.True(cut.Passes.Count > 8);
        Assert.All(cut.Passes, pass => Assert.InRange(pass.Tokens, 1, 24));
        Assert.Equal(whole.Passes.Sum(pass => pass.Tokens), cut.Passes.Sum(pass => pass.Tokens));
        Assert.Equal(first.Length, second.Length);

        // Dropout is numbered by step and text, means are those of the step: what remains are the last bits of other orders of sums.
        const double LastBits = 1e-5;
        for (int i = 0; i < first.Length; i++)
        {
            Assert.Equal(first[i].Loss, second[i].Loss, LastBits);
            Assert.Equal(first[i].GradientNorm, second[i].GradientNorm, LastBits);
        }

        static TrainingStep[] Take(BagModel model, TrainingOptions options)
        {
            using var trainer = model.CreateTrainer(options);
            return [.. trainer.Fit(Examples(60))];
        }
    }

    [Fact]
    public void Memory_keeps_to_its_cap()
    {
        BagProgram program = new(Colors);
        using BagModel model = Create(program);
        const long Cap = 12_000;
        using (var trainer = model.CreateTrainer(s_fast with { BatchSize = 30, MaxActivationBytes = Cap }))
        {
            _ = trainer.Fit(Examples(60)).Last();
        }

        Assert.All(program.Passes, pass => Assert.InRange(program.Definition.TrainingArena!.Value.Floats(pass.Tokens, pass.Texts, 0, 0) * sizeof(float), 1, Cap));
        Assert.True(program.Passes.Count > 2 * 4);
        using var tight = model.CreateTrainer(s_fast with { MaxActivationBytes = 3000 });
        ArgumentOutOfRangeException refusal = Assert.Throws<ArgumentOutOfRangeException>(() => tight.Fit(Examples(60)));
        Assert.Contains("MaxActivationBytes must be at least", refusal.Message);
    }

    [Fact]
    public void Mapped_weights_are_copied_before_they_are_trained()
    {
        using BagModel mapped = Create(new BagProgram(Colors), isMapped: true), owned = Create(Colors);
        Assert.True(mapped.Loaded.Weights.Arena.IsReadOnly);
        uint[] before = Bits(mapped);
        using (var trainer = mapped.CreateTrainer(s_fast))
        {
            _ = trainer.Fit(Examples(20)).First();
        }

        using (var trainer = owned.CreateTrainer(s_fast))
        {
            _ = trainer.Fit(Examples(20)).First();
        }

        Assert.False(mapped.Loaded.Weights.Arena.IsReadOnly);
        Assert.NotEqual(before, Bits(mapped));
        Assert.Equal(Bits(owned), Bits(mapped));
        Assert.Equal(owned.Run([2, 7, 3]).Logits("classifier"), mapped.Run([2, 7, 3]).Logits("classifier"));
    }

    [Fact]
    public void Frozen_weights_stay()
    {
        float[] Embeddings(int? frozen) => Trained(frozen, "bert.embeddings.word_embeddings.weight");
        float[] Layer(int? frozen) => Trained(frozen, "bert.encoder.layer.0.shift.bias");
        using BagModel fresh = Create(Colors);
        float[] embeddings = Values(fresh, "bert.embeddings.word_embeddings.weight"), layer = Values(fresh, "bert.encoder.layer.0.shift.bias");
        Assert.NotEqual(embeddings, Embeddings(null));
        Assert.Equal(embeddings, Embeddings(0));
        Assert.NotEqual(layer, Layer(0));
        Assert.Equal(layer, Layer(1));
        Assert.NotEqual(Values(fresh, "classifier.weight"), Trained(1, "classifier.weight"));

        static float[] Trained(int? frozen, string name)
        {
            using BagModel model = Create(Colors);
            using var trainer = model.CreateTrainer(s_fast with { FrozenLayers = frozen });
            _ = trainer.Fit(Examples(20)).Last();
            return Values(model, name);
        }
    }

    [Fact]
    public void Layers_learn_by_their_depth()
    {
        // The first step of Adam without decay moves every weight by its learning rate, whatever its gradient: the rates can be read off.
        using BagModel model = Create(Colors);
        float[] words = Values(model, "bert.embeddings.word_embeddings.weight"), shift = Values(model, "bert.encoder.layer.0.shift.bias"), head = Values(model, "classifier.weight");
        using var trainer = model.CreateTrainer(s_fast with { LayerwiseLearningRateDecay = 0.5f, Schedule = LearningRateSchedule.Constant, WeightDecay = 0, Epsilon = 1e-20f });
        _ = trainer.Fit(Examples(20)).First();
        const float Rounding = 1e-6f;
        Assert.Equal(0.05f, Move(head, "classifier.weight"), Rounding);
        Assert.Equal(0.025f, Move(shift, "bert.encoder.layer.0.shift.bias"), Rounding);
        Assert.Equal(0.0125f, Move(words, "bert.embeddings.word_embeddings.weight"), Rounding);

        float Move(float[] before, string name) => Values(model, name).Zip(before, (after, old) => Math.Abs(after - old)).Max();
    }

    [Fact]
    public void Several_heads_learn_together()
    {
        using BagModel model = Create(Colors, Score);
        using var trainer = model.CreateTrainer(s_fast with { Epochs = 30 });
        LabeledText<Color>[] colors = Examples(40);
        ScoredText[] scores = [.. Examples(40, seed: 5).Select(example => new ScoredText(example.Text, (int)example.Label))];
        TrainingStep[] steps = [.. trainer.Fit(BagModel.Heads.Color.With(colors, weight: 1), BagModel.Heads.Score.With(scores, weight: 0.5f))];
        Assert.Equal(30 * 10, steps.Length);
        Assert.True(steps[^1].Loss < steps[0].Loss / 4);
        Assert.Equal(Color.Green, BertGen.CompilerServices.SequenceClassificationHead.Classify<Color>(model, 0, "i j k").Label);
        Assert.InRange(BertGen.CompilerServices.SequenceRegressionHead.Score(model, 1, "q r s"), 1.5f, 2.5f);
    }

    [Fact]
    public void A_head_that_does_not_learn_stays_as_it_is()
    {
        using BagModel model = Create(Colors, Score);
        float[] other = Values(model, "heads.Score.classifier.weight"), own = Values(model, "classifier.weight");
        using var trainer = model.CreateTrainer(s_fast);
        _ = trainer.Fit(Examples(20)).Last();
        Assert.Equal(other, Values(model, "heads.Score.classifier.weight"));
        Assert.NotEqual(own, Values(model, "classifier.weight"));
        _ = trainer.Fit(BagModel.Heads.Score.With([new ScoredText("a", 1)])).Last();
        Assert.NotEqual(other, Values(model, "heads.Score.classifier.weight"));
    }

    [Fact]
    public void The_weight_of_a_head_scales_its_loss()
    {
        double Loss(float weight)
        {
            using BagModel model = Create(Colors, Score);
            using var trainer = model.CreateTrainer(s_fast with { BatchSize = 1000 });
            return trainer.Fit(BagModel.Heads.Score.With([new ScoredText("a b", 3), new ScoredText("i", 1)], weight)).First().Loss;
        }

        Assert.Equal(0.25 * Loss(1), Loss(0.25f), 1e-6);
    }

    [Fact]
    public void Class_weights_and_smoothing_reach_the_loss()
    {
        LabeledText<Color>[] examples = [new("a", Color.Red), new("i", Color.Green), new("j", Color.Green)];
        TrainingOptions all = s_fast with { BatchSize = 3 };
        double First(TrainingOptions options, IReadOnlyList<float>? weights = null)
        {
            using BagModel model = Create(Colors);
            using var trainer = model.CreateTrainer(options);
            return trainer.Fit(BagModel.Heads.Color.With(examples, classWeights: weights)).First().Loss;
        }

        double red = First(all, [1, 0, 0]), green = First(all, [0, 1, 0]);
        Assert.Equal((red + 2 * green) / 3, First(all), 1e-6);
        Assert.Equal((5 * red + 2 * green) / 7, First(all, [5, 1, 1]), 1e-6);
        Assert.Equal(First(all, [5, 1, 1]), First(all with { ClassWeights = [5, 1, 1] }), 1e-12);
        Assert.NotEqual(First(all), First(all with { LabelSmoothing = 0.2f }), 1e-6);
    }

    [Fact]
    public void Disposing_a_trainer_leaves_the_model_usable_and_the_other_way_round()
    {
        BagModel model = Create(Colors);
        var trainer = model.CreateTrainer(s_fast);
        IEnumerator<TrainingStep> steps = trainer.Fit(Examples(20)).GetEnumerator();
        Assert.True(steps.MoveNext());
        trainer.Dispose();
        trainer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => steps.MoveNext());
        Assert.Throws<ObjectDisposedException>(() => trainer.SaveCheckpoint("nowhere"));
        Assert.Equal(3, model.Run([2, 7, 3]).Logits("classifier").Length);
        using var second = model.CreateTrainer(s_fast);
        IEnumerator<TrainingStep> more = second.Fit(Examples(20)).GetEnumerator();
        Assert.True(more.MoveNext());
        model.Dispose();
        Assert.Throws<ObjectDisposedException>(() => more.MoveNext());
    }

    [Fact]
    public void A_run_that_is_enumerated_again_goes_on_where_it_stopped()
    {
        using BagModel model = Create(Colors), whole = Create(Colors);
        using var trainer = model.CreateTrainer(s_fast);
        IEnumerable<TrainingStep> steps = trainer.Fit(Examples(20));
        Assert.Equal([1, 2, 3], steps.Take(3).Select(step => step.Number));
        Assert.Equal(Enumerable.Range(4, 9), steps.Select(step => step.Number));
        Assert.Empty(steps);
        using var other = whole.CreateTrainer(s_fast);
        _ = other.Fit(Examples(20)).Last();
        Assert.Equal(Bits(whole), Bits(model));
    }

    [Fact]
    public void A_new_run_ends_the_one_before()
    {
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(s_fast);
        IEnumerator<TrainingStep> first = trainer.Fit(Examples(20)).GetEnumerator();
        Assert.True(first.MoveNext());
        IEnumerable<TrainingStep> second = trainer.Fit(Examples(20));
        Assert.Contains("Another run", Assert.Throws<InvalidOperationException>(() => first.MoveNext()).Message);
        Assert.Equal(1, second.First().Number);
    }

    [Fact]
    public void Cancellation_leaves_the_weights_of_the_last_step()
    {
        using CancellationTokenSource source = new();
        BagProgram program = new(Colors) { OnPass = step => Cancel(source, step == 4) };
        using BagModel model = Create(program);
        using var trainer = model.CreateTrainer(s_fast with { BatchSize = 20, ChunkTokens = 32 });
        uint[] after3 = [];
        Assert.ThrowsAny<OperationCanceledException>(() => trainer.Train(Examples(60), new Told<TrainingStep>(step => after3 = step.Number == 3 ? Bits(model) : after3), source.Token));
        Assert.Equal(after3, Bits(model));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_stops_the_run_and_is_named()
    {
        BagProgram program = new(Colors) { BadGradientIn = 3 };
        using BagModel model = Create(program);
        using var trainer = model.CreateTrainer(s_fast);
        uint[] last = [];
        TrainingException stopped = Assert.Throws<TrainingException>(() => trainer.Train(Examples(60), new Told<TrainingStep>(_ => last = Bits(model)), Now));
        Assert.Equal((3, "bert.encoder.layer.0.shift.bias"), (stopped.Step, stopped.Tensor));
        Assert.Contains("step 3", stopped.Message);
        Assert.Equal(last, Bits(model));
    }

    [Fact]
    public void A_loss_that_is_not_finite_stops_the_run_and_is_named()
    {
        BagProgram program = new(Colors) { BadLossIn = 2 };
        using BagModel model = Create(program);
        using var trainer = model.CreateTrainer(s_fast);
        uint[] last = [];
        TrainingException stopped = Assert.Throws<TrainingException>(() => trainer.Train(Examples(60), new Told<TrainingStep>(_ => last = Bits(model)), Now));
        Assert.Equal((2, "classifier"), (stopped.Step, stopped.Tensor));
        Assert.Equal(last, Bits(model));
        program.BadLossIn = 0;
        Assert.Equal(32, trainer.Train(Examples(60), null, Now).Steps);
    }

    [Fact]
    public void A_model_without_a_loss_cannot_be_trained()
    {
        using BagModel model = Create(FakeModels.Head(BertGen.CompilerServices.HeadKind.SentenceEmbedding, BagProgram.Hidden));
        Assert.Contains("no head that can be trained", Assert.Throws<NotSupportedException>(() => model.CreateTrainer()).Message);
    }

    private static uint[] Run(TrainingOptions options, int threads = 1)
    {
        using BagModel model = Create(new BagProgram(Colors), threads: threads);
        using var trainer = model.CreateTrainer(options);
        _ = trainer.Train(Examples(60), null, Now);
        return Bits(model);
    }

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }
}

/// <summary>Progress on the thread that reports.</summary>
internal sealed class Told<T>(Action<T> action) : IProgress<T>
{
    public void Report(T value) => action(value);
}
