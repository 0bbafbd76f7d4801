using BertGen.CompilerServices;

namespace BertGen;

/// <summary>What <c>Run</c> computes: hidden states, pooled output and the logits of the heads. Reusable: once its buffers are large enough, a run into it allocates nothing.</summary>
/// <remarks>An output serves one run at a time; its spans are valid until the next run into it. A run that throws leaves it empty.</remarks>
public sealed class ModelOutput
{
    private readonly PinnedBuffer<float> _hiddenStates = new();
    private readonly PinnedBuffer<float> _pooled = new();
    private readonly string[]? _asked;
    private readonly bool _wantsHiddenStates;
    private readonly bool _wantsPooled;
    private LoadedModel? _model;
    private PinnedBuffer<float>?[] _logits = [];

    // 1 during a run.
    private int _running;

    /// <summary>An output that asks for everything the model computes.</summary>
    public ModelOutput() => _wantsHiddenStates = _wantsPooled = true;

    /// <summary>An output that asks for some results only; what they do not need is not computed.</summary>
    /// <param name="hiddenStates">Whether to keep the hidden states.</param>
    /// <param name="pooled">Whether to keep the pooled output.</param>
    /// <param name="heads">Published names of the heads, as for <see cref="Logits"/>.</param>
    public ModelOutput(bool hiddenStates, bool pooled, params string[] heads)
    {
        ArgumentNullException.ThrowIfNull(heads);
        (_wantsHiddenStates, _wantsPooled, _asked) = (hiddenStates, pooled, [.. heads]);
    }

    /// <summary>Number of texts of the last run.</summary>
    public int TextCount => Math.Max(0, Offsets.Count - 1);

    /// <summary>Number of tokens of the last run (vector input: vectors, with one more a text for [CLS]).</summary>
    public int TokenCount => Offsets.Count == 0 ? 0 : Offsets[Offsets.Count - 1];

    /// <summary>[texts + 1]: text i owns the tokens from <c>TextOffsets[i]</c> to <c>TextOffsets[i + 1]</c>, exclusive.</summary>
    public ReadOnlySpan<int> TextOffsets => Offsets.Items;

    /// <summary>[tokens, hidden], row major: the last layer's output.</summary>
    /// <exception cref="InvalidOperationException">They were not asked for.</exception>
    public ReadOnlySpan<float> HiddenStates => _wantsHiddenStates ? _hiddenStates.Items : throw NotAsked("the hidden states");

    /// <summary>[texts, hidden]: the pooler's output, where the class has a pooler; for one text [hidden].</summary>
    /// <exception cref="InvalidOperationException">It was not asked for, or the class has no head that needs a pooler.</exception>
    public ReadOnlySpan<float> Pooled => !_wantsPooled ? throw NotAsked("the pooled output")
        : _model is { HasPooler: false } ? throw new InvalidOperationException($"{_model.Definition.Name} has no pooler: none of its heads needs one.")
        : _pooled.Items;

    /// <summary>Where each text's tokens start; empty before the first run.</summary>
    internal PinnedBuffer<int> Offsets { get; } = new();

    /// <summary>[tokens]: the ids of the run.</summary>
    internal PinnedBuffer<int> Ids { get; } = new();

    /// <summary>[tokens]: the types of the run.</summary>
    internal PinnedBuffer<int> TypeIds { get; } = new();

    /// <summary>All tokens, for vocabulary products over each.</summary>
    internal PinnedBuffer<int> Selected { get; } = new();

