using System.Globalization;
using BertGen.Models.Tests.Api.Page;

namespace BertGen.Models.Tests.Api;

/// <summary>The tables and fragments of the public face, line by line, where no other test runs them: each head alone on a class, texts, pairs and batches of both.</summary>
public sealed class PageTests : ApiFixture
{
    private static readonly (string First, string Second)[] s_pairs = [("the cat sat", "on the mat."), ("who?", ""), ("", "a quiet, lovely film")];

    [Fact]
    public void Classes_of_pairs_and_of_batches_of_pairs()
    {
        using SentimentModel model = SentimentModel.Create(VocabularyPath, new() { Seed = 7 });
        IReadOnlyList<Prediction<Sentiment>> many = model.Classify(s_pairs, Now);
        Assert.Equal(s_pairs.Select(pair => model.Classify(pair.First, pair.Second).Probabilities.ToArray()), many.Select(one => one.Probabilities.ToArray()));
        Assert.NotEqual(model.Classify("the cat sat on the mat.").Probability, many[0].Probability);
    }

    [Fact]
    public void Every_label_with_its_probability()
    {
        using TopicModel model = TopicModel.Create(VocabularyPath, new() { Seed = 7 });
        MultiLabelPrediction<Genre> one = model.ClassifyAll("A quiet, lovely film.");
        Assert.Equal(Enum.GetValues<Genre>(), one.Select(label => label.Label));
        Assert.All(one, label => Assert.Equal(one[label.Label], label.Probability));
        Assert.Equal(Texts.Select(text => model.ClassifyAll(text).ToArray()), model.ClassifyAll(Texts, Now).Select(all => all.ToArray()));
        Assert.Equal(s_pairs.Select(pair => model.ClassifyAll(pair.First, pair.Second).ToArray()), model.ClassifyAll(s_pairs, Now).Select(all => all.ToArray()));
    }

    [Fact]
    public void Scores_of_texts_and_pairs()
    {
        using Reranker model = Reranker.Create(VocabularyPath, new() { Seed = 7 });
        Assert.Equal(Texts.Select(model.Score), model.Score(Texts, Now));
        Assert.Equal(s_pairs.Select(pair => model.Score(pair.First, pair.Second)), model.Score(s_pairs, Now));
        RankedPassage best = model.Rerank("who wrote it?", Texts, Now)[0];
        Assert.Equal(model.Score("who wrote it?", Texts[best.Index]), best.Score);
    }

    [Fact]
    public void Tags_entities_and_next_sentences_of_batches()
    {
        using Tagger tagger = Tagger.Create(VocabularyPath, new() { Seed = 7 });
        Assert.Equal(Texts.Select(text => tagger.Tag(text)), tagger.Tag(Texts, Now));
        using EntityFinder finder = EntityFinder.Create(VocabularyPath, new() { Seed = 7 });
        foreach (EntitySpan<Entity> span in finder.FindEntities("Paris is the capital of France."))
        {
            (Entity entity, string text, int start, int end, float probability) = (span.Entity, span.Text, span.Start, span.End, span.Probability);
            Assert.True(Enum.IsDefined(entity) && end - start == text.Length);
            Assert.InRange(probability, 0, 1);
        }

        using Everything model = Everything.Create(VocabularyPath, new() { Seed = 7 });
        Assert.Equal(s_pairs.Select(pair => model.NextSentenceProbability(pair.First, pair.Second)), model.NextSentenceProbability(s_pairs, Now));
    }

    [Fact]
    public void Embeddings_pool_as_declared()
    {
        using Embedder model = Embedder.Create(VocabularyPath, new() { Seed = 7 });
        ModelOutput output = model.Run(model.Tokenizer.Encode("the cat sat").Ids);
        float[] largest = new float[32];
        for (int i = 0; i < largest.Length; i++)
        {
            largest[i] = Enumerable.Range(0, output.TokenCount).Max(token => output.Token(token)[i]);
        }

        Assert.Equal(largest, model.Embed("the cat sat"));
        Assert.Equal(Texts.Select(model.EmbedFirst), model.EmbedFirst(Texts, Now));
        Assert.Equal(1, Math.Sqrt(model.EmbedFirst("the cat sat").Sum(value => (double)value * value)), 1e-6);
    }

