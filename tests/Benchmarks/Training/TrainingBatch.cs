namespace BertGen.Benchmarks;

/// <summary>The texts of a step, and what the model should say about them; the same for both sides.</summary>
/// <param name="Texts">Ids of each text.</param>
/// <param name="Labels">The class of each text.</param>
/// <param name="Selected">Tokens, counted through all texts, whose words are predicted.</param>
/// <param name="Words">The right word of each.</param>
internal sealed record TrainingBatch(int[][] Texts, int[] Labels, int[] Selected, int[] Words)
{
    private const double MaskedShare = 0.15;
    private const int FirstWord = 1000;

    public int Tokens => Texts.Sum(text => text.Length);

    public int Longest => Texts.Max(text => text.Length);

    public bool IsUniform => Texts.All(text => text.Length == Longest);

    /// <summary>Random words; of the inner tokens 15 % are replaced by [MASK] and predicted.</summary>
    public static TrainingBatch Of(TrainingTask task, Workload workload, int seed)
    {
        Random random = new(seed);
        List<int> selected = [], words = [];
        int first = 0;
        int[][] texts = [.. workload.Lengths.Select(length =>
        {
            int[] ids = [BenchmarkVocabulary.Cls, .. Enumerable.Range(0, length - 2).Select(_ => random.Next(FirstWord, task.VocabularySize)), BenchmarkVocabulary.Sep];
            for (int i = 1; task.PredictsWords && i < length - 1; i++)
            {
                if (random.NextDouble() < MaskedShare)
                {
                    selected.Add(first + i);
                    words.Add(ids[i]);
                    ids[i] = BenchmarkVocabulary.Mask;
                }
            }

            first += length;
            return ids;
        })];
        return new(texts, [.. texts.Select(_ => random.Next(TrainingTask.Classes))], [.. selected], [.. words]);
    }
}
