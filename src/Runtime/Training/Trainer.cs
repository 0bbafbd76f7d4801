using BertGen.Training;

namespace BertGen;

/// <summary>Fine-tunes a model; generated classes nest one with members for the examples of their heads, and <c>CreateTrainer</c> makes it.</summary>
/// <remarks>
/// A run is a function of weights, examples, options and seed: neither the number of threads nor a stop at a checkpoint changes a bit of it.
/// The model stays usable meanwhile: its calls see the weights of whole steps. Disposing a trainer leaves the model as it is.
/// </remarks>
/// <typeparam name="TModel">The model class.</typeparam>
public abstract class Trainer<TModel> : IDisposable where TModel : Model
{
    private readonly TrainerCore _core;

    /// <summary>Called by generated code.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of range.</exception>
    /// <exception cref="ArgumentException">Two options contradict each other.</exception>
    /// <exception cref="NotSupportedException">The model has no head that can be trained.</exception>
    protected Trainer(TModel model, TrainingOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        Options = options ?? new TrainingOptions();
        _core = new TrainerCore(model.Loaded, Options);
    }

    /// <summary>The options of every run.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Trains several heads at once: the texts of all are mixed, and the loss of a step is the sum of the heads' means, each times its weight.</summary>
    /// <param name="heads">Examples of each head, made by <c>Heads.….With</c>.</param>
    /// <returns>The steps: checked now, each taken when it is asked for. Enumerated again, they go on where they stopped.</returns>
    /// <exception cref="ArgumentException">Examples do not fit the model, or options do not fit the examples.</exception>
    /// <exception cref="CheckpointException">The run was resumed, and its data or options are not those of the checkpoint.</exception>
    /// <exception cref="TrainingException">While enumerated: a loss or gradient is not finite.</exception>
    public IEnumerable<TrainingStep> Fit(params HeadExamples<TModel>[] heads)
    {
        RunDefinition run = Begin(heads);
        return _core.Steps(run, CancellationToken.None).Select(step => StepOf(step, run.Source.Total));
    }

    /// <summary>Trains several heads at once, to the end.</summary>
    /// <param name="heads">Examples of each head, made by <c>Heads.….With</c>.</param>
    /// <param name="progress">Is told each step, on the calling thread or as it wants.</param>
    /// <param name="cancellationToken">Stops within a step, which is then not taken: weights and checkpoints are those after the step before.</param>
    /// <exception cref="ArgumentException">Examples do not fit the model, or options do not fit the examples.</exception>
    /// <exception cref="CheckpointException">The run was resumed, and its data or options are not those of the checkpoint.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="TrainingException">A loss or gradient is not finite.</exception>
    public TrainingSummary Train(IReadOnlyList<HeadExamples<TModel>> heads, IProgress<TrainingStep>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(heads);
        RunTotals totals = new();
        RunDefinition run = Begin([.. heads]);
        foreach (RunStep step in _core.Steps(run, cancellationToken))
        {
            totals.Add(step);
            progress?.Report(StepOf(step, run.Source.Total));
        }

        return totals.Summary(_core.Progress, run.Source.Total);
    }

    /// <summary>Writes weights, optimizer state and data position of the run as it stands after its last step.</summary>
    /// <param name="path">The checkpoint's folder, such as <c>run/step-200</c>; it is made where it does not exist. A checkpoint in it stays whole until the new one is.</param>
    /// <exception cref="InvalidOperationException">No run has begun.</exception>
    /// <exception cref="ObjectDisposedException">The trainer or the model is disposed.</exception>
    public void SaveCheckpoint(string path) => _core.Save(path);

    /// <summary>Reads a checkpoint. The next <c>Fit</c> or <c>Train</c>, over the same examples, goes on after its last step, bit for bit as if the run had never stopped.</summary>
    /// <param name="path">A checkpoint's folder, or the <see cref="OptimizationOptions.CheckpointFolder"/> of a run, whose latest is taken.</param>
    /// <exception cref="CheckpointException">It is damaged, or of another model or other options; says what differs.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or no checkpoint in it.</exception>
    /// <exception cref="ObjectDisposedException">The trainer or the model is disposed.</exception>
    public void Resume(string path) => _core.Resume(path);

    /// <summary>Waits for a step that is being taken and frees the memory of training. The model stays as it is.</summary>
    public void Dispose()
    {
        _core.Dispose();
        GC.SuppressFinalize(this);
    }

    private RunDefinition Begin(HeadExamples<TModel>[] heads)
    {
        RunDefinition run = RunBuilder.Build(_core, Options, heads);
        _core.Begin(run);
        return run;
    }

    private static TrainingStep StepOf(RunStep step, int total) => new()
    {
        Number = step.Number,
        Total = total,
        Epoch = step.Epoch,
        Loss = step.Outcome.Loss,
        LearningRate = step.Outcome.LearningRate,
        GradientNorm = step.Outcome.GradientNorm,
        Texts = step.Texts,
        Tokens = step.Outcome.Tokens,
        TokensPerSecond = step.TokensPerSecond,
        TimeLeft = step.TimeLeft,
        ValidationLoss = step.ValidationLoss,
        IsLast = step.IsLast,
    };
}
