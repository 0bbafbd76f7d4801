using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace BertGen.Benchmarks;

/// <summary>How libtorch's side is set up: what can be chosen, and what <see cref="Best"/> found to be fastest (`./build.sh bench trainingpeer` compares them).</summary>
/// <param name="FusedAttention">scaled_dot_product_attention; else the products, softmax and dropout one by one.</param>
/// <param name="FusedProjections">One product for query, key and value; else three.</param>
/// <param name="Optimizer">Which AdamW.</param>
internal sealed record TorchSetup(bool FusedAttention, bool FusedProjections, TorchOptimizerKind Optimizer)
{
    public static TorchSetup Best { get; } = new(true, false, TorchOptimizerKind.Fused);

    public static IEnumerable<TorchSetup> All =>
        from attention in new[] { true, false }
        from projections in new[] { true, false }
        from optimizer in Enum.GetValues<TorchOptimizerKind>()
        select new TorchSetup(attention, projections, optimizer);

    public override string ToString() => $"{(FusedAttention ? "scaled_dot_product_attention" : "attention by hand")}, {(FusedProjections ? "one projection" : "three projections")}, {Optimizer} AdamW";
}

/// <summary>A training step in libtorch as a careful user writes it: no mask where lengths are equal, only masked rows reach the vocabulary, in-place operations where autograd allows, tensors freed as soon as nothing needs them.</summary>
internal sealed class TorchTraining : IDisposable
{
    private const double Epsilon = 1e-12;

    // TorchSharp makes an object of every number that goes into an operation and may collect it while libtorch still reads it: those here stay.
    private static readonly Scalar s_one = 1;
    private readonly Scalar _scoreScale;

    private readonly TrainingTask _task;
    private readonly TorchSetup _setup;
    private readonly Dictionary<string, Parameter> _weights;
    private readonly Dictionary<string, Embedding> _tables = [];
    private readonly TorchOptimizer _optimizer;

    /// <param name="task">What is trained.</param>
    /// <param name="weights">A Hugging Face folder with the weights to begin with.</param>
    /// <param name="setup">How.</param>
    public TorchTraining(TrainingTask task, string weights, TorchSetup setup)
    {
        (_task, _setup) = (task, setup);
        _scoreScale = 1 / Math.Sqrt(task.Encoder.HeadSize);
        _weights = TorchWeights.Read(weights, setup.FusedProjections);
        foreach (string table in (string[])["word_embeddings", "position_embeddings", "token_type_embeddings"])
        {
            Parameter weight = _weights[$"bert.embeddings.{table}.weight"];
            _tables.Add(table, nn.Embedding(weight.shape[0], weight.shape[1]));
            _tables[table].weight = weight;
        }

        _optimizer = TorchOptimizer.Create(setup.Optimizer, _weights);
    }

    /// <summary>Rate of every dropout.</summary>
    public double Dropout { get; set; } = TrainingTask.Dropout;

    /// <summary>Lays a batch out as tensors, padded to the longest text.</summary>
    public TorchBatch Prepare(TrainingBatch batch) => new(batch);

    /// <summary>Forward pass, loss, backward pass, clipping and AdamW; the loss before the step.</summary>
    public float Step(TorchBatch batch)
    {
        float loss = Backward(batch);
        _optimizer.Step();
        return loss;
    }

    /// <summary>Forward pass, loss and backward pass.</summary>
    public float Backward(TorchBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor loss = Loss(batch, Encode(batch));
        loss.backward();
        return loss.item<float>();
    }

    /// <summary>Clipping and AdamW alone.</summary>
    public void Update() => _optimizer.Step();

    public void Dispose()
    {
        _optimizer.Dispose();
        foreach (Embedding table in _tables.Values)
        {
            table.Dispose();
        }

        foreach (Parameter weight in _weights.Values)
        {
            weight.Dispose();
        }
    }

    private Tensor Encode(TorchBatch batch)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor words = _tables["word_embeddings"].forward(batch.Ids);
        Tensor types = _tables["token_type_embeddings"].forward(batch.TypeIds);
        Tensor positions = _weights["bert.embeddings.position_embeddings.weight"].narrow(0, 0, batch.Ids.shape[1]);
        Tensor hidden = Drop(LayerNorm(words.add_(types, s_one).add_(positions, s_one), "bert.embeddings.LayerNorm"));
        for (int i = 0; i < _task.Encoder.Layers; i++)
        {
            hidden = Layer(hidden, batch.Mask, FormattableString.Invariant($"bert.encoder.layer.{i}"));
        }

