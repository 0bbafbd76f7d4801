using BertGen.CompilerServices;
using BertGen.Data;
using BertGen.Training;

namespace BertGen.Benchmarks;

/// <summary>Our side: the step that trainers and pre-trainers take, on texts that are encoded already, as libtorch's are.</summary>
internal sealed class OurTraining : IDisposable
{
    /// <summary>Start of the names of the runtime's threads.</summary>
    private const string TeamThreads = "BertGen";
    private const float LearningRate = 5e-5f;

    private readonly Model _model;
    private readonly TrainingSession _session;
    private readonly LossWeights _weights;
    private readonly int _threads;
    private int _steps;

    /// <param name="task">What is trained.</param>
    /// <param name="folder">A Hugging Face folder with the weights to begin with.</param>
    /// <param name="threads">Threads.</param>
    /// <param name="dropout">Rate of every dropout.</param>
    public OurTraining(TrainingTask task, string folder, int threads, float dropout)
    {
        _threads = threads;
        _model = TrainingWeights.Load(task, folder, new ModelOptions { Threads = threads });
        _session = new TrainingSession(_model.Loaded, new TrainingOptions { HiddenDropout = dropout, AttentionDropout = dropout, BatchSize = task.BatchSize, LearningRate = LearningRate, Seed = 1 });
        _weights = new LossWeights(_model.Loaded.Definition, [new HeadLearning(0, 1, null, 0)]);
    }

    /// <summary>The batch in the form that encoders give texts.</summary>
    public static IReadOnlyList<EncodedExample> Prepare(TrainingTask task, TrainingBatch batch)
    {
        List<EncodedExample> examples = [];
        int first = 0;
        for (int text = 0; text < batch.Texts.Length; text++)
        {
            int[] ids = batch.Texts[text];
            int start = first, end = first + ids.Length;
            int[] places = [.. Enumerable.Range(0, batch.Selected.Length).Where(i => batch.Selected[i] >= start && batch.Selected[i] < end)];
            int[] classes = task.PredictsWords ? [.. places.Select(place => batch.Words[place])] : [batch.Labels[text]];
            examples.Add(new EncodedExample
            {
                Ids = ids,
                TypeIds = new int[ids.Length],
                TokenCount = ids.Length,
                Selected = [.. places.Select(place => batch.Selected[place] - start)],
                Targets = [new HeadTarget(0, classes, [])],
            });
            first = end;
        }

        return examples;
    }

    /// <summary>Forward pass, loss, backward pass, clipping and AdamW; the loss before the step.</summary>
    public float Step(IReadOnlyList<EncodedExample> batch)
    {
        StepOutcome outcome = _session.Step(++_steps, batch, _weights, LearningRate, CancellationToken.None);
        if (_steps == 1)
        {
            Pin();
        }

        return (float)outcome.Loss;
    }

    public void Dispose()
    {
        _session.Dispose();
        _model.Dispose();
    }

    // The team starts with the first step.
    private void Pin() => Affinity.PinThreadsNamed(TeamThreads, [.. Affinity.ForTeam(_threads).Skip(1)]);
}
