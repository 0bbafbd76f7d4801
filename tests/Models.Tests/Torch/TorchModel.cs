using BertGen.Models.Tests.Declarations;
using BertGen.Models.Tests.Oracles;
using BertGen.Models.Tests.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace BertGen.Models.Tests.Torch;

/// <summary>What the model computes for a batch, padded to the longest text: libtorch's graph hangs on it.</summary>
/// <param name="Hidden">[texts, longest, hidden].</param>
/// <param name="Pooled">[texts, hidden], or null.</param>
/// <param name="Logits">By the head's tensor name: [texts, outputs] or [texts, longest, outputs].</param>
internal sealed record TorchOutputs(Tensor Hidden, Tensor? Pooled, IReadOnlyDictionary<string, Tensor> Logits);

/// <summary>The published model in libtorch: texts of a batch are padded and masked, as the Python library does it.</summary>
internal sealed class TorchModel : IDisposable
{
    // TorchSharp makes an object of every number that goes into an operation and may collect it while libtorch still reads it: those here stay, and no operation is used that makes its own.
    private static readonly Scalar s_one = 1;
    private static readonly Scalar s_minusOne = -1;
    private static readonly Scalar s_half = 0.5;
    private static readonly Scalar s_three = 3;
    private static readonly Scalar s_lowest = float.MinValue;
    private static readonly Scalar s_smallest = 1e-9;
    private static readonly Scalar s_cubed = 0.044715;
    private static readonly Scalar s_tanhScale = Math.Sqrt(2 / Math.PI);

    private readonly ModelDeclaration _model;
    private readonly Scalar _scoreScale;
    private readonly ScalarType _type;
    private readonly Dictionary<string, Parameter> _weights;

    /// <param name="model">The declaration.</param>
    /// <param name="weights">The weights.</param>
    /// <param name="type">Precision of everything.</param>
    public TorchModel(ModelDeclaration model, Checkpoint weights, ScalarType type = ScalarType.Float32)
    {
        _model = model;
        _type = type;
        _scoreScale = model.IsCbow ? 1 : 1 / Math.Sqrt(model.HeadSize);
        _weights = weights.Tensors.ToDictionary(
            pair => pair.Key,
            pair => new Parameter(tensor(pair.Value.Values).to_type(type).reshape([.. pair.Value.Shape.Select(size => (long)size)])));
    }

    /// <summary>The weights by published name: leaves of the graph.</summary>
    public IReadOnlyDictionary<string, Parameter> Weights => _weights;

    public IReadOnlyList<ModelResult> Run(IReadOnlyList<ModelInput> batch)
    {
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        (Tensor hidden, Tensor? pooled, IReadOnlyDictionary<string, Tensor> logits) = Forward(batch, _model.TaskHeads);
        int[] lengths = [.. batch.Select(Length)];
        return [.. batch.Select((_, text) => new ModelResult(
            Values(hidden[text].narrow(0, 0, lengths[text])),
            pooled is null ? null : Values(pooled[text]),
            _model.TaskHeads.ToDictionary(head => head.TensorName, head =>
            {
                Tensor output = logits[head.TensorName][text];
                return Values(head.IsPerToken ? output.narrow(0, 0, lengths[text]) : output);
            })))];
    }

    /// <summary>The forward pass with some of the heads; the caller's dispose scope owns the tensors.</summary>
    public TorchOutputs Forward(IReadOnlyList<ModelInput> batch, IEnumerable<HeadDeclaration> heads)
    {
        Tensor mask = Stack(batch, (input, width) => Floats([.. Enumerable.Repeat(1f, Length(input)), .. Enumerable.Repeat(0f, width - Length(input))]));
        Tensor hidden = _model.IsCbow ? NeighbourMeans(batch, mask) : Encode(Embed(batch), mask);
        Tensor? pooled = _model.HasPooler ? Linear(hidden.select(1, 0), "bert.pooler.dense").tanh() : null;
        return new(hidden, pooled, heads.ToDictionary(head => head.TensorName, head => Head(head, hidden, pooled, mask)));
    }

    /// <summary>Tokens of a text; vectors have one more for [CLS].</summary>
    public int Length(ModelInput input) => _model.Features > 0 ? 1 + input.Vectors.Length / _model.Features : input.InputIds.Length;

    public void Dispose()
    {
        foreach (Parameter weight in _weights.Values)
        {
            weight.Dispose();
        }
    }

    private Tensor Floats(float[] values) => tensor(values).to_type(_type);

    // [texts, widest]: one row a text, as long as the longest.
    private Tensor Stack(IReadOnlyList<ModelInput> batch, Func<ModelInput, int, Tensor> row)
    {
        int width = batch.Max(Length);
        return stack([.. batch.Select(input => row(input, width))]);
    }

    private Tensor Ids(IReadOnlyList<ModelInput> batch, Func<ModelInput, int[]> select) =>
        Stack(batch, (input, width) => tensor([.. select(input).Select(id => (long)id), .. new long[width - Length(input)]]));

