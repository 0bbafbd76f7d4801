using BertGen.Data;
using BertGen.Tests.Inference;

namespace BertGen.Tests.Data;

/// <summary>What happens to words that are to be predicted. Ids below 5 are special; 5 to 30 begin a word, 31 to 56 continue one; 4 is the mask.</summary>
public class MaskingTests
{
    private const int MaskId = 4;

    // Shares over about 30,000 choices: standard deviation below 0.003; five of them.
    private const double ShareTolerance = 0.015;

    [Theory]
    [InlineData(0.15f)]
    [InlineData(0.4f)]
    [InlineData(1f)]
    public void The_rate_is_kept_and_special_tokens_are_never_chosen(float rate)
    {
        TokenMasker masker = new(FakeTokenizer.Letters(), new MaskingOptions { Rate = rate });
        for (int length = 1; length < 40; length++)
        {
            int[] ids = Text(length), before = [.. ids];
            RandomNumbers random = new(1, "test", 0, length);
            int[] selected = masker.Mask(ids, ref random, out int[] words);
            Assert.Equal(Math.Max(1, (int)Math.Round(length * (double)rate)), selected.Length);
            Assert.Equal(selected.Order().Distinct(), selected);
            Assert.Equal(selected.Select(token => before[token]), words);
            Assert.All(words, word => Assert.True(word >= 5));
            Assert.Equal((2, 3), (ids[0], ids[^1]));
            Assert.All(Enumerable.Range(0, ids.Length).Except(selected), token => Assert.Equal(before[token], ids[token]));
        }
    }

    [Theory]
    [InlineData(0.8f, 0.1f)]
    [InlineData(1f, 0f)]
    [InlineData(0f, 1f)]
    [InlineData(0.5f, 0.5f)]
    [InlineData(0f, 0f)]
    public void The_shares_of_masks_random_words_and_words_left_alone_are_kept(float maskShare, float randomShare)
    {
        TokenMasker masker = new(FakeTokenizer.Letters(), new MaskingOptions { Rate = 0.5f, MaskShare = maskShare, RandomShare = randomShare });
        int masks = 0, same = 0, other = 0;
        for (int i = 0; i < 1000; i++)
        {
            int[] ids = Text(60);
            RandomNumbers random = new(7, "test", 0, i);
            foreach ((int token, int word) in masker.Mask(ids, ref random, out int[] words).Zip(words))
            {
                masks += ids[token] == MaskId ? 1 : 0;
                same += ids[token] == word ? 1 : 0;
                other += ids[token] != MaskId && ids[token] != word ? 1 : 0;
                Assert.True(ids[token] >= MaskId);
            }
        }

        // A random word is the word itself once in 52 times.
        double all = masks + same + other;
        Assert.Equal(maskShare, masks / all, ShareTolerance);
        Assert.Equal(randomShare * 51 / 52, other / all, ShareTolerance);
        Assert.Equal(1 - maskShare - randomShare * 51 / 52, same / all, ShareTolerance);
        Assert.Equal(maskShare == 0, masks == 0);
        Assert.Equal(randomShare == 0, other == 0);
    }

    [Fact]
    public void Random_words_are_any_but_special_and_reserved_tokens()
    {
        FakeTokenizer tokenizer = new("a", "[unused1]", "##b");
        TokenMasker masker = new(tokenizer, new MaskingOptions { Rate = 1, MaskShare = 0, RandomShare = 1 });
        HashSet<int> seen = [];
        for (int i = 0; i < 100; i++)
        {
            int[] ids = [2, 5, 5, 5, 3];
            RandomNumbers random = new(1, "test", 0, i);
            masker.Mask(ids, ref random, out _);
            seen.UnionWith(ids);
        }

        Assert.Equal([2, 3, 5, 7], seen.Order());
    }

    [Fact]
    public void Whole_words_are_chosen_with_all_their_pieces()
    {
        TokenMasker masker = new(FakeTokenizer.Letters(), new MaskingOptions { Rate = 0.3f, WholeWord = true });
        int[] text = [2, 5, 31, 32, 6, 7, 33, 3, 8, 34, 35, 9, 3];
        int[][] words = [[1, 2, 3], [4], [5, 6], [8, 9, 10], [11]];
        HashSet<int> chosen = [];
        for (int i = 0; i < 200; i++)
        {
            int[] ids = [.. text];
            RandomNumbers random = new(1, "test", 0, i);
            int[] selected = masker.Mask(ids, ref random, out _);

            // Ten tokens at 0.3: three at most.
            Assert.InRange(selected.Length, 1, 3);
            Assert.All(words, word => Assert.True(word.All(selected.Contains) || !word.Any(selected.Contains)));
            chosen.UnionWith(selected);
        }

        Assert.Equal(words.SelectMany(word => word).Order(), chosen.Order());
    }

    [Fact]
    public void A_word_longer_than_the_rate_is_chosen_where_there_is_no_other()
    {
        TokenMasker masker = new(FakeTokenizer.Letters(), new MaskingOptions { Rate = 0.15f, WholeWord = true });
        int[] ids = [2, 5, 31, 32, 33, 3];
        RandomNumbers random = new(1, "test", 0);
        Assert.Equal([1, 2, 3, 4], masker.Mask(ids, ref random, out _));
    }

    [Fact]
    public void Chinese_characters_are_words()
    {
        Vocabulary vocabulary = new(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "吃", "苹", "果", "x", "##y"]);
        WordPieceTextTokenizer tokenizer = new(WordPieceEncoder.FromVocabulary(vocabulary));
        TokenMasker masker = new(tokenizer, new MaskingOptions { Rate = 0.2f, WholeWord = true });
        HashSet<string> chosen = [];
        for (int i = 0; i < 100; i++)
        {
            int[] ids = tokenizer.Encoder.Encode("吃苹果 xy").Ids;
            RandomNumbers random = new(1, "test", 0, i);
            chosen.Add(string.Join(' ', masker.Mask(ids, ref random, out _)));
        }

        // One of five tokens: x and ##y together are one too many.
        Assert.Equal(["1", "2", "3"], chosen.Order());
    }

    [Fact]
    public void A_text_of_special_tokens_has_nothing_to_predict()
    {
        RandomNumbers random = new(1, "test", 0);
        Assert.Empty(new TokenMasker(FakeTokenizer.Letters(), new MaskingOptions()).Mask([2, 1, 4, 3], ref random, out int[] words));
        Assert.Empty(words);
    }

    [Theory]
    [InlineData(0f, 0.8f, 0.1f)]
    [InlineData(1.1f, 0.8f, 0.1f)]
    [InlineData(float.NaN, 0.8f, 0.1f)]
    [InlineData(0.15f, -0.1f, 0.1f)]
    [InlineData(0.15f, 0.8f, 1.1f)]
    public void Options_out_of_range_are_refused(float rate, float maskShare, float randomShare) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaskingOptions { Rate = rate, MaskShare = maskShare, RandomShare = randomShare });

    [Fact]
    public void Shares_are_at_most_1_together()
    {
        Assert.Contains("more than 1", Assert.Throws<ArgumentException>(() => new TokenMasker(FakeTokenizer.Letters(), new MaskingOptions { MaskShare = 0.8f, RandomShare = 0.3f })).Message);
        _ = new TokenMasker(FakeTokenizer.Letters(), new MaskingOptions { MaskShare = 0.8f, RandomShare = 0.2f });
    }

    /// <summary>[CLS], words that differ from their neighbours, [SEP].</summary>
    private static int[] Text(int length) => [2, .. Enumerable.Range(0, length).Select(i => 5 + i * 7 % 52), 3];
}
