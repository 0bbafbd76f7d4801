using BertGen;

namespace BertGen.Samples.Training;

/// <summary>What the tasks share: the data, a folder for what they make, the vocabulary and the options of models.</summary>
internal sealed class Workshop(DataFolder data, string output)
{
    private const long Seed = 7;

    public DataFolder Data => data;

    /// <summary>Where pre-training leaves its model and where the other tasks look for it.</summary>
    public string PretrainedFolder => Path.Combine(output, "pretrained");

    /// <summary>Where a task leaves its model.</summary>
    public string FolderOf(string task) => Path.Combine(output, task);

    /// <summary>A WordPiece vocabulary learned from the books and the reviews, made once.</summary>
    public string Vocabulary()
    {
        string path = Path.Combine(output, "vocab.txt");
        if (!File.Exists(path))
        {
            Directory.CreateDirectory(output);
            IEnumerable<string> lines = data.Documents().SelectMany(document => document).Concat(data.Sentiments("train").Select(one => one.Text)).Concat(data.Pairs("train").Select(one => one.Second!));
            BertGen.Vocabulary.Train(lines, Small.VocabularySize).Save(path);
        }

        return path;
    }

    /// <summary>A model that starts from what pre-training left, with a new head; from nothing where there is none.</summary>
    public TModel Start<TModel>(Func<string, ModelOptions?, TModel> load, Func<string, ModelOptions?, TModel> create, out string start)
    {
        ModelOptions options = new() { Seed = Seed, MissingHeads = MissingHeads.Initialize };
        bool isPretrained = File.Exists(Path.Combine(PretrainedFolder, "config.json"));
        start = isPretrained ? $"from the pre-trained model in {PretrainedFolder}" : "from random weights (run the task 'pretrain' first for a better start)";
        return isPretrained ? load(PretrainedFolder, options) : create(Vocabulary(), options);
    }

    /// <summary>Options of a run over so many epochs.</summary>
    public static TrainingOptions Options(int epochs, int batchSize) => new() { Epochs = epochs, BatchSize = batchSize, LearningRate = 5e-4f, WarmupRatio = 0.1f, Seed = Seed };
}
