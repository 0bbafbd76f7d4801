namespace BertGen.Benchmarks;

/// <summary>Folders with the weights from which both sides begin: BertGen's own initialization.</summary>
internal static class TrainingWeights
{
    private const long Seed = 1;

    /// <summary>Writes the folder unless it is there.</summary>
    public static string Ensure(TrainingTask task)
    {
        string folder = Path.Combine(BenchmarkFolder.Root, $"training-{task.Name}");
        if (!File.Exists(Path.Combine(folder, "config.json")))
        {
            using TextModel model = Create(task, new ModelOptions { Seed = Seed });
            model.Save(folder);
        }

        return folder;
    }

    /// <summary>The model of a task with the weights of a folder.</summary>
    public static TextModel Load(TrainingTask task, string folder, ModelOptions options) => task.Name switch
    {
        "MiniLM-L6" => MiniLmL6Classifier.Load(folder, options),
        "BERT-base" => BertBaseClassifier.Load(folder, options),
        "MLM-4x256" => SmallPretrainer.Load(folder, options),
        _ => throw new ArgumentException($"No class is declared for {task.Name}.", nameof(task)),
    };

    private static TextModel Create(TrainingTask task, ModelOptions options)
    {
        string vocabulary = Path.Combine(BenchmarkFolder.Root, $"vocabulary-{task.VocabularySize}.txt");
        Directory.CreateDirectory(BenchmarkFolder.Root);
        File.WriteAllLines(vocabulary, BenchmarkVocabulary.Tokens().Take(task.VocabularySize));
        return task.Name switch
        {
            "MiniLM-L6" => MiniLmL6Classifier.Create(vocabulary, options),
            "BERT-base" => BertBaseClassifier.Create(vocabulary, options),
            "MLM-4x256" => SmallPretrainer.Create(vocabulary, options),
            _ => throw new ArgumentException($"No class is declared for {task.Name}.", nameof(task)),
        };
    }
}
