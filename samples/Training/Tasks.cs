using BertGen;
using Spectre.Console;

namespace BertGen.Samples.Training;

/// <summary>The four cases of fine-tuning, and pre-training. Each trains for a few minutes, saves the model and prints what it learned beside what needs no learning.</summary>
internal static class Tasks
{
    public static IReadOnlyDictionary<string, Action<Workshop>> All { get; } = new Dictionary<string, Action<Workshop>>
    {
        ["pretrain"] = Pretrain,
        ["sentiment"] = Sentiments,
        ["tags"] = Tags,
        ["pairs"] = Pairs,
        ["answers"] = Answers,
    };

    private static void Sentiments(Workshop workshop)
    {
        List<LabeledText<Sentiment>> train = workshop.Data.Sentiments("train"), test = workshop.Data.Sentiments("dev");
        using SentimentModel model = workshop.Start(SentimentModel.Load, SentimentModel.Create, out string start);
        Say($"Sentence to class: {train.Count} film reviews, {start}.");
        using (SentimentModel.Trainer trainer = model.CreateTrainer(Workshop.Options(epochs: 4, batchSize: 32)))
        {
            Display.Train("sentiment", trainer.Fit(train));
        }

        ClassificationReport report = model.Evaluate(test);
        model.Save(workshop.FolderOf("sentiment"));
        Display.Results("film reviews", ("accuracy", report.Accuracy, Majority(train, test, one => one.Label)));
    }

    private static void Tags(Workshop workshop)
    {
        List<TaggedSentence<Upos>> train = workshop.Data.TrainingTags(), test = workshop.Data.DevelopmentTags();
        using Tagger model = workshop.Start(Tagger.Load, Tagger.Create, out string start);
        Say($"Tags: {train.Count} sentences, {start}.");
        using (Tagger.Trainer trainer = model.CreateTrainer(Workshop.Options(epochs: 3, batchSize: 32)))
        {
            Display.Train("tags", trainer.Fit(train));
        }

        ClassificationReport report = model.Evaluate(test);
        model.Save(workshop.FolderOf("tags"));
        Display.Results("parts of speech", ("accuracy", report.Accuracy, Majority(train.SelectMany(one => one.Tags), test.SelectMany(one => one.Tags), tag => tag)));
    }

    private static void Pairs(Workshop workshop)
    {
        List<LabeledText<Inference>> train = workshop.Data.Pairs("train"), test = workshop.Data.Pairs("dev");
        using InferenceModel model = workshop.Start(InferenceModel.Load, InferenceModel.Create, out string start);
        Say($"Pairs of sentences: {train.Count} premises with hypotheses, {start}.");
        using (InferenceModel.Trainer trainer = model.CreateTrainer(Workshop.Options(epochs: 4, batchSize: 32)))
        {
            Display.Train("pairs", trainer.Fit(train));
        }

        ClassificationReport report = model.Evaluate(test);
        model.Save(workshop.FolderOf("pairs"));
        Display.Results("natural language inference", ("accuracy", report.Accuracy, Majority(train, test, one => one.Label)));
    }

    private static void Answers(Workshop workshop)
    {
        List<QuestionExample> train = workshop.Data.Questions("train"), test = workshop.Data.Questions("dev");
        using Reader model = workshop.Start(Reader.Load, Reader.Create, out string start);
        Say($"Answers: {train.Count} questions, {start}. So few teach little: with a published checkpoint in place of this small model the same code reads well.");
        using (Reader.Trainer trainer = model.CreateTrainer(Workshop.Options(epochs: 12, batchSize: 16)))
        {
            Display.Train("answers", trainer.Fit(train));
        }

        AnswerReport report = model.Evaluate(test);
        (double exact, double f1) = FirstWords(train, test);
        model.Save(workshop.FolderOf("answers"));
        Display.Results("answers (baseline: the first words of the passage)", ("exact match", report.ExactMatch, exact), ("F1", report.F1, f1));
    }

    private static void Pretrain(Workshop workshop)
    {
        const int Steps = 2000, Span = 100;
        List<List<string>> documents = workshop.Data.Documents();
        string vocabulary = workshop.Vocabulary();
        PretrainingCorpus corpus = PretrainingCorpus.FromDocuments(documents);
        using Pretrained model = Pretrained.Create(vocabulary, new() { Seed = 1 });
        Say($"Pre-training from nothing: {corpus.DocumentCount} documents, {corpus.SentenceCount} sentences.");
        using Pretrainer pretrainer = model.CreatePretrainer(new PretrainingOptions { Steps = Steps, BatchSize = 32, Length = 128, LearningRate = 1e-3f, WarmupRatio = 0.05f, Seed = 1 });
        List<double> accuracies = [];
        Display.Pretrain("pretrain", pretrainer.Fit(corpus), step => accuracies.Add(step.MaskedAccuracy));
        model.Save(workshop.PretrainedFolder);
        Display.Results("masked words (baseline: the first hundred steps)", ("accuracy of the last hundred steps", accuracies.TakeLast(Span).Average(), accuracies.Take(Span).Average()));
        Say($"Saved to {workshop.PretrainedFolder}: the other tasks start from it.");
    }

    private static void Say(string text) => AnsiConsole.WriteLine(text);

    // The share that a program gets right which always says what is most frequent in training.
    private static double Majority<TExample, TLabel>(IEnumerable<TExample> train, IEnumerable<TExample> test, Func<TExample, TLabel> label) where TLabel : notnull
    {
        TLabel most = train.CountBy(label).MaxBy(pair => pair.Value).Key;
        return test.Average(one => label(one).Equals(most) ? 1.0 : 0.0);
    }

    // As many words from the start of the passage as an answer has on average.
    private static (double Exact, double F1) FirstWords(List<QuestionExample> train, List<QuestionExample> test)
    {
        int length = (int)Math.Round(train.Average(one => Words(one.Answers[0].Text).Length));
        double exact = 0, f1 = 0;
        foreach (QuestionExample example in test)
        {
            string[] said = [.. Words(example.Passage).Take(length)], right = Words(example.Answers[0].Text);
            double common = said.Intersect(right, StringComparer.OrdinalIgnoreCase).Count();
            exact += said.SequenceEqual(right, StringComparer.OrdinalIgnoreCase) ? 1 : 0;
            f1 += 2 * common / (said.Length + right.Length);
        }

        return (exact / test.Count, f1 / test.Count);
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
