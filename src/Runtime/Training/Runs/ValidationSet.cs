using BertGen.CompilerServices;
using BertGen.Data;

namespace BertGen.Training;

/// <summary>Examples that a run is validated on: their mean loss by the forward pass alone, without dropout and label smoothing.</summary>
internal sealed unsafe class ValidationSet
{
    private readonly LoadedModel _model;
    private readonly List<EncodedExample> _examples;
    private readonly LossWeights _weights;
    private readonly TrainingChunk _chunk;
    private readonly PinnedBuffer<float>[] _outputs;
    private readonly List<int> _starts = [0];

    public ValidationSet(LoadedModel model, List<EncodedExample> examples, IEnumerable<HeadLearning> heads)
    {
        _model = model;
        _examples = examples;
        _weights = new LossWeights(model.Definition, heads);
        _weights.Count(examples);
        _chunk = new TrainingChunk(model.Definition);
        _outputs = [.. model.Definition.Heads.Select(_ => new PinnedBuffer<float>())];
        int tokens = 0;
        for (int i = 0; i < examples.Count; i++)
        {
            if (tokens > 0 && tokens + examples[i].TokenCount > model.Options.MaxBatchTokens)
            {
                _starts.Add(i);
                tokens = 0;
            }

            tokens += examples[i].TokenCount;
        }

        _starts.Add(examples.Count);
    }

    public int Count => _examples.Count;

    /// <summary>The loss of the model as it is.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public double Loss(CancellationToken cancellationToken)
    {
        double loss = 0;
        for (int i = 0; i + 1 < _starts.Count; i++)
        {
            _chunk.Fill(_examples, _starts[i], _starts[i + 1], _weights);
            if (_chunk.HasLabels)
            {
                loss += RunChunk(cancellationToken);
            }
        }

        return loss;
    }

    private double RunChunk(CancellationToken cancellationToken)
    {
        IReadOnlyList<HeadDefinition> heads = _model.Definition.Heads;
        TrainingPass training = _chunk.Pass(_weights);
        float** outputs = stackalloc float*[heads.Count];
        for (int head = 0; head < heads.Count; head++)
        {
            int rows = training.Heads[head].Weights is null ? 0 : HeadOutputs.RowsOf(heads[head].Kind) switch
            {
                OutputRows.Text => training.TextCount,
                OutputRows.Token => training.TokenCount,
                _ => training.SelectedCount,
            };
            _outputs[head].Resize(checked(rows * heads[head].Outputs));
            outputs[head] = rows == 0 ? null : _outputs[head].Pointer;
        }

        ForwardPass call = new()
        {
            TextCount = training.TextCount,
            TokenCount = training.TokenCount,
            TextOffsets = training.TextOffsets,
            InputIds = training.InputIds,
            TokenTypeIds = training.TokenTypeIds,
            Vectors = training.Vectors,
            SelectedTokens = training.SelectedTokens,
            SelectedCount = training.SelectedCount,
            Outputs = outputs,
        };
        _model.Enter();
        try
        {
            _model.Session.Run(&call, cancellationToken);
        }
        finally
        {
            _model.Exit();
        }

        double loss = 0;
        ReadOnlySpan<int> offsets = new(training.TextOffsets, training.TextCount + 1);
        for (int head = 0; head < heads.Count; head++)
        {
            if (outputs[head] is not null)
            {
                loss += RowLosses.Sum(heads[head], in training.Heads[head], outputs[head], offsets, _outputs[head].Count / heads[head].Outputs);
            }
        }

        return loss;
    }
}