    /// <summary>A row of <see cref="HiddenStates"/>, [hidden].</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such token.</exception>
    public ReadOnlySpan<float> Token(int index)
    {
        ReadOnlySpan<float> all = HiddenStates;
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, TokenCount);
        int hidden = _model!.Definition.Encoder.HiddenSize;
        return all.Slice(index * hidden, hidden);
    }

    /// <summary>The outputs of a head by its published name, row major: [texts, outputs] for heads over texts, [tokens, outputs] for heads over tokens.</summary>
    /// <param name="name">"classifier", "qa_outputs", "cls.predictions", "cls.seq_relationship", "sentence_embedding", or of a named head "heads.Topic.classifier".</param>
    /// <exception cref="ArgumentException">The model has no such head.</exception>
    /// <exception cref="InvalidOperationException">The head was not asked for, or nothing ran yet.</exception>
    public ReadOnlySpan<float> Logits(string name)
    {
        LoadedModel model = _model ?? throw new InvalidOperationException("Nothing ran into this output yet.");
        return (_logits[model.HeadIndex(name)] ?? throw NotAsked($"'{name}'")).Items;
    }

    /// <summary>Takes the output for a run; ends with <see cref="End"/>. Kernels write here by pointer: another run would replace the memory under them.</summary>
    /// <exception cref="InvalidOperationException">Another run writes into it.</exception>
    internal void Begin()
    {
        if (Interlocked.Exchange(ref _running, 1) != 0)
        {
            throw new InvalidOperationException("Another run writes into this output. Give each run that goes on at the same time a ModelOutput of its own.");
        }
    }

    /// <summary>Releases the output. Without results the offsets of this run would stand beside buffers of the last one, so it is emptied.</summary>
    /// <remarks>Callers reach this behind the pass, which also keeps the pinned buffers from being collected while kernels write to them.</remarks>
    internal void End(bool hasResults)
    {
        if (!hasResults)
        {
            Offsets.Clear();
            _hiddenStates.Clear();
            _pooled.Clear();
            foreach (PinnedBuffer<float>? buffer in _logits)
            {
                buffer?.Clear();
            }
        }

        Volatile.Write(ref _running, 0);
    }

    /// <summary>Makes room for a run whose offsets are set, and points the pass at it.</summary>
    /// <param name="model">The model about to run.</param>
    /// <param name="call">Receives sizes and output pointers.</param>
    /// <param name="outputs">[heads]: receives a pointer for each head.</param>
    internal unsafe void Prepare(LoadedModel model, ForwardPass* call, float** outputs)
    {
        if (!ReferenceEquals(model, _model))
        {
            Bind(model);
        }

        int texts = TextCount, tokens = TokenCount;
        int hidden = model.Definition.Encoder.HiddenSize;
        call->TextCount = texts;
        call->TokenCount = tokens;
        call->TextOffsets = Offsets.Pointer;
        call->Outputs = outputs;
        call->HiddenStates = _wantsHiddenStates ? Room(_hiddenStates, tokens, hidden) : null;
        call->Pooled = _wantsPooled && model.HasPooler ? Room(_pooled, texts, hidden) : null;
        for (int head = 0; head < _logits.Length; head++)
        {
            outputs[head] = null;
            if (_logits[head] is { } buffer)
            {
                HeadDefinition declared = model.Definition.Heads[head];
                OutputRows rows = HeadOutputs.RowsOf(declared.Kind);
                if (rows == OutputRows.Selected && Selected.Count != tokens)
                {
                    SelectAll(tokens);
                }

                outputs[head] = Room(buffer, rows == OutputRows.Text ? texts : tokens, declared.Outputs);
                if (rows == OutputRows.Selected)
                {
                    call->SelectedTokens = Selected.Pointer;
                    call->SelectedCount = tokens;
                }
            }
        }
    }

    private static unsafe float* Room(PinnedBuffer<float> buffer, int rows, int columns)
    {
        long values = (long)rows * columns;
        if (values > Array.MaxLength)
        {
            throw new ArgumentException($"The output would have {rows} rows of {columns} values, more than an array holds. Run fewer texts at a time, or ask for fewer heads: new ModelOutput(hiddenStates, pooled, heads).");
        }

        buffer.Resize((int)values);
        return buffer.Pointer;
    }

    private void SelectAll(int tokens)
    {
        Selected.Resize(tokens);
        for (int i = 0; i < tokens; i++)
        {
            Selected[i] = i;
        }
    }

    private void Bind(LoadedModel model)
    {
        PinnedBuffer<float>?[] logits = new PinnedBuffer<float>?[model.Definition.Heads.Count];
        if (_asked is null)
        {
            for (int head = 0; head < logits.Length; head++)
            {
                logits[head] = new PinnedBuffer<float>();
            }
        }
        else
        {
            foreach (string name in _asked)
            {
                logits[model.HeadIndex(name)] ??= new PinnedBuffer<float>();
            }
        }

        (_logits, _model) = (logits, model);
    }

    private static InvalidOperationException NotAsked(string what) =>
        new($"This output did not ask for {what}. Use new ModelOutput() for everything, or name it in new ModelOutput(hiddenStates, pooled, heads).");
}
