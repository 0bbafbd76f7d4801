using System.Text;
using BertGen.Data;
using BertGen.Tests.Inference;

namespace BertGen.Tests.Data;

public class CorpusTests
{
    [Theory]
    [InlineData("a\nb\n\nc\n", "a b|c", 3)]
    [InlineData("a\nb\n\nc", "a b|c", 3)]
    [InlineData("\n\n a \r\nb\r\n \t\r\n\r\n\nc\n\n\n", "a b|c", 3)]
    [InlineData("\uFEFFa", "a", 1)]
    public void Blank_lines_separate_documents(string text, string expected, int sentences)
    {
        using CorpusFile file = new(text);
        PretrainingCorpus corpus = PretrainingCorpus.FromFile(file.Path);
        Assert.Equal(expected, string.Join('|', Enumerable.Range(0, corpus.DocumentCount).Select(document => string.Join(' ', Sentences(corpus, document)))));
        Assert.Equal(sentences, corpus.SentenceCount);
    }

    [Fact]
    public void Documents_in_memory_are_read_like_a_file()
    {
        PretrainingCorpus corpus = PretrainingCorpus.FromDocuments([["a b", " ", "c\nd"], [], ["e"]]);
        Assert.Equal((2, 3L), (corpus.DocumentCount, corpus.SentenceCount));
        Assert.Equal(["a b", "c d"], Sentences(corpus, 0));
        Assert.Equal(["e"], Sentences(corpus, 1));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t\n\n")]
    public void A_corpus_without_a_sentence_is_refused(string text)
    {
        using CorpusFile file = new(text);
        Assert.Contains(file.Path, Assert.Throws<InvalidDataException>(() => PretrainingCorpus.FromFile(file.Path)).Message);
        Assert.Throws<InvalidDataException>(() => PretrainingCorpus.FromDocuments([[text]]));
    }

    [Fact]
    public void A_file_that_changed_is_noticed()
    {
        using CorpusFile file = new("a\n\nb\n");
        PretrainingCorpus corpus = PretrainingCorpus.FromFile(file.Path);
        File.AppendAllText(file.Path, "c\n");
        Assert.Contains("had 5 bytes", Assert.Throws<InvalidDataException>(() => Sentences(corpus, 0)).Message);
    }

    [Fact]
    public void Lines_longer_than_the_buffer_are_read_whole_and_cut_to_the_longest_sentence()
    {
        string line = string.Join(' ', Enumerable.Range(0, 100).Select(i => (char)('a' + i % 26)));
        PretrainingCorpus corpus = PretrainingCorpus.FromDocuments([["x", line, "y z"]]);
        using SentenceReader reader = new(corpus.Text, FakeTokenizer.Letters(), longest: 30, readBytes: 4);
        reader.Open(0);
        List<int> lengths = [];
        List<int> ids = [];
        while (reader.TryRead(out int[] sentence))
        {
            lengths.Add(sentence.Length);
            ids.AddRange(sentence);
        }

        Assert.Equal([1, 30, 30, 30, 10, 2], lengths);
        Assert.Equal(["x", .. line.Split(' '), "y", "z"], ids.Select(id => $"{(char)('a' + id - 5)}"));
    }

    [Fact]
    public void Reading_within_a_document_begins_with_a_sentence_of_it()
    {
        PretrainingCorpus corpus = PretrainingCorpus.FromDocuments([["x"], ["a b", "c d e", "f"], ["y"]]);
        using SentenceReader reader = new(corpus.Text, FakeTokenizer.Letters(), longest: 30, readBytes: 3);
        HashSet<int> firsts = [];
        for (int i = 0; i < 200; i++)
        {
            RandomNumbers random = new(1, "test", 0, i);
            reader.OpenWithin(1, ref random);
            Assert.True(reader.TryRead(out int[] sentence));
            firsts.Add(sentence[0]);
        }

        // a, c and f.
        Assert.Equal([5, 7, 10], firsts.Order());
    }

    private static List<string> Sentences(PretrainingCorpus corpus, int document)
    {
        using Stream stream = corpus.Text.Open();
        (long start, long end) = corpus.Text.Document(document);
        byte[] bytes = new byte[end - start];
        stream.Position = start;
        stream.ReadExactly(bytes);
        return [.. Encoding.UTF8.GetString(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
    }
}
