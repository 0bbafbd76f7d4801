using System.Diagnostics;
using System.Globalization;
using static BertGen.Tests.Training.BagModels;

namespace BertGen.Tests.Training;

/// <summary>Processes that train and are killed at arbitrary moments: this program starts itself with an environment variable that turns <see cref="Trains_until_it_is_killed"/> on.</summary>
public sealed class KillTests : IDisposable
{
    private const string Variable = "BERTGEN_TEST_TRAINS_IN";
    private const int Kills = 25;

    // As many steps and files as a second brings: most kills fall into the writing of one.
    private static readonly TrainingOptions s_options = new() { Epochs = 100_000, BatchSize = 4, LearningRate = 0.01f, Schedule = LearningRateSchedule.Constant, CheckpointEvery = 1, Seed = 3 };

    private readonly string _folder = Directory.CreateTempSubdirectory("bertgen-killed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void After_a_kill_the_last_checkpoint_is_whole_and_the_run_goes_on_bit_for_bit()
    {
        Random random = new(11);
        int before = 0, atWork = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            using (Process child = Start())
            {
                try
                {
                    // It writes from the moment in which the step has risen; then it lives for some more milliseconds.
                    Assert.True(SpinWait.SpinUntil(() => LatestStep() > before || child.HasExited, TimeSpan.FromSeconds(60)));
                    Assert.False(child.HasExited, "The child has ended by itself.");
                    Thread.Sleep(random.Next(40));
                }
                finally
                {
                    child.Kill();
                    child.WaitForExit();
                }
            }

            int latest = LatestStep();
            using BagModel model = Create(Colors);
            using var trainer = model.CreateTrainer(s_options with { CheckpointFolder = _folder });
            trainer.Resume(_folder);
            int step = trainer.Fit(Examples(40)).First().Number - 1;
            Assert.True(step >= latest, $"Step {step} is not the latest, {latest}.");
            atWork += Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Any(file => Path.GetFileName(file).StartsWith('.')) ? 1 : 0;
            before = LatestStep();
        }

        // The same number of steps without a stop.
        using BagModel killed = Create(Colors), whole = Create(Colors);
        using var resumed = killed.CreateTrainer(s_options with { CheckpointFolder = _folder });
        resumed.Resume(_folder);
        int last = resumed.Fit(Examples(40)).First().Number;
        using var uninterrupted = whole.CreateTrainer(s_options with { CheckpointEvery = null });
        _ = uninterrupted.Fit(Examples(40)).First(step => step.Number == last);
        Assert.Equal(Bits(whole), Bits(killed));
        TestContext.Current.SendDiagnosticMessage($"{last} steps, {atWork} of {Kills} kills left a file half-written.");
    }

    [Fact(Explicit = true)]
    public void Trains_until_it_is_killed()
    {
        string? folder = Environment.GetEnvironmentVariable(Variable);
        Assert.SkipWhen(folder is null, "Runs in a process of its own that is killed.");
        using BagModel model = Create(Colors);
        using var trainer = model.CreateTrainer(s_options with { CheckpointFolder = folder });
        if (File.Exists(Path.Combine(folder!, "latest")))
        {
            trainer.Resume(folder!);
        }

        _ = trainer.Fit(Examples(40)).Last();
    }

    private int LatestStep()
    {
        string latest = Path.Combine(_folder, "latest");
        return File.Exists(latest) ? int.Parse(File.ReadAllText(latest).AsSpan("step-".Length), CultureInfo.InvariantCulture) : 0;
    }

    private Process Start()
    {
        string program = typeof(KillTests).Assembly.Location;
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
        {
            start.ArgumentList.Add(program);
        }

        start.ArgumentList.Add("-explicit");
        start.ArgumentList.Add("only");
        start.ArgumentList.Add("-method");
        start.ArgumentList.Add($"*{nameof(KillTests)}.{nameof(Trains_until_it_is_killed)}");
        start.Environment[Variable] = _folder;
        Process child = Process.Start(start)!;
        child.OutputDataReceived += static (_, _) => { };
        child.ErrorDataReceived += static (_, _) => { };
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return child;
    }
}
