using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Tags of the vectors of sequences.</summary>
internal static class FrameTags
{
    public static IReadOnlyList<Prediction<TTag>> One<TTag>(VectorModel model, int head, ReadOnlySpan<float> frames) where TTag : struct, Enum
    {
        LoadedModel loaded = model.Loaded;
        VectorBatch batch = loaded.BeginVectors();
        try
        {
            batch.Add(frames, loaded.Definition.Encoder.Features, loaded.LimitsFor(HeadKind.TokenClassification));
            loaded.Run(batch, head, CancellationToken.None);
            return Decode<TTag>(batch, 0, loaded.Definition.Heads[head].Outputs);
        }
        finally
        {
            loaded.EndVectors(batch);
        }
    }

    public static IReadOnlyList<Prediction<TTag>>[] Many<TTag>(VectorModel model, int head, IReadOnlyList<ReadOnlyMemory<float>> sequences, CancellationToken cancellationToken) where TTag : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(sequences);
        LoadedModel loaded = model.Loaded;
        int outputs = loaded.Definition.Heads[head].Outputs;
        TextLimits limits = loaded.LimitsFor(HeadKind.TokenClassification);
        return Batches.Run<VectorBatch, IReadOnlyList<Prediction<TTag>>>(
            loaded, loaded.Vectors, head, sequences.Count,
            (batch, index) => batch.Add(sequences[index].Span, loaded.Definition.Encoder.Features, limits),
            (batch, sequence, _) => Decode<TTag>(batch, sequence, outputs),
            cancellationToken);
    }

    private static List<Prediction<TTag>> Decode<TTag>(VectorBatch batch, int index, int outputs) where TTag : struct, Enum
    {
        TextSpan sequence = batch.Texts[index];
        List<Prediction<TTag>> tags = new(sequence.PieceCount);
        WindowCursor windows = new(batch.Rows, sequence);
        for (int i = 0; i < sequence.PieceCount && windows.TryFind(i, out TextRow row); i++)
        {
            float[] probabilities = new float[outputs];
            Softmax.Of(batch.Outputs.Items.Slice(row.TokenOf(i) * outputs, outputs), probabilities);
            tags.Add(new Prediction<TTag>(probabilities, sequence.IsTruncated));
        }

        return tags;
    }
}
