using BertGen.Weights;

namespace BertGen.Models.Tests.Api;

/// <summary>The Train section of the API: each head of a compiled model learns a few examples by heart.</summary>
public sealed class FineTuningTests : ApiFixture
{
    // Small models learn a handful of texts quickly, at rates far above those for published ones.
    private static readonly TrainingOptions s_byHeart = new() { Epochs = 80, BatchSize = 4, LearningRate = 3e-3f, WarmupRatio = 0.1f, HiddenDropout = 0, AttentionDropout = 0, Seed = 7 };

    private static readonly LabeledText<Sentiment>[] s_reviews =
    [
        new("a quiet, lovely film.", Sentiment.Positive), new("good good good", Sentiment.Positive), new("the cat is lovely", Sentiment.Positive), new("she read a good play", Sentiment.Positive),
        new("bad", Sentiment.Negative), new("the film is bad.", Sentiment.Negative), new("who wrote it?", Sentiment.Negative), new("bad cat, bad mat", Sentiment.Negative),
    ];

    [Fact]
    public void Classes_are_learned()
    {
        using Everything model = Create();
        using var trainer = model.CreateTrainer(s_byHeart);
        AssertFalls(trainer.Fit(s_reviews));
        ClassificationReport report = model.Evaluate(s_reviews, Now);
        Assert.Equal(1, report.Accuracy);
        Assert.All(s_reviews, review => Assert.Equal(review.Label, model.Classify(review.Text).Label));
    }

    [Fact]
    public void Pairs_are_learned()
    {
        LabeledText<Sentiment>[] pairs = [new("who wrote it?", Sentiment.Positive, "she wrote it"), new("who wrote it?", Sentiment.Negative, "the cat sat"), new("paris", Sentiment.Positive, "france"), new("paris", Sentiment.Negative, "mat")];
        using Everything model = Create();
        using var trainer = model.CreateTrainer(s_byHeart);
        AssertFalls(trainer.Fit(pairs));
        Assert.All(pairs, pair => Assert.Equal(pair.Label, model.Classify(pair.Text, pair.Second!).Label));
    }

    [Fact]
    public void Labels_are_learned()
    {
        MultiLabeledText<Genre>[] texts = [new("the film", [Genre.CreativeWork]), new("paris is the capital", [Genre.News, Genre.Essay]), new("who", []), new("a play", [Genre.CreativeWork, Genre.News])];
        using Everything model = Create();
        using var trainer = model.CreateTrainer(s_byHeart with { Epochs = 200 });
        AssertFalls(trainer.Fit(texts));
        foreach (MultiLabeledText<Genre> text in texts)
        {
            Assert.All(model.ClassifyAllLabels(text.Text), label => Assert.Equal(text.Labels.Contains(label.Label), label.Probability > 0.5f));
        }
    }

    [Fact]
    public void Scores_are_learned()
    {
        // The root of the squared loss that is asked for below.
        const float Near = 0.3f;
        ScoredText[] raw = [new("good", 3), new("bad", -2), new("quiet", 0.5f)], shares = [new("good", 0.9f), new("bad", 0.1f), new("quiet", 0.5f)];
        using Everything model = Create();
        using var trainer = model.CreateTrainer(s_byHeart with { Epochs = 200 });
        TrainingStep[] steps = [.. trainer.Fit(Everything.Heads.Relevance.With(raw))];
        Assert.True(steps[^1].Loss < steps[0].Loss / 20);
        Assert.All(raw, text => Assert.Equal(text.Score, model.ScoreRelevance(text.Text), Near));

        // The loss of a share is at least its entropy, so what is left of it says nothing.
        _ = trainer.Fit(Everything.Heads.Share.With(shares)).Last();
        Assert.All(shares, text => Assert.Equal(text.Score, model.ScoreShare(text.Text), 0.1f));
        Assert.Throws<ArgumentException>(() => trainer.Fit(Everything.Heads.Share.With([new("good", 3)])));
    }

    [Fact]
    public void Tags_are_learned()
    {
        TaggedSentence<Upos>[] sentences =
        [
            new(["the", "cat", "sat", "on", "the", "mat", "."], [Upos.Det, Upos.Noun, Upos.Verb, Upos.Adp, Upos.Det, Upos.Noun, Upos.Punct]),
            new(["playing", "cats"], [Upos.Verb, Upos.Noun]),
        ];
        using Everything model = Create();
        using var trainer = model.CreateTrainer(s_byHeart);
        AssertFalls(trainer.Fit(sentences));
        Assert.Equal(1, model.EvaluateWords(sentences, Now).Accuracy);
    }

