using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Calls of heads with one row of outputs for each sequence of vectors.</summary>
internal static class VectorRows
{
    public static TResult One<TDecoder, TResult>(VectorModel model, int head, ReadOnlySpan<float> frames) where TDecoder : struct, IRowDecoder<TResult>
    {
        LoadedModel loaded = model.Loaded;
        HeadDefinition declared = loaded.Definition.Heads[head];
        TextLimits limits = loaded.LimitsFor(declared.Kind);
        VectorBatch batch = loaded.BeginVectors();
        try
        {
            batch.Add(frames, loaded.Definition.Encoder.Features, limits);
            loaded.Run(batch, head, CancellationToken.None);
            return SequenceRows.Decode<TDecoder, TResult>(batch, declared, 0);
        }
        finally
        {
            loaded.EndVectors(batch);
        }
    }

    public static TResult[] Many<TDecoder, TResult>(VectorModel model, int head, IReadOnlyList<ReadOnlyMemory<float>> sequences, CancellationToken cancellationToken) where TDecoder : struct, IRowDecoder<TResult>
    {
        ArgumentNullException.ThrowIfNull(sequences);
        LoadedModel loaded = model.Loaded;
        HeadDefinition declared = loaded.Definition.Heads[head];
        TextLimits limits = loaded.LimitsFor(declared.Kind);
        return Batches.Run(
            loaded, loaded.Vectors, head, sequences.Count,
            (batch, index) => batch.Add(sequences[index].Span, loaded.Definition.Encoder.Features, limits),
            (batch, text, _) => SequenceRows.Decode<TDecoder, TResult>(batch, declared, text),
            cancellationToken);
    }
}
