using BertGen.CompilerServices;
using BertGen.Data;
using BertGen.Tests.Inference;
using static BertGen.Tests.Inference.FakeModels;

namespace BertGen.Tests.Data;

/// <summary>Packed and masked texts. Each document has one letter of its own, and the pieces of a sentence count up: the origin of every token can be told.</summary>
public class PretrainingExampleTests
{
    private const int Length = 24;
    private const int Separator = 3;

    // About 1,500 pairs: half of them ± 1.3 %; five standard deviations.
    private const double HalfTolerance = 0.065;

    [Fact]
    public void Half_of_the_second_segments_follow_and_the_others_come_from_another_document()
    {
        using FakeTextModel model = Both();
        int next = 0, count = 0;
        foreach (EncodedExample example in Plain(model, Letters(), seed: 3).Epoch(0))
        {
            (int[] first, int[] second) = Segments(example);
            Assert.NotEmpty(first);
            Assert.NotEmpty(second);
            bool isNext = example.Targets[0].Classes[0] == 0;
            Assert.Single(first.Distinct());
            Assert.Single(second.Distinct());
            Assert.Equal(isNext, first[0] == second[0]);
            Assert.Equal([.. Enumerable.Repeat(0, first.Length + 2), .. Enumerable.Repeat(1, second.Length + 1)], example.TypeIds);
            next += isNext ? 1 : 0;
            count++;
        }

        Assert.True(count > 1000);
        Assert.Equal(0.5, next / (double)count, HalfTolerance);
    }

    // What is left of a short document is often one sentence, which nothing can follow; that must not tip the scales.
    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Half_follow_in_short_documents_too(int sentences)
    {
        using FakeTextModel model = Both();
        PretrainingCorpus corpus = PretrainingCorpus.FromDocuments(Enumerable.Range(0, 1500).Select(document => Enumerable.Repeat($"{(char)('a' + document % 26)} b", sentences)));
        List<int> classes = [.. Plain(model, corpus, seed: 6).Epoch(0).Select(example => example.Targets[0].Classes[0])];
        Assert.True(classes.Count > 1000);
        Assert.Equal(0.5, classes.Average(), HalfTolerance);
    }

    [Fact]
    public void A_second_segment_that_follows_begins_where_the_first_ends()
    {
        // Sentences of one letter each, a b c d … in one document, reversed in the other.
        string[] ascending = [.. Enumerable.Range(0, 26).Select(i => $"{(char)('a' + i)}")];
        using FakeTextModel model = Both();
        PretrainingExamples examples = Plain(model, PretrainingCorpus.FromDocuments([ascending, ascending.Reverse()]), seed: 1);
        int followed = 0;
        for (int epoch = 0; epoch < 20; epoch++)
        {
            foreach (EncodedExample example in examples.Epoch(epoch))
            {
                (int[] first, int[] second) = Segments(example);
                if (example.Targets[0].Classes[0] == 0)
                {
                    int[] all = [.. first, .. second];
                    Assert.All(all.Zip(all.Skip(1)), pair => Assert.Equal(1, Math.Abs(pair.First - pair.Second)));
                    followed++;
                }
            }
        }

        Assert.True(followed > 20);
    }

    [Fact]
    public void Texts_keep_the_length_and_are_mostly_full()
    {
        using FakeTextModel model = Both();
        List<EncodedExample> examples = [.. Plain(model, Letters(), seed: 2).Epoch(0)];
        Assert.All(examples, example => Assert.InRange(example.TokenCount, PretrainingExamples.ShortestLength - 2, Length));

        // One in ten is short on purpose, and the ends of documents are.
        Assert.True(examples.Count(example => example.TokenCount > Length * 3 / 4) > examples.Count * 6 / 10);
        Assert.Contains(examples, example => example.TokenCount < Length / 2);
    }