    [Fact]
    public void Entities_are_learned()
    {
        EntitySentence<Entity>[] sentences =
        [
            EntitySentence<Entity>.FromBio(["paris", "is", "the", "capital", "of", "france"], ["B-Place", "O", "O", "O", "O", "B-Place"]),
            EntitySentence<Entity>.FromBio(["quiet", "cat", "read", "it"], ["B-Person", "I-Person", "O", "O"]),
        ];
        using Everything model = Create();
        using var trainer = model.CreateTrainer(s_byHeart);
        AssertFalls(trainer.Fit(sentences));
        Assert.Equal(["paris", "france"], model.FindEntitiesNames("paris is the capital of france").Select(entity => entity.Text));
        Assert.Equal("quiet cat", Assert.Single(model.FindEntitiesNames("quiet cat read it")).Text);
    }

    [Fact]
    public void Answers_are_learned()
    {
        const string Passage = "the cat sat on the mat. she wrote it in paris.";
        QuestionExample[] questions = [new("who wrote it?", Passage, [new("she", 24)]), new("who sat?", Passage, [new("the cat", 0)]), new("where?", Passage, [new("paris", 40)])];
        using Everything model = Create();
        using var trainer = model.CreateTrainer(s_byHeart with { Epochs = 150 });
        AssertFalls(trainer.Fit(questions));
        Assert.All(questions, question => Assert.Equal(question.Answers[0].Text, model.Answer(question.Question, question.Passage).Text));
    }

    [Fact]
    public void Questions_without_an_answer_are_learned()
    {
        QuestionExample[] questions = [new("who wrote it?", "she wrote it", [new("she", 0)]), new("who sat?", "she wrote it", [])];
        using Reader model = Reader.Create(VocabularyPath, new() { Seed = 1 });
        using var trainer = model.CreateTrainer(s_byHeart with { Epochs = 150 });
        AssertFalls(trainer.Fit(questions));
        Assert.Equal("she", model.Answer("who wrote it?", "she wrote it").Text);
        Assert.False(model.Answer("who sat?", "she wrote it").HasAnswer);
    }

    [Fact]
    public void Several_heads_are_learned_together()
    {
        LabeledText<Genre>[] topics = [new("the film", Genre.CreativeWork), new("paris is the capital", Genre.News), new("she wrote it", Genre.Essay)];
        using Everything model = Create();
        using var trainer = model.CreateTrainer(s_byHeart);
        AssertFalls(trainer.Fit(Everything.Heads.Topic.With(topics, weight: 1), Everything.Heads.SequenceClassification.With(s_reviews, weight: 0.5f)));
        Assert.Equal(1, model.EvaluateTopic(topics, Now).Accuracy);
        Assert.Equal(1, model.Evaluate(s_reviews, Now).Accuracy);
    }

    [Fact]
    public void Vectors_are_learned()
    {
        Random random = new(5);
        LabeledVectors<Digit>[] digits = [.. Enumerable.Range(0, 8).Select(i =>
        {
            float[] frames = [.. Enumerable.Range(0, 8 * random.Next(1, 9)).Select(_ => (float)random.NextDouble() + i % 4)];
            return new LabeledVectors<Digit>(frames, (Digit)(i % 4));
        })];
        TaggedVectors<Upos>[] frames = [new(digits[0].Frames[..16], [Upos.Noun, Upos.Verb]), new(digits[3].Frames[..8], [Upos.Det])];
        using SpokenDigit model = SpokenDigit.Create(new() { Seed = 1 });
        using var trainer = model.CreateTrainer(s_byHeart with { Epochs = 300 });
        AssertFalls(trainer.Fit(digits));
        Assert.All(digits, digit => Assert.Equal(digit.Label, model.Classify(digit.Frames.Span).Label));
        AssertFalls(trainer.Fit(frames));
        Assert.Equal(1, model.EvaluateFrames(frames, Now).Accuracy);
    }

