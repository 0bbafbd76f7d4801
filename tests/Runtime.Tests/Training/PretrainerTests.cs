using BertGen.CompilerServices;
using static BertGen.Tests.Training.BagModels;

namespace BertGen.Tests.Training;

public sealed class PretrainerTests : IDisposable
{
    private static readonly PretrainingOptions s_options = new() { Steps = 60, BatchSize = 8, LearningRate = 0.03f, Length = 12, Seed = 2 };

    private readonly string _folder = Directory.CreateTempSubdirectory("bertgen-pretraining-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>Documents whose letters tell each other: half of the alphabet in some, half in the others.</summary>
    private static PretrainingCorpus Corpus(int documents = 30)
    {
        Random random = new(4);
        return PretrainingCorpus.FromDocuments(Enumerable.Range(0, documents).Select(document =>
            Enumerable.Range(0, 6).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(2, 6)).Select(_ => (char)('a' + 3 * (document % 8) + random.Next(2)))))));
    }

    [Fact]
    public void Masked_words_and_next_sentences_are_learned()
    {
        using BagModel model = Create(Masks, NextSentence);
        using Pretrainer pretrainer = TrainableHeads.Pretrainer(model, s_options with { Steps = 400, HiddenDropout = 0 });
        PretrainingStep[] steps = [.. pretrainer.Fit(Corpus())];
        Assert.Equal(Enumerable.Range(1, 400), steps.Select(step => step.Number));
        Assert.All(steps, step => Assert.Equal(step.Loss, step.MaskedLanguageModelLoss + step.NextSentenceLoss, 1e-9));
        Assert.InRange(steps[0].MaskedLanguageModelLoss, 0.9 * Math.Log(BagProgram.Vocabulary), 1.1 * Math.Log(BagProgram.Vocabulary));
        Assert.InRange(steps[0].NextSentenceLoss, 0.9 * Math.Log(2), 1.1 * Math.Log(2));
        Assert.True(steps.TakeLast(50).Average(step => step.MaskedLanguageModelLoss) < 0.7 * steps[0].MaskedLanguageModelLoss);
        Assert.True(steps.TakeLast(50).Average(step => step.MaskedAccuracy) > steps.Take(20).Average(step => step.MaskedAccuracy) + 0.1);
        Assert.True(steps[^1].Epoch > 1);
        Assert.All(steps, step => Assert.InRange(step.NextSentenceAccuracy, 0, 1));
    }

    [Fact]
    public void A_run_that_goes_on_ends_with_the_bits_of_one_that_never_stopped()
    {
        using BagModel whole = Create(Masks, NextSentence), first = Create(Masks, NextSentence), other = Create(Masks, NextSentence);
        using (Pretrainer pretrainer = TrainableHeads.Pretrainer(whole, s_options))
        {
            _ = pretrainer.Fit(Corpus()).Last();
        }

        using (Pretrainer pretrainer = TrainableHeads.Pretrainer(first, s_options))
        {
            // In the middle of an epoch that is not the first.
            PretrainingStep step = pretrainer.Fit(Corpus()).First(step => step.Number == 43);
            Assert.True(step.Epoch > 1);
            pretrainer.SaveCheckpoint(_folder);
        }

        using Pretrainer resumed = TrainableHeads.Pretrainer(other, s_options);
        resumed.Resume(_folder);
        Assert.Throws<CheckpointException>(() => resumed.Fit(Corpus(documents: 31)));
        Assert.Equal(17, resumed.Fit(Corpus()).Count());
        Assert.Equal(Bits(whole), Bits(other));
    }

    [Fact]
    public void Tied_words_stay_tied()
    {
        using BagModel model = Create(Masks);
        using Pretrainer pretrainer = TrainableHeads.Pretrainer(model, s_options);
        Assert.Equal(60, pretrainer.Train(Corpus(), null, TestContext.Current.CancellationToken).Steps);
        var places = new BertGen.Weights.WeightLayout(model.Loaded.Definition).Places("bert.embeddings.word_embeddings.weight");
        Assert.Equal(2, places.Count);
        float[][] values = [.. places.Select(place =>
        {
            float[] published = new float[place.Outputs * place.Inputs];
            BertGen.Weights.WeightPacker.Unpack(place, model.Loaded.Weights.Arena, 0, place.Units, published);
            return published;
        })];
        Assert.Equal(values[0], values[1]);
    }

    [Fact]
    public void Options_are_checked()
    {
        using BagModel model = Create(Masks, NextSentence);
        Assert.StartsWith("Steps must be at least 1", Assert.Throws<ArgumentOutOfRangeException>(() => TrainableHeads.Pretrainer(model, new() { Steps = 0 })).Message);
        Assert.StartsWith("Length must be at least 7", Assert.Throws<ArgumentOutOfRangeException>(() => TrainableHeads.Pretrainer(model, new() { Length = 6 })).Message);
        Assert.Throws<ArgumentNullException>(() => TrainableHeads.Pretrainer(model, new() { Masking = null! }));
        Assert.Throws<ArgumentException>(() => TrainableHeads.Pretrainer(model, new() { Masking = new() { MaskShare = 0.9f, RandomShare = 0.2f } }));
        using Pretrainer tight = TrainableHeads.Pretrainer(model, new() { Length = 32, MaxActivationBytes = 1000 });
        Assert.Contains("MaxActivationBytes must be at least", Assert.Throws<ArgumentOutOfRangeException>(() => tight.Fit(Corpus())).Message);
        using Pretrainer tooLong = TrainableHeads.Pretrainer(model, new() { Length = 33 });
        Assert.Throws<ArgumentOutOfRangeException>(() => tooLong.Fit(Corpus()));
        Assert.Throws<ArgumentNullException>(() => tooLong.Fit(null!));
    }
}