    private Tensor Embed(IReadOnlyList<ModelInput> batch)
    {
        Tensor words;
        if (_model.Features > 0)
        {
            Tensor frames = Stack(batch, (input, width) => Floats([.. input.Vectors, .. new float[(width - 1) * _model.Features - input.Vectors.Length]]).reshape(width - 1, _model.Features));
            Tensor cls = _weights["bert.embeddings.cls_embedding"].reshape(1, 1, _model.HiddenSize).expand(batch.Count, 1, _model.HiddenSize);
            words = cat([cls, Linear(frames, "bert.embeddings.feature_projection")], 1);
        }
        else
        {
            words = Sum(
                Lookup(PublishedTensors.WordEmbeddings, Ids(batch, input => input.InputIds)),
                Lookup("bert.embeddings.token_type_embeddings.weight", Ids(batch, input => input.TokenTypeIds)));
        }

        Tensor positions = Lookup("bert.embeddings.position_embeddings.weight", arange(words.shape[1], int64));
        return LayerNorm(Sum(words, positions), "bert.embeddings.LayerNorm");
    }

    private Tensor Encode(Tensor hidden, Tensor mask)
    {
        // What is padding gets the smallest float as its score.
        Tensor bias = Padding(mask).unsqueeze(1).unsqueeze(1);
        for (int i = 0; i < _model.Layers; i++)
        {
            string layer = $"bert.encoder.layer.{i}";
            Tensor attended = Linear(Attention(hidden, bias, $"{layer}.attention.self"), $"{layer}.attention.output.dense");
            hidden = LayerNorm(Sum(attended, hidden), $"{layer}.attention.output.LayerNorm");
            Tensor transformed = Linear(Activate(Linear(hidden, $"{layer}.intermediate.dense")), $"{layer}.output.dense");
            hidden = LayerNorm(Sum(transformed, hidden), $"{layer}.output.LayerNorm");
        }

        return hidden;
    }

    private Tensor Attention(Tensor hidden, Tensor bias, string self)
    {
        // [texts, heads, tokens, head size]
        Tensor Split(string name) => Linear(hidden, $"{self}.{name}").reshape(hidden.shape[0], hidden.shape[1], _model.Heads, _model.HeadSize).transpose(1, 2);
        Tensor scores = Split("query").matmul(Split("key").transpose(-1, -2)).mul(_scoreScale);
        Tensor context = Sum(scores, bias).softmax(-1).matmul(Split("value"));
        return context.transpose(1, 2).reshape(hidden.shape);
    }

    // A band matrix, each row divided by its number of neighbours, times the word vectors.
    private Tensor NeighbourMeans(IReadOnlyList<ModelInput> batch, Tensor mask)
    {
        Tensor words = Lookup(PublishedTensors.WordEmbeddings, Ids(batch, input => input.InputIds));
        long width = words.shape[1];
        Tensor band = ones(width, width).triu(-_model.Window).tril(_model.Window).add(eye(width), s_minusOne).to_type(_type);
        Tensor neighbours = band.unsqueeze(0) * mask.unsqueeze(1);
        return neighbours.matmul(words) / neighbours.sum(-1, keepdim: true).clamp_min(s_one);
    }

    private Tensor Head(HeadDeclaration head, Tensor hidden, Tensor? pooled, Tensor mask) => head.Task switch
    {
        HeadTask.MaskedWords => MaskedWords(head, hidden),
        HeadTask.Embedding => Pool(head, hidden, mask.unsqueeze(-1)),
        _ => Linear(head.ReadsPooled ? pooled! : hidden, head.TensorName),
    };

    private Tensor MaskedWords(HeadDeclaration head, Tensor hidden)
    {
        string name = head.TensorName;
        Tensor transformed = _model.IsCbow ? hidden : LayerNorm(Activate(Linear(hidden, $"{name}.transform.dense")), $"{name}.transform.LayerNorm");
        return linear(transformed, _weights[PublishedTensors.Decoder(_model, head)], _weights[$"{name}.bias"]);
    }

    private static Tensor Pool(HeadDeclaration head, Tensor hidden, Tensor mask)
    {
        Tensor vectors = head.Pooling switch
        {
            Pooling.Cls => hidden.select(1, 0),
            Pooling.Mean => (hidden * mask).sum(1) / mask.sum(1).clamp_min(s_smallest),
            Pooling.Max => Sum(hidden, Padding(mask)).amax([1L]),
            _ => throw new NotSupportedException($"No oracle for {head.Pooling}."),
        };
        return head.Normalize ? normalize(vectors, 2, 1, 1e-12) : vectors;
    }

    private Tensor Activate(Tensor x) => _model.Activation switch
    {
        Activation.Gelu => gelu(x),
        Activation.GeluTanh => GeluTanh(x.mul(s_half), Sum(x, x.pow(s_three).mul(s_cubed)).mul(s_tanhScale).tanh()),
        Activation.Relu => relu(x),
        _ => throw new NotSupportedException($"No oracle for {_model.Activation}."),
    };

    private static Tensor Sum(Tensor x, Tensor y) => x.add(y, s_one);

    private static Tensor GeluTanh(Tensor half, Tensor tanh) => Sum(half, half.mul(tanh));

    // The smallest float where there is no token, else 0.
    private static Tensor Padding(Tensor mask) => mask.add(ones_like(mask), s_minusOne).mul(s_lowest).neg();

    private Tensor Lookup(string table, Tensor rows) => _weights[table][rows];

    private Tensor Linear(Tensor x, string name) => linear(x, _weights[$"{name}.weight"], _weights[$"{name}.bias"]);

    private Tensor LayerNorm(Tensor x, string name) => layer_norm(x, [_model.HiddenSize], _weights[$"{name}.weight"], _weights[$"{name}.bias"], _model.LayerNormEpsilon);

    private static double[] Values(Tensor output) => [.. output.contiguous().to_type(float64).data<double>()];
}
