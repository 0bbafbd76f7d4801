namespace BertGen;

/// <summary>Sequences of vectors; the model puts its own [CLS] in front of each.</summary>
internal sealed class VectorBatch : SequenceBatch
{
    /// <summary>[tokens - rows, features].</summary>
    public PinnedBuffer<float> Vectors { get; } = new();

    public override void Clear()
    {
        base.Clear();
        Vectors.Clear();
    }

    public override void Trim(long keptBytes)
    {
        base.Trim(keptBytes);
        Vectors.Trim(keptBytes);
    }

    /// <summary>Adds a sequence.</summary>
    /// <exception cref="ArgumentException">It is empty, no whole number of vectors, or too long and the policy is to throw.</exception>
    public void Add(ReadOnlySpan<float> frames, int features, TextLimits limits)
    {
        const int Special = 1;
        int count = InputChecks.VectorCount(frames, features);
        int capacity = limits.MaxTokens - Special;
        int firstRow = RowCount;
        if (count > capacity && limits.Policy == LongText.Throw)
        {
            throw new ArgumentException($"The sequence has {count} vectors; the model takes {capacity} beside its [CLS]. Shorten it, or set ModelOptions.LongText to Truncate or Window.", nameof(frames));
        }

        int stride = limits.Policy == LongText.Window ? limits.StrideFor(capacity) : count;
        int end;
        for (int start = 0; ; start += stride)
        {
            end = Math.Min(start + capacity, count);
            AddRow(new TextRow(TokenCount, Special, start, end - start), Special + end - start);
            frames[(start * features)..(end * features)].CopyTo(Vectors.Append((end - start) * features));
            if (end == count || limits.Policy == LongText.Truncate)
            {
                break;
            }
        }

        AddText(0, count, firstRow, isTruncated: end < count);
    }
}
