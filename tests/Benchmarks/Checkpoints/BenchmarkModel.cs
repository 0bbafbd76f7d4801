namespace BertGen.Benchmarks;

/// <summary>Sizes of a published encoder that both sides run.</summary>
internal sealed record BenchmarkModel(string Name, int Layers, int HiddenSize, int Heads, int IntermediateSize)
{
    public const int VocabularySize = 30522;
    public const int MaxPositions = 512;
    public const int TokenTypes = 2;
    public const float LayerNormEpsilon = 1e-12f;

    public static BenchmarkModel BertTiny { get; } = new("BertTiny", 2, 128, 2, 512);

    public static BenchmarkModel MiniLmL6 { get; } = new("MiniLM-L6", 6, 384, 12, 1536);

    public static BenchmarkModel BertBase { get; } = new("BERT-base", 12, 768, 12, 3072);

    /// <summary>What is pre-trained: 4 layers of 256, a vocabulary of its own.</summary>
    public static BenchmarkModel Small { get; } = new("MLM-4x256", 4, 256, 4, 1024);

    /// <summary>The models of inference.</summary>
    public static IReadOnlyList<BenchmarkModel> All { get; } = [BertTiny, MiniLmL6, BertBase];

    public int HeadSize => HiddenSize / Heads;

    /// <summary>Floating-point operations of the encoder's products and attention for texts of these lengths (lookups, normalizations and activations not counted).</summary>
    public double Flops(IEnumerable<int> lengths) => lengths.Sum(length =>
        (double)Layers * length * ((8.0 * HiddenSize * HiddenSize) + (4.0 * HiddenSize * IntermediateSize) + (4.0 * length * HiddenSize)));
}
