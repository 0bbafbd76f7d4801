using BertGen.Models.Tests.Declarations;

namespace BertGen.Models.Tests.Weights;

/// <summary>Seeded weights, the same bits on every machine: only integer arithmetic and single float operations, no library function.</summary>
/// <remarks>
/// Larger than trained ones, so that mistakes show: attention is peaked, every bias and every shift matters, GELU works where its two forms differ.
/// Embeddings stay as small as published ones, because then the epsilon of the first layer normalization matters too.
/// </remarks>
internal static class RandomWeights
{
    // Standard deviations. A product's outputs get the size of its inputs times the gain.
    private const float EmbeddingSize = 0.04f;
    private const float BiasSize = 0.4f;
    private const float NormSpread = 0.3f;
    private const float MatrixGain = 1.2f;
    private const float AttentionGain = 1.8f;

    public static Checkpoint For(ModelDeclaration model, ulong seed)
    {
        Dictionary<string, Checkpoint.Tensor> tensors = [];
        foreach (PublishedTensor tensor in PublishedTensors.Of(model))
        {
            // Each tensor has its own stream, so that a new tensor moves no other.
            SplitMix random = new(seed ^ StableHash(tensor.Name));
            float[] values = new float[tensor.Length];
            (float center, float size) = tensor.Role switch
            {
                TensorRole.Embedding => (0f, EmbeddingSize),
                TensorRole.Bias => (0f, BiasSize),
                TensorRole.NormWeight => (1f, NormSpread),
                TensorRole.NormBias => (0f, NormSpread),
                TensorRole.Matrix => (0f, GainOf(tensor.Name) / MathF.Sqrt(tensor.Shape[1])),
                _ => throw new NotSupportedException($"{tensor.Role}"),
            };
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = center + size * random.NextUnit();
            }

            tensors.Add(tensor.Name, new(tensor.Shape, values, tensor.Role));
        }

        return new Checkpoint(tensors);
    }

    private static float GainOf(string name) =>
        name.EndsWith("query.weight", StringComparison.Ordinal) || name.EndsWith("key.weight", StringComparison.Ordinal) ? AttentionGain : MatrixGain;

    /// <summary>FNV-1a: string.GetHashCode differs from run to run.</summary>
    public static ulong StableHash(string text)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in text)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        return hash;
    }
}

/// <summary>SplitMix64 (Steele, Lea, Flood, 2014).</summary>
internal struct SplitMix(ulong state)
{
    private ulong _state = state;

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        ulong z = _state;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in 0…count - 1.</summary>
    public int Next(int count) => (int)((Next() >> 33) % (ulong)count);

    /// <summary>Mean 0, variance 1: uniform in ±√3.</summary>
    public float NextUnit() => ((Next() >> 40) * (1f / (1 << 23)) - 1f) * 1.7320508f;
}
