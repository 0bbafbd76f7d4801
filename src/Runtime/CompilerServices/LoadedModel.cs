using BertGen.Weights;
using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>A compiled program with its weights and its tokenizer: what a generated class wraps.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class LoadedModel : IDisposable
{
    private readonly CallGate _gate;
    private int _training;

    internal LoadedModel(CompiledProgram program, LoadedWeights weights, ITextTokenizer? tokenizer, ModelOptions options)
    {
        Program = program;
        Definition = program.Definition;
        Weights = weights;
        Options = options;
        Tokenizer = tokenizer;
        MaxTokens = MaxTokensOf(Definition, tokenizer, weights);
        HasPooler = HeadOutputs.HasPooler(Definition);
        _gate = new CallGate(Definition.Name);
        Session = new InferenceSession(program, weights.Arena.Pointer, options.SimdWidth ?? SimdWidths.Best, options.Threads ?? Environment.ProcessorCount, options.FlopsPerWorker ?? InferenceSession.WorthwhileFlops);
    }

    internal CompiledProgram Program { get; }

    internal ModelDefinition Definition { get; }

    internal ModelOptions Options { get; }

    internal LoadedWeights Weights { get; }

    internal InferenceSession Session { get; }

    /// <summary>Null for vector input.</summary>
    internal ITextTokenizer? Tokenizer { get; }

    internal bool HasPooler { get; }

    /// <summary>Batches of texts, lent to one call at a time.</summary>
    internal Pool<TextBatch> Texts { get; } = new(static () => new TextBatch());

    /// <summary>Batches of vectors, lent to one call at a time.</summary>
    internal Pool<VectorBatch> Vectors { get; } = new(static () => new VectorBatch());

    /// <summary>Waits for running calls and frees the weights and all working memory.</summary>
    public void Dispose()
    {
        if (_gate.Close())
        {
            Session.Dispose();
            Weights.Dispose();
        }
    }

    /// <summary>Begins a call; every call ends with <see cref="Exit"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal void Enter() => _gate.Enter();

    internal void Exit() => _gate.Exit();

    /// <summary>Begins a call that will change weights; ends with <see cref="ExitTraining"/>.</summary>
    /// <exception cref="InvalidOperationException">Another trainer is changing them.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal void EnterTraining()
    {
        if (Interlocked.Exchange(ref _training, 1) != 0)
        {
            throw new InvalidOperationException($"Another trainer of this {Definition.Name} is in the middle of a step. Train one model by one trainer at a time.");
        }

        try
        {
            _gate.Enter();
        }
        catch
        {
            Volatile.Write(ref _training, 0);
            throw;
        }
    }

    internal void ExitTraining()
    {
        _gate.Exit();
        Volatile.Write(ref _training, 0);
    }

    /// <summary>Between <see cref="EnterTraining"/> and <see cref="ExitTraining"/>: waits for running calls and holds later ones back, so that weights can be written; ends with <see cref="EndWriting"/>.</summary>
    internal WeightArena BeginWriting()
    {
        _gate.EnterAlone();
        if (Weights.MakeWritable())
        {
            Session.Rebind(Weights.Arena.Pointer);
        }

        Weights.MarkChanged();
        return Weights.Arena;
    }

    internal void EndWriting() => _gate.ExitAlone();

    /// <summary>Begins a call and lends it an empty batch; ends with <see cref="EndText"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal TextBatch BeginText() => Begin(Texts);

    internal void EndText(TextBatch batch) => End(Texts, batch);

    /// <summary>Begins a call and lends it an empty batch; ends with <see cref="EndVectors"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal VectorBatch BeginVectors() => Begin(Vectors);

    internal void EndVectors(VectorBatch batch) => End(Vectors, batch);

    /// <summary>Begins a call and lends it an empty batch; ends with <see cref="End"/>.</summary>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    internal TBatch Begin<TBatch>(Pool<TBatch> pool) where TBatch : SequenceBatch
    {
        _gate.Enter();
        TBatch batch = pool.Rent();
        batch.Clear();
        return batch;
    }

    internal void End<TBatch>(Pool<TBatch> pool, TBatch batch) where TBatch : SequenceBatch
    {
        batch.Trim(WorkerMemory.KeptBytes);
        pool.Return(batch);
        _gate.Exit();
    }

    /// <summary>Longest sequence in tokens that the model has positions for.</summary>
    internal int MaxPositions => PositionsOf(Definition);

    /// <summary>Longest sequence in tokens that a model has positions for; an encoder without positions takes any.</summary>
    internal static int PositionsOf(ModelDefinition definition) => definition.Encoder.MaxPositions == 0 ? int.MaxValue / 2 : definition.Encoder.MaxPositions;

    /// <summary>Longest sequence in tokens, special ones included, that typed calls make of a text.</summary>
    internal int MaxTokens { get; }

    /// <summary>Longest sequence in tokens, special ones included, that typed calls make of a text: what the class declares and what the checkpoint's files say.</summary>
    internal static int MaxTokensOf(ModelDefinition definition, ITextTokenizer? tokenizer, LoadedWeights weights)
    {
        int positions = PositionsOf(definition);
        return Math.Min(positions, Math.Min(tokenizer?.MaxLength ?? positions, weights.MaxSequenceLength ?? positions));
    }

    /// <summary>Index of a head by its published name.</summary>
    /// <exception cref="ArgumentException">The model has no such head.</exception>
    internal int HeadIndex(string name)
    {
        IReadOnlyList<HeadDefinition> heads = Definition.Heads;
        for (int i = 0; i < heads.Count; i++)
        {
            if (heads[i].TensorName == name)
            {
                return i;
            }
        }

        throw new ArgumentException($"{Definition.Name} has no head '{name}'; it has {string.Join(", ", heads.Select(head => $"'{head.TensorName}'"))}.", nameof(name));
    }

    /// <summary>What calls of a head do with long texts.</summary>
    internal TextLimits LimitsFor(HeadKind kind) => LimitsFor(HeadOutputs.DefaultLongText(kind));

    /// <summary>What calls do with long texts whose own default is <paramref name="policy"/>.</summary>
    internal TextLimits LimitsFor(LongText policy) => new(MaxTokens, Options.LongText ?? policy, Options.WindowStride, Definition.Encoder.TokenTypes > 1 ? 1 : 0);

    /// <summary>Runs a batch for one head; its outputs then lie in <see cref="SequenceBatch.Outputs"/>.</summary>
    internal void Run(SequenceBatch batch, int head, CancellationToken cancellationToken)
    {
        HeadDefinition declared = Definition.Heads[head];
        int rows = HeadOutputs.RowsOf(declared.Kind) switch
        {
            OutputRows.Text => batch.RowCount,
            OutputRows.Token => batch.TokenCount,
            _ => batch.Selected.Count,
        };
        batch.Outputs.Resize(checked(rows * declared.Outputs));
        int heads = Definition.Heads.Count;
        float** outputs = stackalloc float*[heads];
        for (int i = 0; i < heads; i++)
        {
            outputs[i] = null;
        }

        outputs[head] = batch.Outputs.Pointer;
        Run(batch, outputs, hiddenStates: null, cancellationToken);
    }

    /// <summary>Runs a batch for its hidden states, [tokens, hidden], which then lie in <see cref="SequenceBatch.Outputs"/>.</summary>
    internal void RunHidden(TextBatch batch)
    {
        batch.Outputs.Resize(checked(batch.TokenCount * Definition.Encoder.HiddenSize));
        int heads = Definition.Heads.Count;
        float** outputs = stackalloc float*[heads];
        for (int i = 0; i < heads; i++)
        {
            outputs[i] = null;
        }

        Run(batch, outputs, batch.Outputs.Pointer, CancellationToken.None);
    }

    private void Run(SequenceBatch batch, float** outputs, float* hiddenStates, CancellationToken cancellationToken)
    {
        ForwardPass call = default;
        call.TextCount = batch.RowCount;
        call.TokenCount = batch.TokenCount;
        call.TextOffsets = batch.Offsets.Pointer;
        if (batch is TextBatch texts)
        {
            call.InputIds = texts.Ids.Pointer;
            call.TokenTypeIds = Definition.Encoder.TokenTypes > 0 ? texts.TypeIds.Pointer : null;
        }
        else
        {
            call.Vectors = ((VectorBatch)batch).Vectors.Pointer;
        }

        call.SelectedTokens = batch.Selected.Pointer;
        call.SelectedCount = batch.Selected.Count;
        call.HiddenStates = hiddenStates;
        call.Outputs = outputs;
        Session.Run(&call, cancellationToken);
    }
}