    [Fact]
    public void A_trained_model_is_saved_with_its_labels_and_loads_again()
    {
        using Everything model = Create();
        using (var trainer = model.CreateTrainer(s_byHeart with { Epochs = 3 }))
        {
            TrainingSummary summary = trainer.Train(s_reviews, null, Now);
            Assert.Equal(6, summary.Steps);
        }

        model.Save(In("out"));
        using Everything loaded = Everything.Load(In("out"));
        Assert.All(s_reviews, review => Assert.Equal(model.Classify(review.Text).Probabilities, loaded.Classify(review.Text).Probabilities));
    }

    [Fact]
    public void Fine_tuning_starts_from_a_checkpoint_without_the_head()
    {
        using (Reader reader = Reader.Create(VocabularyPath, new() { Seed = 1 }))
        {
            reader.Save(In("pretrained"));
        }

        Assert.Throws<CheckpointException>(() => Reranker.Load(In("pretrained")));
        using Reranker model = Reranker.Load(In("pretrained"), new() { MissingHeads = MissingHeads.Initialize, Seed = 7 });
        using var trainer = model.CreateTrainer(s_byHeart);
        AssertFalls(trainer.Fit([new("who", 1, "she"), new("who", -1, "mat")]));
    }

    [Fact]
    public void Frozen_layers_stay_as_they_are()
    {
        using Everything model = Create();
        Dictionary<string, float[]> before = Weights(model);
        using (var trainer = model.CreateTrainer(s_byHeart with { Epochs = 2, FrozenLayers = 1 }))
        {
            _ = trainer.Fit(s_reviews).Last();
        }

        Dictionary<string, float[]> after = Weights(model);
        foreach (string name in before.Keys)
        {
            bool isFrozen = name.Contains(".embeddings.", StringComparison.Ordinal) || name.Contains(".layer.0.", StringComparison.Ordinal);
            bool isOfOtherHead = name.StartsWith("heads.", StringComparison.Ordinal) || name.StartsWith("qa_", StringComparison.Ordinal) || name.StartsWith("cls.", StringComparison.Ordinal);
            if (isFrozen || isOfOtherHead)
            {
                Assert.Equal(before[name], after[name]);
            }
            else if (!name.EndsWith("key.bias", StringComparison.Ordinal))
            {
                // The gradient of a key bias is zero in theory.
                Assert.NotEqual(before[name], after[name]);
            }
        }
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void A_run_that_goes_on_has_the_bits_of_one_that_never_stopped_whatever_the_threads(int threads, int threadsAfter)
    {
        // Dropout as declared, several chunks a step, validation.
        TrainingOptions options = s_byHeart with { Epochs = 3, HiddenDropout = null, AttentionDropout = null, BatchSize = 3, ChunkTokens = 16 };
        using Everything whole = Create();
        using (var trainer = whole.CreateTrainer(options))
        {
            _ = trainer.Fit(s_reviews, s_reviews).Last();
        }

        using (Everything first = Create(threads))
        using (var trainer = first.CreateTrainer(options))
        {
            _ = trainer.Fit(s_reviews, s_reviews).First(step => step.Number == 5);
            trainer.SaveCheckpoint(In("run/step-5"));
        }

        using Everything second = Create(threadsAfter);
        using var resumed = second.CreateTrainer(options);
        resumed.Resume(In("run/step-5"));
        Assert.Equal(6, resumed.Fit(s_reviews, s_reviews).First().Number);
        resumed.Resume(In("run/step-5"));
        _ = resumed.Fit(s_reviews, s_reviews).Last();
        Assert.Equal(Bits(whole), Bits(second));
    }

    private static void AssertFalls(IEnumerable<TrainingStep> run)
    {
        TrainingStep[] steps = [.. run];
        Assert.Equal(steps.Length, steps[^1].Total);
        Assert.InRange(steps[^1].Loss, 0, steps[0].Loss / 8);
    }

    private Everything Create(int threads = 1) => Everything.Create(VocabularyPath, new() { Seed = 1, Threads = threads, FlopsPerWorker = 1 });

    private static unsafe uint[] Bits(Model model)
    {
        WeightArena arena = model.Loaded.Weights.Arena;
        return new ReadOnlySpan<uint>(arena.Pointer, (int)arena.Floats).ToArray();
    }

    private static Dictionary<string, float[]> Weights(Model model)
    {
        WeightLayout layout = new(model.Loaded.Definition);
        return model.Loaded.Definition.Parameters.ToDictionary(parameter => parameter.Name, parameter => WeightPacker.Unpack(layout, parameter.Name, model.Loaded.Weights.Arena));
    }
}