    [Fact]
    public void The_declarations_of_the_page_run_as_they_stand_there()
    {
        using Page.Cbow cbow = Page.Cbow.Create(VocabularyPath, new() { Seed = 7 });
        Assert.Equal(5, cbow.FillMask("Paris is the [MASK] of France.", top: 5).Count);

        using Page.SpokenDigit spoken = Page.SpokenDigit.Create(new() { Seed = 7 });
        float[] frames = [.. Enumerable.Range(0, 150 * 80).Select(i => MathF.Sin(i))];
        Prediction<Digit> one = spoken.Classify(frames);
        IReadOnlyList<Prediction<Digit>> batch = spoken.Classify(new ReadOnlyMemory<float>[] { frames, frames.AsMemory(0, 80) }, Now);
        Assert.Equal(one.Probabilities, batch[0].Probabilities);
    }

    [Fact]
    public void The_first_fragment_prints_what_it_says()
    {
        string folder = In("huggingface-folder");
        using (SentimentModel created = SentimentModel.Create(VocabularyPath, new() { Seed = 7 }))
        {
            created.Save(folder);
        }

        Assert.Equal(
            ["config.json", "model.safetensors", "tokenizer_config.json", "vocab.txt"],
            Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using SentimentModel model = SentimentModel.Load(folder);
        Prediction<Sentiment> one = model.Classify("A quiet, lovely film.");
        string line = string.Create(CultureInfo.InvariantCulture, $"{one.Label} {one.Probability:F4} {one[Sentiment.Negative]:F4}");
        Assert.Matches(@"^(Negative|Positive) [01]\.\d{4} [01]\.\d{4}$", line);
    }

    [Fact]
    public void The_low_level_reads_as_on_the_page()
    {
        string folder = In("huggingface-folder"), path = In("copy.safetensors");
        using SentimentModel model = SentimentModel.Create(VocabularyPath, new() { Seed = 7 });
        model.Save(folder);

        var encoder = WordPieceEncoder.Load(folder);
        TokenizedText tokenized = encoder.Encode("the cat", "sat");
        string text = encoder.Decode(tokenized.Ids);
        Assert.Equal("the cat sat", text);
        Assert.Equal(["the", "cat", "sat"], encoder.Encode("the cat", "sat", addSpecialTokens: false).Tokens);
        (int start, int end) = (tokenized.Offsets[2].Start, tokenized.Offsets[2].End);
        Assert.Equal((4, 7), (start, end));

        ReadOnlySpan<int> inputIds = tokenized.Ids, tokenTypeIds = tokenized.TokenTypeIds;
        ModelOutput output = model.Run(inputIds, tokenTypeIds);
        Assert.Equal(output.HiddenStates.Slice(384, 384), output.Token(1));
        Assert.Equal(384, output.Pooled.Length);
        float logit = output.Logits("classifier")[0];
        model.Run(inputIds, tokenTypeIds, output);
        Assert.Equal(logit, output.Logits("classifier")[0]);

        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        SafetensorsTensor tensor = file.Tensors["classifier.weight"];
        Assert.Equal((TensorType.Float32, 2L * 384 * 4), (tensor.Type, (long)tensor.Bytes.Length));
        SafetensorsFile.Write(path, file.Tensors, new Dictionary<string, string> { ["made by"] = "a test" });
        using (SafetensorsFile copy = SafetensorsFile.Open(path))
        {
            Assert.Equal("a test", copy.Metadata["made by"]);
        }

        File.WriteAllBytes(path, File.ReadAllBytes(path)[..^1]);
        Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(path).Dispose());
        Assert.Contains("6 layers", SentimentModel.Description.ToString(), StringComparison.Ordinal);
    }
}
