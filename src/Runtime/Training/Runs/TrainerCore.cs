using System.Diagnostics;
using BertGen.CompilerServices;
using BertGen.Data;
using BertGen.Weights;

namespace BertGen.Training;

/// <summary>What trainers and pre-trainers share: one run after another on one model, each step as a whole, checkpoints between steps.</summary>
/// <remarks>A lock keeps steps, checkpoints and disposal apart, whatever threads they come from.</remarks>
internal sealed class TrainerCore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly OptimizationOptions _options;
    private readonly int? _validateEvery;
    private readonly int? _patience;
    private readonly bool _keepBest;
    private readonly List<EncodedExample> _batch = [];
    private TrainingSession? _session;
    private RunDefinition? _run;
    private RunProgress _progress = new();
    private RunManifest? _resumed;
    private bool _isDisposed;

    public TrainerCore(LoadedModel model, OptimizationOptions options)
    {
        options.Check();
        Model = model;
        _options = options;
        if (options is TrainingOptions training)
        {
            (_validateEvery, _patience, _keepBest) = (training.ValidateEvery, training.Patience, training.KeepBest);
        }

        _session = new TrainingSession(model, options);
    }

    public LoadedModel Model { get; }

    /// <summary>How far the run has come.</summary>
    public RunProgress Progress => _progress;

    /// <summary>Refuses an example that no chunk could hold, or that the tables of the model do not.</summary>
    public void Check(IEnumerable<EncodedExample> examples)
    {
        TrainingSession session = Session;
        foreach (EncodedExample example in examples)
        {
            session.Check(example);
        }
    }

    /// <summary>Refuses texts of a length that no chunk could hold.</summary>
    public void Check(int textTokens, int selected) => Session.Check(textTokens, selected);

    /// <summary>Makes a run ready: a fresh one, or the one that <see cref="Resume"/> has read.</summary>
    public void Begin(RunDefinition run)
    {
        lock (_lock)
        {
            TrainingSession session = Session;
            if (_resumed is { } manifest)
            {
                manifest.CheckRun(run, Model.Definition.Name);
                run.Source.Seek(_progress.Step, _progress.Position);
                _resumed = null;
            }
            else
            {
                session.Optimizer.Reset();
                Forget();
                _progress = new RunProgress();
            }

            session.Optimizer.Train(head => run.Weights.Of(head) is not null);
            _run?.Source.Dispose();
            _run = run;
        }
    }

    /// <summary>The steps of a run; each is taken when it is asked for.</summary>
    public IEnumerable<RunStep> Steps(RunDefinition run, CancellationToken cancellationToken)
    {
        // Pace and time left are those of this stretch of the run, not of the one before a checkpoint.
        TimeSpan spent = TimeSpan.Zero;
        for (int taken = 1; Next(run, ref spent, taken, cancellationToken) is { } step; taken++)
        {
            yield return step;
        }
    }

    /// <summary>Writes a checkpoint of the run as it stands.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        lock (_lock)
        {
            SaveUnderLock(path);
        }
    }

    /// <summary>Reads a checkpoint into the model and the optimizer; the next run goes on from there.</summary>
    public void Resume(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        lock (_lock)
        {
            TrainingSession session = Session;
            string folder = CheckpointFolders.Resolve(path);
            RunManifest manifest = RunManifest.Read(folder, Model.Definition, _options);
            RunProgress progress = manifest.Progress();
            try
            {
                session.Restore(manifest, progress);
            }
            catch
            {
                progress.Best?.Dispose();
                throw;
            }

            Forget();
            (_run, _progress, _resumed) = (null, progress, manifest);
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isDisposed)
            {
                _isDisposed = true;
                _session?.Dispose();
                _session = null;
                _run?.Source.Dispose();
                Forget();
            }
        }
    }

    private TrainingSession Session => _session ?? throw new ObjectDisposedException("Trainer", $"The trainer of {Model.Definition.Name} is disposed.");

    private RunStep? Next(RunDefinition run, ref TimeSpan spent, int taken, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            TrainingSession session = Session;
            if (run != _run)
            {
                throw new InvalidOperationException("Another run of this trainer has begun, so this one cannot go on.");
            }

            cancellationToken.ThrowIfCancellationRequested();
            if (_progress.IsStopped || _progress.Step == run.Source.Total)
            {
                RestoreBest(session);
                return null;
            }

            long start = Stopwatch.GetTimestamp();
            int number = _progress.Step + 1;
            (int epoch, bool endsEpoch) = run.Source.Read(_batch);
            StepOutcome outcome;
            try
            {
                outcome = session.Step(number, _batch, run.Weights, run.Rates.At(number), cancellationToken);
            }
            catch
            {
                // The step was not taken: whoever goes on takes it again.
                run.Source.Seek(_progress.Step, _progress.Position);
                throw;
            }

            (_progress.Step, _progress.Position) = (number, run.Source.Position);
            TimeSpan duration = Stopwatch.GetElapsedTime(start);
            spent += duration;
            double? validation = Validate(run, session, number, endsEpoch, cancellationToken);
            bool isLast = _progress.IsStopped || number == run.Source.Total;
            if (_options.CheckpointEvery is { } every && (number % every == 0 || isLast))
            {
                string folder = CheckpointFolders.ForStep(_options.CheckpointFolder!, number);
                SaveUnderLock(folder);
                CheckpointFolders.MakeLatest(folder, _options.CheckpointsKept);
            }

            if (isLast)
            {
                RestoreBest(session);
            }

            return new RunStep(number, epoch, _batch.Count, outcome, outcome.Tokens / duration.TotalSeconds, spent / taken * (run.Source.Total - number), validation, isLast);
        }
    }

    private double? Validate(RunDefinition run, TrainingSession session, int number, bool endsEpoch, CancellationToken cancellationToken)
    {
        bool isDue = _validateEvery is { } every ? number % every == 0 || number == run.Source.Total : endsEpoch;
        if (run.Validation is null || !isDue)
        {
            return null;
        }

        double loss = run.Validation.Loss(cancellationToken);
        if (loss < _progress.BestLoss)
        {
            (_progress.BestLoss, _progress.BestStep, _progress.Worse) = (loss, number, 0);
            if (_keepBest)
            {
                _progress.Best ??= WeightArena.Allocate(Model.Definition.WeightFloats);
                session.CopyWeights(_progress.Best);
            }
        }
        else
        {
            _progress.Worse++;
            _progress.IsStopped = _progress.Worse >= _patience;
        }

        return loss;
    }

    private void RestoreBest(TrainingSession session)
    {
        if (_progress.Best is { } best)
        {
            session.SetWeights(best);
        }
    }

    private void SaveUnderLock(string path)
    {
        TrainingSession session = Session;
        if (_run is null)
        {
            throw new InvalidOperationException(_resumed is null
                ? "There is no run to save. Call Fit or Train first, or Save of the model for its weights alone."
                : "The run that was resumed has not begun again. Call Fit or Train first.");
        }

        session.Save(path, _run, _progress, _options);
    }

    /// <summary>Lets go of the weights that a run kept.</summary>
    private void Forget()
    {
        _progress.Best?.Dispose();
        _progress.Best = null;
    }
}
