using BertGen.CompilerServices;
using BertGen.Data;
using BertGen.Training;

namespace BertGen;

/// <summary>Pre-trains a model on text; <c>CreatePretrainer</c> of a class with a masked-language-model or next-sentence head makes it.</summary>
/// <remarks>
/// Texts are packed and masked on the fly, so that a corpus may be larger than memory. A run is a function of weights, corpus, options and seed:
/// neither the number of threads nor a stop at a checkpoint changes a bit of it. Disposing a pre-trainer leaves the model as it is.
/// </remarks>
public sealed class Pretrainer : IDisposable
{
    private readonly TrainerCore _core;
    private readonly int _words;
    private readonly int _nextSentence;

    internal Pretrainer(TextModel model, PretrainingOptions? options)
    {
        ArgumentNullException.ThrowIfNull(model);
        Options = options ?? new PretrainingOptions();
        _core = new TrainerCore(model.Loaded, Options);
        _words = IndexOf(HeadKind.MaskedLanguageModel);
        _nextSentence = IndexOf(HeadKind.NextSentencePrediction);
    }

    /// <summary>The options of every run.</summary>
    public PretrainingOptions Options { get; }

    /// <summary>Pre-trains on a corpus.</summary>
    /// <param name="corpus">The corpus.</param>
    /// <returns>The steps: checked now, each taken when it is asked for. Enumerated again, they go on where they stopped.</returns>
    /// <exception cref="ArgumentException">The corpus does not fit the model.</exception>
    /// <exception cref="CheckpointException">The run was resumed, and its corpus or options are not those of the checkpoint.</exception>
    /// <exception cref="TrainingException">While enumerated: a loss or gradient is not finite.</exception>
    public IEnumerable<PretrainingStep> Fit(PretrainingCorpus corpus) => _core.Steps(Begin(corpus), CancellationToken.None).Select(StepOf);

    /// <summary>Pre-trains on a corpus, to the end.</summary>
    /// <param name="corpus">The corpus.</param>
    /// <param name="progress">Is told each step, on the calling thread or as it wants.</param>
    /// <param name="cancellationToken">Stops within a step, which is then not taken.</param>
    /// <exception cref="ArgumentException">The corpus does not fit the model.</exception>
    /// <exception cref="CheckpointException">The run was resumed, and its corpus or options are not those of the checkpoint.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="TrainingException">A loss or gradient is not finite.</exception>
    public TrainingSummary Train(PretrainingCorpus corpus, IProgress<PretrainingStep>? progress = null, CancellationToken cancellationToken = default)
    {
        RunTotals totals = new();
        foreach (RunStep step in _core.Steps(Begin(corpus), cancellationToken))
        {
            totals.Add(step);
            progress?.Report(StepOf(step));
        }

        return totals.Summary(_core.Progress, Options.Steps);
    }

    /// <summary>Writes weights, optimizer state and data position of the run as it stands after its last step.</summary>
    /// <param name="path">The checkpoint's folder; it is made where it does not exist. A checkpoint in it stays whole until the new one is.</param>
    /// <exception cref="InvalidOperationException">No run has begun.</exception>
    /// <exception cref="ObjectDisposedException">The pre-trainer or the model is disposed.</exception>
    public void SaveCheckpoint(string path) => _core.Save(path);

    /// <summary>Reads a checkpoint. The next <c>Fit</c> or <c>Train</c>, over the same corpus, goes on after its last step, bit for bit as if the run had never stopped.</summary>
    /// <param name="path">A checkpoint's folder, or the <see cref="OptimizationOptions.CheckpointFolder"/> of a run, whose latest is taken.</param>
    /// <exception cref="CheckpointException">It is damaged, or of another model or other options; says what differs.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder, or no checkpoint in it.</exception>
    /// <exception cref="ObjectDisposedException">The pre-trainer or the model is disposed.</exception>
    public void Resume(string path) => _core.Resume(path);

    /// <summary>Waits for a step that is being taken and frees the memory of training. The model stays as it is.</summary>
    public void Dispose() => _core.Dispose();

    private RunDefinition Begin(PretrainingCorpus corpus)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        LoadedModel model = _core.Model;
        var examples = new PretrainingExamples(model, corpus, _words < 0 ? null : Options.Masking, Options.LengthFor(model.MaxTokens), Options.Seed);
        int length = Options.LengthFor(model.MaxTokens);
        _core.Check(length, _words < 0 ? 0 : Math.Max(1, (int)Math.Round(length * (double)Options.Masking.Rate)));
        HeadLearning[] learning = [.. new[] { _words, _nextSentence }.Where(head => head >= 0).Select(head => new HeadLearning(head, 1, null, 0))];
        var run = new RunDefinition(new CorpusSteps(examples, corpus.Text, Options), new LossWeights(model.Definition, learning), LearningRates.Of(Options, Options.Steps), null, new Dictionary<string, string>());
        _core.Begin(run);
        return run;
    }

    private PretrainingStep StepOf(RunStep step)
    {
        HeadOutcome words = OutcomeOf(_words), nextSentence = OutcomeOf(_nextSentence);
        return new PretrainingStep
        {
            Number = step.Number,
            Total = Options.Steps,
            Epoch = step.Epoch,
            Loss = step.Outcome.Loss,
            MaskedLanguageModelLoss = words.Loss,
            NextSentenceLoss = nextSentence.Loss,
            MaskedAccuracy = words.Hits / Math.Max(1.0, words.Rows),
            NextSentenceAccuracy = nextSentence.Hits / Math.Max(1.0, nextSentence.Rows),
            LearningRate = step.Outcome.LearningRate,
            GradientNorm = step.Outcome.GradientNorm,
            Tokens = step.Outcome.Tokens,
            TokensPerSecond = step.TokensPerSecond,
            TimeLeft = step.TimeLeft,
        };

        HeadOutcome OutcomeOf(int head) => head < 0 ? default : step.Outcome.Heads[head];
    }

    private int IndexOf(HeadKind kind)
    {
        IReadOnlyList<HeadDefinition> heads = _core.Model.Definition.Heads;
        for (int i = 0; i < heads.Count; i++)
        {
            if (heads[i].Kind == kind)
            {
                return i;
            }
        }

        return -1;
    }
}
