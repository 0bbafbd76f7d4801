using BertGen.CompilerServices;

namespace BertGen.Data;

/// <summary>Encodes examples whose input is vectors.</summary>
internal abstract class VectorExampleEncoder<TExample>(LoadedModel loaded, int head) : IExampleEncoder<TExample>
{
    private readonly VectorBatch _batch = new();
    private readonly TextLimits _limits = loaded.LimitsFor(loaded.Definition.Heads[head].Kind);
    private readonly int _features = loaded.Definition.Encoder.Features;

    /// <summary>Index of the head.</summary>
    protected int Head { get; } = head;

    /// <summary>The head.</summary>
    protected HeadDefinition Definition { get; } = loaded.Definition.Heads[head];

    public void Encode(TExample example, List<EncodedExample> into)
    {
        _batch.Clear();
        _batch.Add(Frames(example).Span, _features, _limits);
        HeadTarget[] targets = new HeadTarget[_batch.RowCount];
        Aim(example, _batch, targets);
        for (int row = 0; row < targets.Length; row++)
        {
            // Each row before this one has a [CLS] that is no vector.
            int start = _batch.Offsets[row] - row, vectors = _batch.Rows[row].PieceCount;
            into.Add(new EncodedExample
            {
                Vectors = _batch.Vectors.Items.Slice(start * _features, vectors * _features).ToArray(),
                TokenCount = vectors + 1,
                Targets = [targets[row]],
            });
        }
    }

    protected abstract ReadOnlyMemory<float> Frames(TExample example);

    /// <summary>Sets what the head should say about each row of the batch.</summary>
    protected abstract void Aim(TExample example, VectorBatch batch, Span<HeadTarget> targets);
}
