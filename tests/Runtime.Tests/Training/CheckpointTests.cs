using BertGen.Training;
using static BertGen.Tests.Training.BagModels;

namespace BertGen.Tests.Training;

public sealed class CheckpointTests : IDisposable
{
    private static readonly TrainingOptions s_options = new() { Epochs = 4, BatchSize = 8, LearningRate = 0.05f, WarmupRatio = 0.1f, Seed = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("bertgen-training-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    [InlineData(20, 1)]
    [InlineData(32, 2)]
    public void A_run_that_goes_on_ends_with_the_bits_of_one_that_never_stopped(int stopAfter, int threads)
    {
        uint[] whole = Whole(s_options);
        string path = Path.Combine(_folder, "run", "step");
        using (BagModel model = Create(new BagProgram(Colors)))
        using (var trainer = model.CreateTrainer(s_options))
        {
            foreach (TrainingStep step in trainer.Fit(Examples(60)))
            {
                if (step.Number == stopAfter)
                {
                    trainer.SaveCheckpoint(path);
                    break;
                }
            }
        }

        // Other initial weights: everything must come from the checkpoint.
        using BagModel other = Create(new BagProgram(Colors), seed: 99, threads: threads);
        using var resumed = other.CreateTrainer(s_options);
        resumed.Resume(path);
        TrainingStep[] rest = [.. resumed.Fit(Examples(60))];
        Assert.Equal(Enumerable.Range(stopAfter + 1, 32 - stopAfter), rest.Select(step => step.Number));
        Assert.Equal(whole, Bits(other));
    }

    [Fact]
    public void Saving_over_a_checkpoint_replaces_it_and_leaves_nothing_behind()
    {
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(s_options);
        foreach (TrainingStep step in trainer.Fit(Examples(60)).Take(3))
        {
            trainer.SaveCheckpoint(_folder);
        }

        Assert.Equal(2, Directory.GetFiles(_folder).Length);
        Assert.Empty(Directory.GetDirectories(_folder));
        using BagModel other = Create(Colors);
        using var resumed = other.CreateTrainer(s_options);
        resumed.Resume(_folder);
        Assert.Equal(Bits(model), Bits(other));
        Assert.Equal(4, resumed.Fit(Examples(60)).First().Number);
    }

    [Fact]
    public void Validation_goes_on_where_it_was()
    {
        LabeledText<Color>[] wrong = [.. Examples(20, seed: 2).Select((example, i) => i % 3 == 0 ? new LabeledText<Color>(example.Text, (Color)(((int)example.Label + 1) % 3)) : example)];
        TrainingOptions options = s_options with { Epochs = 30, LearningRate = 0.1f, Patience = 4 };
        using BagModel whole = Create(Colors);
        using var uninterrupted = whole.CreateTrainer(options);
        TrainingStep[] all = [.. uninterrupted.Fit(Examples(60), wrong)];
        Assert.True(all.Length < 240);

        // After the best validation, so that its weights must come from the checkpoint; and at the very end.
        foreach (int stop in new[] { all.Length - 10, all.Length })
        {
            using (BagModel first = Create(Colors))
            using (var trainer = first.CreateTrainer(options))
            {
                _ = trainer.Fit(Examples(60), wrong).First(step => step.Number == stop);
                trainer.SaveCheckpoint(_folder);
            }

            using BagModel model = Create(Colors);
            using var resumed = model.CreateTrainer(options);
            resumed.Resume(_folder);
            Assert.Equal(all.Length - stop, resumed.Fit(Examples(60), wrong).Count());
            Assert.Equal(Bits(whole), Bits(model));
        }
    }

    [Fact]
    public void What_differs_is_said()
    {
        using BagModel model = Create(Colors);
        using (var trainer = model.CreateTrainer(s_options))
        {
            _ = trainer.Fit(Examples(60)).First();
            trainer.SaveCheckpoint(_folder);
        }

        using var others = model.CreateTrainer(s_options with { LearningRate = 0.1f, WarmupRatio = 0, Seed = 4, CheckpointEvery = 1, CheckpointFolder = _folder });
        CheckpointException options = Assert.Throws<CheckpointException>(() => others.Resume(_folder));
        Assert.Equal(["LearningRate was 0.05 and is 0.1 now.", "WarmupRatio was 0.1 and is 0 now.", "Seed was 3 and is 4 now."], options.Problems);

        using var right = model.CreateTrainer(s_options with { CheckpointEvery = 100, CheckpointFolder = _folder, CheckpointsKept = 7 });
        right.Resume(_folder);
        Assert.Contains("The examples are not those of the run", Assert.Throws<CheckpointException>(() => right.Fit(Examples(60, seed: 8))).Message);
        CheckpointException heads = Assert.Throws<CheckpointException>(() => right.Fit(BagModel.Heads.Color.With(Examples(60), weight: 2, classWeights: [1, 2, 3])));
        Assert.Equal(["Weight of head 'classifier' was 1 and is 2 now.", "Class weights of head 'classifier' was none and is 1 2 3 now."], heads.Problems);
        Assert.Contains("has not begun again", Assert.Throws<InvalidOperationException>(() => right.SaveCheckpoint(Path.Combine(_folder, "x"))).Message);
        Assert.Equal(2, right.Fit(Examples(60)).First().Number);

        using BagModel wider = Create(Colors, Score);
        using var wide = wider.CreateTrainer(s_options);
        Assert.Contains("declared otherwise", Assert.Throws<CheckpointException>(() => wide.Resume(_folder)).Message);
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_changes_nothing()
    {
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(s_options);
        _ = trainer.Fit(Examples(60)).First();
        trainer.SaveCheckpoint(_folder);
        uint[] bits = Bits(model);
        string state = Directory.GetFiles(_folder, "state-*.bin").Single(), manifest = Path.Combine(_folder, RunManifest.FileName);
        byte[] content = File.ReadAllBytes(state);
        string json = File.ReadAllText(manifest);

        content[^5] ^= 1;
        File.WriteAllBytes(state, content);
        Assert.Contains("The second moments in state-", Assert.Throws<CheckpointException>(() => trainer.Resume(_folder)).Message);
        File.WriteAllBytes(state, content[..^4]);
        Assert.Contains("bytes; ", Assert.Throws<CheckpointException>(() => trainer.Resume(_folder)).Message);
        File.Delete(state);
        Assert.Throws<CheckpointException>(() => trainer.Resume(_folder));
        File.WriteAllText(manifest, json[..^20]);
        Assert.Contains("cannot be read", Assert.Throws<CheckpointException>(() => trainer.Resume(_folder)).Message);
        File.WriteAllText(manifest, json.Replace("\"version\": 1", "\"version\": 9", StringComparison.Ordinal));
        Assert.Contains("version 9", Assert.Throws<CheckpointException>(() => trainer.Resume(_folder)).Message);
        File.WriteAllText(manifest, json.Replace("\"state\": \"", "\"state\": \"../", StringComparison.Ordinal));
        Assert.Contains("no file of the folder", Assert.Throws<CheckpointException>(() => trainer.Resume(_folder)).Message);
        foreach (string field in new[] { "step", "total", "position", "bestLoss", "bestStep", "worse", "data", "run", "state", "arenas", "options", "definition", "model", "version" })
        {
            File.WriteAllText(manifest, json.Replace($"\"{field}\"", $"\"no {field}\"", StringComparison.Ordinal));
            Assert.Throws<CheckpointException>(() => trainer.Resume(_folder));
        }

        File.Delete(manifest);
        Assert.Throws<DirectoryNotFoundException>(() => trainer.Resume(_folder));
        Assert.Throws<DirectoryNotFoundException>(() => trainer.Resume(Path.Combine(_folder, "nothing")));
        Assert.Equal(bits, Bits(model));
    }

    [Fact]
    public void A_run_saves_itself_and_keeps_the_last_ones()
    {
        TrainingOptions options = s_options with { CheckpointFolder = _folder, CheckpointEvery = 5, CheckpointsKept = 2 };
        uint[] whole = Whole(s_options);
        using (BagModel model = Create(Colors))
        using (var trainer = model.CreateTrainer(options))
        {
            _ = trainer.Fit(Examples(60)).Take(23).Last();
        }

        Assert.Equal(["step-00000015", "step-00000020"], Directory.GetDirectories(_folder).Select(Path.GetFileName).Order());
        Assert.Equal("step-00000020", File.ReadAllText(Path.Combine(_folder, "latest")));
        using BagModel other = Create(Colors);
        using var resumed = other.CreateTrainer(options);
        resumed.Resume(_folder);
        Assert.Equal(21, resumed.Fit(Examples(60)).First().Number);
        using BagModel third = Create(Colors);
        using var again = third.CreateTrainer(s_options);
        again.Resume(_folder);
        Assert.Equal(12, again.Fit(Examples(60)).Count());
        Assert.Equal(whole, Bits(third));
    }

    [Fact]
    public void Checkpoints_beyond_the_step_of_a_run_that_went_back_go_first()
    {
        foreach (int step in new[] { 5, 10, 15 })
        {
            Directory.CreateDirectory(CheckpointFolders.ForStep(_folder, step));
        }

        Directory.CreateDirectory(Path.Combine(_folder, "step-of-mine"));
        CheckpointFolders.MakeLatest(CheckpointFolders.ForStep(_folder, 10), kept: 2);
        Assert.Equal(["step-00000005", "step-00000010", "step-of-mine"], Directory.GetDirectories(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_stopped_run_can_be_saved_after_its_failure()
    {
        BagProgram program = new(Colors) { BadLossIn = 4 };
        using BagModel model = Create(program);
        using var trainer = model.CreateTrainer(s_options);
        Assert.Throws<TrainingException>(() => trainer.Fit(Examples(60)).Last());
        trainer.SaveCheckpoint(_folder);
        program.BadLossIn = 0;
        trainer.Resume(_folder);
        Assert.Equal(4, trainer.Fit(Examples(60)).First().Number);
        _ = trainer.Fit(Examples(60));
        Assert.Throws<TrainingException>(() =>
        {
            program.BadLossIn = 2;
            _ = trainer.Fit(Examples(60)).Last();
        });
    }

    [Fact]
    public void There_is_nothing_to_save_before_a_run()
    {
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer();
        Assert.Contains("no run to save", Assert.Throws<InvalidOperationException>(() => trainer.SaveCheckpoint(_folder)).Message);
        Assert.Throws<ArgumentException>(() => trainer.SaveCheckpoint(" "));
        Assert.Throws<ArgumentNullException>(() => trainer.Resume(null!));
    }

    private static uint[] Whole(TrainingOptions options)
    {
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(options);
        _ = trainer.Fit(Examples(60)).Last();
        return Bits(model);
    }
}
