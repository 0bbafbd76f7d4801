using BertGen.Weights;

namespace BertGen.Models.Tests.Api;

/// <summary>Pre-training from nothing: masked words and next sentences of a corpus that is easy to predict.</summary>
public sealed class PretrainingTests : ApiFixture
{
    private static readonly PretrainingOptions s_options = new() { Steps = 250, BatchSize = 8, LearningRate = 3e-3f, WarmupRatio = 0.1f, Length = 24, HiddenDropout = 0, AttentionDropout = 0, Seed = 1 };

    [Fact]
    public void Masked_words_and_next_sentences_are_learned_from_a_file()
    {
        File.WriteAllLines(In("corpus.txt"), Sentences());
        PretrainingCorpus corpus = PretrainingCorpus.FromFile(In("corpus.txt"));
        using Everything model = Everything.Create(VocabularyPath, new() { Seed = 1 });
        using var pretrainer = model.CreatePretrainer(s_options with { Masking = new() { Rate = 0.15f, MaskShare = 0.8f, RandomShare = 0.1f, WholeWord = false } });
        PretrainingStep[] steps = [.. pretrainer.Fit(corpus)];
        Assert.Equal(250, steps.Length);
        Assert.InRange(steps[0].MaskedLanguageModelLoss, 0.9 * Math.Log(300), 1.1 * Math.Log(300));
        Assert.True(steps.TakeLast(25).Average(step => step.MaskedLanguageModelLoss) < 0.5 * steps[0].MaskedLanguageModelLoss);
        Assert.True(steps.TakeLast(25).Average(step => step.MaskedAccuracy) > 0.4);
        Assert.All(steps, step => Assert.True(step.NextSentenceLoss > 0));
        Assert.True(model.Evaluate(corpus, length: 24, cancellationToken: Now).Accuracy > 0.4);
    }

    [Fact]
    public void A_bag_of_words_is_pretrained()
    {
        using Cbow model = Cbow.Create(VocabularyPath, new() { Seed = 1 });
        Assert.Contains("no dropout", Assert.Throws<ArgumentException>(() => model.CreatePretrainer(new() { HiddenDropout = 0.1f })).Message);
        using var pretrainer = model.CreatePretrainer(s_options with { Steps = 400, LearningRate = 1e-2f, Masking = new() { Rate = 1, MaskShare = 0, RandomShare = 0 } });
        PretrainingStep[] steps = [.. pretrainer.Fit(Corpus())];
        Assert.True(steps[^1].MaskedLanguageModelLoss < 0.5 * steps[0].MaskedLanguageModelLoss);
        Assert.Equal(0, steps[^1].NextSentenceLoss);
    }

    [Theory]
    [InlineData(1, 2)]
    [InlineData(2, 1)]
    public void A_run_that_goes_on_has_the_bits_of_one_that_never_stopped_whatever_the_threads(int threads, int threadsAfter)
    {
        PretrainingOptions options = s_options with { Steps = 12, HiddenDropout = null, AttentionDropout = null };
        using Everything whole = Create(1);
        using (var pretrainer = whole.CreatePretrainer(options))
        {
            _ = pretrainer.Train(Corpus(), null, Now);
        }

        using (Everything first = Create(threads))
        using (var pretrainer = first.CreatePretrainer(options))
        {
            _ = pretrainer.Fit(Corpus()).First(step => step.Number == 7);
            pretrainer.SaveCheckpoint(In("checkpoint"));
        }

        using Everything second = Create(threadsAfter);
        using var resumed = second.CreatePretrainer(options);
        resumed.Resume(In("checkpoint"));
        Assert.Equal(5, resumed.Fit(Corpus()).Count());
        Assert.Equal(Bits(whole), Bits(second));
    }

    private Everything Create(int threads) => Everything.Create(VocabularyPath, new() { Seed = 1, Threads = threads, FlopsPerWorker = 1 });

    private static PretrainingCorpus Corpus() => PretrainingCorpus.FromDocuments(Sentences().Chunk(5).Select(document => document.Where(sentence => sentence.Length > 0)));

    /// <summary>Documents of four sentences, each about one of four things, with a blank line behind.</summary>
    private static IEnumerable<string> Sentences()
    {
        string[] subjects = ["the cat", "paris", "a film", "she"], verbs = ["sat on the mat", "is the capital of france", "is quiet and lovely", "wrote it and read it"];
        for (int document = 0; document < 40; document++)
        {
            for (int sentence = 0; sentence < 4; sentence++)
            {
                yield return $"{subjects[document % 4]} {verbs[document % 4]}.";
            }

            yield return "";
        }
    }

    private static unsafe uint[] Bits(Model model)
    {
        WeightArena arena = model.Loaded.Weights.Arena;
        return new ReadOnlySpan<uint>(arena.Pointer, (int)arena.Floats).ToArray();
    }
}
