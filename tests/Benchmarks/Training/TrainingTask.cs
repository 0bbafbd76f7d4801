namespace BertGen.Benchmarks;

/// <summary>What is trained: an encoder with a classifier, or with a masked language model.</summary>
/// <param name="Encoder">Sizes of the encoder; its name is the one of the table.</param>
/// <param name="VocabularySize">Tokens in the vocabulary.</param>
/// <param name="PredictsWords">A masked language model; else a classifier of two classes.</param>
/// <param name="BatchSize">Texts of a step.</param>
internal sealed record TrainingTask(BenchmarkModel Encoder, int VocabularySize, bool PredictsWords, int BatchSize)
{
    public const int PretrainingVocabulary = 8192;
    public const int Classes = 2;
    public const float Dropout = 0.1f;

    public static IReadOnlyList<TrainingTask> All { get; } =
    [
        new(BenchmarkModel.MiniLmL6, BenchmarkModel.VocabularySize, false, 16),
        new(BenchmarkModel.BertBase, BenchmarkModel.VocabularySize, false, 16),
        new(BenchmarkModel.Small, PretrainingVocabulary, true, 32),
    ];

    public string Name => Encoder.Name;

    /// <summary>The shapes of the table: all texts as long as the longest, and lengths from 5 to 128.</summary>
    public IReadOnlyList<Workload> Workloads => BatchSize == 16 ? [Workload.Batch16, Workload.Mixed16] : [Workload.Batch32, Workload.Mixed32];

    /// <summary>
    /// Floating-point operations of a step's products and attention: the forward pass once and the backward pass, which has two products for each of the
    /// forward ones. What a side computes a second time is not counted.
    /// </summary>
    public double Flops(TrainingBatch batch)
    {
        const int ForwardAndBackward = 3;
        double hidden = Encoder.HiddenSize;
        double head = PredictsWords
            ? 2 * batch.Selected.Length * hidden * (hidden + VocabularySize)
            : 2 * batch.Texts.Length * hidden * (hidden + Classes);
        return ForwardAndBackward * (Encoder.Flops(batch.Texts.Select(text => text.Length)) + head);
    }

    public override string ToString() => Name;
}