    [Fact]
    public void Without_next_sentences_every_token_is_packed_once_in_its_order()
    {
        string[][] documents = [["a b c", "d", "e f g h i j k l m n o p", "q r"], ["s"], ["t u v w x y z a b c d e"]];
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.MaskedLanguageModel, 57)])));
        PretrainingExamples examples = new(model.Loaded, PretrainingCorpus.FromDocuments(documents), new MaskingOptions { MaskShare = 0, RandomShare = 0 }, length: 10, seed: 1);
        List<string> packed = [.. examples.Epoch(0).Select(example => string.Concat(example.Ids[1..^1].Select(id => (char)('a' + id - 5))))];

        // Eight tokens a text; whole sentences, but for the one with twelve.
        Assert.Equal(["abcd", "efghijkl", "mnopqr", "s", "bcde", "tuvwxyza"], packed.OrderBy(text => text == "bcde" ? "s1" : text));
    }

    [Fact]
    public void Sentences_longer_than_a_text_are_not_lost()
    {
        string sentence = string.Join(' ', Enumerable.Repeat("a", 500));
        using FakeTextModel model = Both();
        PretrainingExamples examples = Plain(model, PretrainingCorpus.FromDocuments([[sentence], ["b"]]), seed: 1);
        int tokens = examples.Epoch(0).Sum(example => Segments(example) is var (first, second) ? first.Count(id => id == 5) + (second[0] == 5 && first[0] == 5 ? second.Length : 0) : 0);
        Assert.Equal(500, tokens);
    }

    [Fact]
    public void An_example_is_a_function_of_seed_epoch_and_index()
    {
        using FakeTextModel model = Both();
        PretrainingCorpus corpus = Letters();
        PretrainingExamples examples = new(model.Loaded, corpus, new MaskingOptions(), Length, seed: 9);
        List<string> whole = [.. examples.Epoch(1).Select(Describe)];
        foreach (int from in new[] { 0, 1, 17, whole.Count - 1, whole.Count })
        {
            Assert.Equal(whole[from..], new PretrainingExamples(model.Loaded, corpus, new MaskingOptions(), Length, seed: 9).Epoch(1, from).Select(Describe));
        }

        // Texts that are equally long have their masks in different places.
        List<string> masks = [.. examples.Epoch(1).Where(example => example.TokenCount == Length).Select(example => string.Join(' ', example.Selected))];
        Assert.True(masks.Distinct().Count() > masks.Count / 2);
        List<string> otherEpoch = [.. examples.Epoch(2).Select(Describe)];
        List<string> otherSeed = [.. new PretrainingExamples(model.Loaded, corpus, new MaskingOptions(), Length, seed: 10).Epoch(1).Select(Describe)];
        Assert.NotEqual(whole[0], otherEpoch[0]);
        Assert.NotEqual(whole[0], otherSeed[0]);
    }

    [Fact]
    public void Masked_words_and_next_sentence_have_a_target_each()
    {
        using FakeTextModel model = Both();
        foreach (EncodedExample example in new PretrainingExamples(model.Loaded, Letters(), new MaskingOptions { MaskShare = 1, RandomShare = 0 }, Length, seed: 4).Epoch(0))
        {
            Assert.Equal([0, 1], example.Targets.Select(target => target.Head));
            Assert.Equal(example.Selected.Length, example.Targets[0].Classes.Length);
            Assert.All(example.Selected, token => Assert.Equal(4, example.Ids[token]));
            Assert.All(example.Targets[0].Classes, word => Assert.True(word >= 5));
        }
    }

    [Fact]
    public void What_cannot_be_pre_trained_is_refused()
    {
        using FakeTextModel model = Both();
        PretrainingCorpus one = PretrainingCorpus.FromDocuments([["a", "b"]]);
        Assert.Contains("one document", Assert.Throws<ArgumentException>(() => Plain(model, one, 0)).Message);
        Assert.Contains("7 to 64", Assert.Throws<ArgumentOutOfRangeException>(() => new PretrainingExamples(model.Loaded, Letters(), new MaskingOptions(), 65, 0)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new PretrainingExamples(model.Loaded, Letters(), new MaskingOptions(), 6, 0));
        using FakeTextModel classifier = Text(new FakeProgram(Definition([Head(HeadKind.SequenceClassification, 2)])));
        Assert.Contains("[MaskedLanguageModel]", Assert.Throws<InvalidOperationException>(() => Plain(classifier, Letters(), 0)).Message);
    }

    [Fact]
    public void Documents_without_words_are_passed_over()
    {
        using FakeTextModel model = Both();
        PretrainingCorpus corpus = PretrainingCorpus.FromDocuments([["a a", "a"], ["+"], ["b", "b b b"], ["+ +", "c"]]);
        Assert.All(Plain(model, corpus, 5).Epoch(0), example => Assert.True(Segments(example) is var (first, second) && first.Length > 0 && second.Length > 0));
    }

    private static FakeTextModel Both() => Text(new FakeProgram(Definition([Head(HeadKind.MaskedLanguageModel, 57), Head(HeadKind.NextSentencePrediction, 2)])));

    // Without masks, so that segments can be told.
    private static PretrainingExamples Plain(FakeTextModel model, PretrainingCorpus corpus, long seed) => new(model.Loaded, corpus, masking: null, Length, seed);

    /// <summary>Documents of one letter each, with 20 to 619 sentences of 1 to 12 words.</summary>
    private static PretrainingCorpus Letters() => PretrainingCorpus.FromDocuments(
        Enumerable.Range(0, 26).Select(document => Enumerable.Range(0, 20 + document * 170 % 600).Select(sentence =>
            string.Join(' ', Enumerable.Repeat((char)('a' + document % 26), 1 + (sentence * 5 + document) % 12)))));

    private static (int[] First, int[] Second) Segments(EncodedExample example)
    {
        int middle = Array.IndexOf(example.Ids, Separator);
        return (example.Ids[1..middle], example.Ids[(middle + 1)..^1]);
    }

    private static string Describe(EncodedExample example) =>
        string.Join(' ', example.Ids) + "|" + string.Join(' ', example.Selected) + "|" + string.Join('|', example.Targets.Select(target => string.Join(' ', target.Classes)));
}
