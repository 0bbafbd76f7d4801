namespace BertGen.Benchmarks;

/// <summary>The texts of one cell of the table, as ids.</summary>
/// <param name="Name">Name in the table and in the RATIO lines.</param>
/// <param name="Lengths">Tokens of each text.</param>
internal sealed record Workload(string Name, IReadOnlyList<int> Lengths)
{
    private const int MixedSeed = 2024;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("1x16", [16]),
        new("1x128", [128]),
        new("1x384", [384]),
        Batch32,
        Mixed32,
    ];

    public static Workload Batch16 => new("16x128", [.. Enumerable.Repeat(128, 16)]);

    public static Workload Mixed16 => new("16xmixed", MixedLengths(16));

    public static Workload Batch32 => new("32x128", [.. Enumerable.Repeat(128, 32)]);

    public static Workload Mixed32 => new("32xmixed", MixedLengths(32));

    /// <summary>True where all texts have one length, so that padding is not needed.</summary>
    public bool IsUniform => Lengths.All(length => length == Lengths[0]);

    public int Tokens => Lengths.Sum();

    /// <summary>Ids of each text: [CLS], random words, [SEP].</summary>
    public int[][] Ids()
    {
        Random random = new(7);
        return [.. Lengths.Select(length => (int[])
        [
            BenchmarkVocabulary.Cls,
            .. Enumerable.Range(0, length - 2).Select(_ => random.Next(1000, BenchmarkModel.VocabularySize)),
            BenchmarkVocabulary.Sep,
        ])];
    }

    private static int[] MixedLengths(int texts)
    {
        Random random = new(MixedSeed);
        return [.. Enumerable.Range(0, texts).Select(_ => random.Next(5, 129))];
    }
}
