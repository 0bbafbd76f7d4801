using BertGen.CompilerServices;
using BertGen.Data;

namespace BertGen.Training;

/// <summary>Some texts of a step laid out for a pass, with their targets and losses. Kept and filled again.</summary>
internal sealed unsafe class TrainingChunk
{
    private readonly ModelDefinition _definition;
    private readonly PinnedBuffer<int> _offsets = new();
    private readonly PinnedBuffer<int> _ids = new();
    private readonly PinnedBuffer<int> _types = new();
    private readonly PinnedBuffer<float> _vectors = new();
    private readonly PinnedBuffer<int> _selected = new();
    private readonly PinnedBuffer<HeadTargets> _heads = new();
    private readonly Rows[] _rows;

    /// <summary>Targets and losses of a head.</summary>
    private sealed class Rows
    {
        public PinnedBuffer<int> Classes { get; } = new();

        public PinnedBuffer<float> Values { get; } = new();

        public PinnedBuffer<float> Weights { get; } = new();

        public PinnedBuffer<float> Losses { get; } = new();

        public PinnedBuffer<float> Hits { get; } = new();

        public bool TakesPart { get; set; }
    }

    public TrainingChunk(ModelDefinition definition)
    {
        _definition = definition;
        _rows = [.. definition.Heads.Select(_ => new Rows())];
        _heads.Resize(definition.Heads.Count);
    }

    public int TextCount => _offsets.Count - 1;

    public int TokenCount => _offsets[TextCount];

    public int SelectedCount => _selected.Count;

    /// <summary>True where a head has something to learn from these texts.</summary>
    public bool HasLabels { get; private set; }

    /// <summary>Lays out the texts from <paramref name="start"/> to <paramref name="end"/>, exclusive.</summary>
    public void Fill(IReadOnlyList<EncodedExample> examples, int start, int end, LossWeights weights)
    {
        _offsets.Clear();
        _offsets.Add(0);
        _ids.Clear();
        _types.Clear();
        _vectors.Clear();
        _selected.Clear();
        for (int i = start; i < end; i++)
        {
            Append(examples[i]);
        }

        for (int head = 0; head < _rows.Length; head++)
        {
            Clear(head);
        }

        HasLabels = false;
        int selected = 0;
        for (int i = start; i < end; i++)
        {
            foreach (HeadTarget target in examples[i].Targets)
            {
                Write(target, i - start, selected, weights);
            }

            selected += examples[i].Selected.Length;
        }
    }

    /// <summary>The arguments of a pass over these texts; weights, gradients, memory and dropout are the caller's.</summary>
    public TrainingPass Pass(LossWeights weights)
    {
        for (int head = 0; head < _rows.Length; head++)
        {
            Rows rows = _rows[head];
            bool hasValues = HeadLosses.HasValues(_definition.Heads[head].Kind);
            _heads[head] = rows.TakesPart
                ? new HeadTargets
                {
                    Classes = hasValues ? null : rows.Classes.Pointer,
                    Values = hasValues ? rows.Values.Pointer : null,
                    Weights = rows.Weights.Pointer,
                    Losses = rows.Losses.Pointer,
                    Hits = hasValues ? null : rows.Hits.Pointer,
                    Smoothing = weights.Of(head)!.Smoothing,
                }
                : default;
        }

        bool isText = _definition.Encoder.VocabularySize > 0;
        return new TrainingPass
        {
            TextCount = TextCount,
            TokenCount = TokenCount,
            TextOffsets = _offsets.Pointer,
            InputIds = isText ? _ids.Pointer : null,
            TokenTypeIds = isText && _definition.Encoder.TokenTypes > 0 ? _types.Pointer : null,
            Vectors = isText ? null : _vectors.Pointer,
            SelectedTokens = SelectedCount == 0 ? null : _selected.Pointer,
            SelectedCount = SelectedCount,
            Heads = _heads.Pointer,
        };
    }

    /// <summary>Adds what the pass said of a head: losses, rows, and rows whose largest output was the right one.</summary>
    public void AddTo(int head, ref HeadOutcome outcome)
    {
        Rows rows = _rows[head];
        if (!rows.TakesPart)
        {
            return;
        }

        bool hasHits = !HeadLosses.HasValues(_definition.Heads[head].Kind);
        for (int row = 0; row < rows.Weights.Count; row++)
        {
            if (rows.Weights[row] != 0)
            {
                outcome.Loss += rows.Losses[row];
                outcome.Rows++;
                outcome.Hits += hasHits && rows.Hits[row] != 0 ? 1 : 0;
            }
        }
    }

    private void Append(EncodedExample example)
    {
        int first = TokenCount;
        _offsets.Add(checked(first + example.TokenCount));
        example.Ids.CopyTo(_ids.Append(example.Ids.Length));
        Span<int> types = _types.Append(example.Ids.Length);
        if (example.TypeIds.Length == 0)
        {
            types.Clear();
        }
        else
        {
            example.TypeIds.CopyTo(types);
        }

        example.Vectors.CopyTo(_vectors.Append(example.Vectors.Length));
        foreach (int token in example.Selected)
        {
            _selected.Add(first + token);
        }
    }

    private void Clear(int head)
    {
        HeadDefinition declared = _definition.Heads[head];
        Rows rows = _rows[head];
        rows.TakesPart = false;
        int count = HeadLosses.RowsOf(declared.Kind) switch
        {
            OutputRows.Text => TextCount,
            OutputRows.Token => TokenCount,
            _ => SelectedCount,
        };
        bool hasValues = HeadLosses.HasValues(declared.Kind);
        rows.Classes.Resize(hasValues ? 0 : count * HeadLosses.ClassesOfRow(declared.Kind));
        rows.Values.Resize(hasValues ? count * declared.Outputs : 0);
        rows.Weights.Resize(count);
        rows.Losses.Resize(count);
        rows.Hits.Resize(hasValues ? 0 : count);
        rows.Classes.Items.Clear();
        rows.Values.Items.Clear();
        rows.Weights.Items.Clear();
    }

    /// <summary>Writes one text's target of a head.</summary>
    private void Write(HeadTarget target, int text, int selected, LossWeights weights)
    {
        if (weights.Of(target.Head) is null)
        {
            return;
        }

        HeadDefinition declared = _definition.Heads[target.Head];
        Rows rows = _rows[target.Head];
        int first = HeadLosses.RowsOf(declared.Kind) switch
        {
            OutputRows.Text => text,
            OutputRows.Token => _offsets[text],
            _ => selected,
        };
        target.Values.CopyTo(rows.Values.Items[(first * target.Values.Length)..]);
        int integers = HeadLosses.ClassesOfRow(declared.Kind);
        int count = weights.RowsOf(target);
        for (int row = 0; row < count; row++)
        {
            float weight = weights.Weight(target, row);
            rows.Weights[first + row] = weight;
            rows.TakesPart |= weight != 0;
            for (int i = 0; weight != 0 && i < integers && target.Classes.Length > 0; i++)
            {
                rows.Classes[(first + row) * integers + i] = target.Classes[row * integers + i];
            }
        }

        HasLabels |= rows.TakesPart;
    }
}

/// <summary>What became of one head's rows in a step.</summary>
internal struct HeadOutcome
{
    /// <summary>Sum of the losses, each times its weight.</summary>
    public double Loss;

    /// <summary>Rows that counted.</summary>
    public int Rows;

    /// <summary>Rows whose largest output was the right one.</summary>
    public int Hits;
}