        return hidden.MoveToOuterDisposeScope();
    }

    // A scope of its own: what the backward pass does not need is freed before the next layer begins.
    private Tensor Layer(Tensor hidden, Tensor? mask, string layer)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor attended = Drop(Linear(Attention(hidden, mask, $"{layer}.attention.self"), $"{layer}.attention.output.dense"));
        Tensor middle = LayerNorm(attended.add_(hidden, s_one), $"{layer}.attention.output.LayerNorm");
        Tensor transformed = Drop(Linear(gelu(Linear(middle, $"{layer}.intermediate.dense")), $"{layer}.output.dense"));
        return LayerNorm(transformed.add_(middle, s_one), $"{layer}.output.LayerNorm").MoveToOuterDisposeScope();
    }

    private Tensor Attention(Tensor hidden, Tensor? mask, string self)
    {
        using DisposeScope scope = NewDisposeScope();
        long texts = hidden.shape[0], tokens = hidden.shape[1], heads = _task.Encoder.Heads, size = _task.Encoder.HeadSize;
        Tensor Split(Tensor projection) => projection.view(texts, tokens, heads, size).transpose(1, 2);
        Tensor[] projections = _setup.FusedProjections
            ? Linear(hidden, $"{self}.projections").chunk(3, -1)
            : [Linear(hidden, $"{self}.query"), Linear(hidden, $"{self}.key"), Linear(hidden, $"{self}.value")];
        Tensor query = Split(projections[0]), key = Split(projections[1]), value = Split(projections[2]);
        Tensor context;
        if (_setup.FusedAttention)
        {
            context = scaled_dot_product_attention(query, key, value, mask, Dropout);
        }
        else
        {
            Tensor scores = query.mul(_scoreScale).matmul(key.transpose(-1, -2));
            Tensor probabilities = (mask is null ? scores : scores.add_(mask, s_one)).softmax(-1);
            context = (Dropout > 0 ? dropout(probabilities, Dropout) : probabilities).matmul(value);
        }

        return context.transpose(1, 2).reshape(hidden.shape).MoveToOuterDisposeScope();
    }

    private Tensor Loss(TorchBatch batch, Tensor hidden)
    {
        if (!_task.PredictsWords)
        {
            Tensor pooled = Drop(Linear(hidden.select(1, 0), "bert.pooler.dense").tanh(), inplace: false);
            return cross_entropy(Linear(pooled, "classifier"), batch.Labels);
        }

        Tensor rows = hidden.view(-1, _task.Encoder.HiddenSize).index_select(0, batch.Selected);
        Tensor transformed = LayerNorm(gelu(Linear(rows, "cls.predictions.transform.dense")), "cls.predictions.transform.LayerNorm");
        Tensor logits = linear(transformed, _weights["bert.embeddings.word_embeddings.weight"], _weights["cls.predictions.bias"]);
        return cross_entropy(logits, batch.Words);
    }

    private Tensor Drop(Tensor x, bool inplace = true) => Dropout > 0 ? dropout(x, Dropout, training: true, inplace: inplace) : x;

    private Tensor Linear(Tensor x, string name) => linear(x, _weights[$"{name}.weight"], _weights[$"{name}.bias"]);

    private Tensor LayerNorm(Tensor x, string name) => layer_norm(x, [_task.Encoder.HiddenSize], _weights[$"{name}.weight"], _weights[$"{name}.bias"], Epsilon);
}

/// <summary>A batch as tensors.</summary>
internal sealed class TorchBatch : IDisposable
{
    public TorchBatch(TrainingBatch batch)
    {
        int longest = batch.Longest;
        long[] ids = new long[batch.Texts.Length * longest];
        float[] mask = new float[ids.Length];
        List<long> places = [];
        for (int text = 0; text < batch.Texts.Length; text++)
        {
            for (int i = 0; i < longest; i++)
            {
                bool isToken = i < batch.Texts[text].Length;
                ids[text * longest + i] = isToken ? batch.Texts[text][i] : 0;
                mask[text * longest + i] = isToken ? 0 : float.MinValue;
                if (isToken)
                {
                    places.Add(text * longest + i);
                }
            }
        }

        Ids = tensor(ids, int64).reshape(batch.Texts.Length, longest);
        TypeIds = zeros_like(Ids);
        Mask = batch.IsUniform ? null : tensor(mask).reshape(batch.Texts.Length, 1, 1, longest);
        Labels = tensor(Array.ConvertAll(batch.Labels, label => (long)label), int64);
        Selected = tensor([.. batch.Selected.Select(token => places[token])], int64);
        Words = tensor(Array.ConvertAll(batch.Words, word => (long)word), int64);
    }

    public Tensor Ids { get; }

    public Tensor TypeIds { get; }

    /// <summary>[texts, 1, 1, longest], added to the scores; null where nothing is padded.</summary>
    public Tensor? Mask { get; }

    public Tensor Labels { get; }

    /// <summary>Places of the predicted words in the padded batch.</summary>
    public Tensor Selected { get; }

    public Tensor Words { get; }

    public void Dispose()
    {
        foreach (Tensor? one in (Tensor?[])[Ids, TypeIds, Mask, Labels, Selected, Words])
        {
            one?.Dispose();
        }
    }
}
