using System.Text;

namespace BertGen.Tests.Tokenization;

public sealed class VocabularyTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    private Vocabulary Load(string content)
    {
        File.WriteAllText(_path, content, new UTF8Encoding(false));
        return Vocabulary.Load(_path);
    }

    [Theory]
    [InlineData("a\nb\n##c\n")]
    [InlineData("a\nb\n##c")]
    [InlineData("a\r\nb\r\n##c\r\n")]
    [InlineData("\uFEFFa\nb\n##c\n")]
    public void Line_ends_and_a_byte_order_mark_are_no_part_of_a_token(string content)
    {
        Vocabulary vocabulary = Load(content);
        Assert.Equal(["a", "b", "##c"], Enumerable.Range(0, vocabulary.Count).Select(id => vocabulary[id]));
        Assert.True(vocabulary.TryGetId("##c", out int id) && id == 2);
        Assert.False(vocabulary.Contains("c"));
    }

    [Theory]
    [InlineData("\u2028")]
    [InlineData("\u0085")]
    [InlineData("\u000B")]
    [InlineData(" ")]
    public void Separator_characters_are_tokens_and_shift_no_id(string token)
    {
        Vocabulary vocabulary = Load($"a\n{token}\n##{token}\nb\n");
        Assert.Equal(4, vocabulary.Count);
        Assert.Equal(token, vocabulary[1]);
        Assert.True(vocabulary.TryGetId("b", out int id) && id == 3);
    }

    [Fact]
    public void Saved_and_loaded_is_the_same()
    {
        Vocabulary vocabulary = new(["[UNK]", "吃", "##👍", "##", "#", "###", "a b"]);
        vocabulary.Save(_path);
        Vocabulary loaded = Vocabulary.Load(_path);
        Assert.Equal(Enumerable.Range(0, 7).Select(id => vocabulary[id]), Enumerable.Range(0, 7).Select(id => loaded[id]));
        Assert.Equal("[UNK]\n吃\n##👍\n##\n#\n###\na b\n", File.ReadAllText(_path));
    }

    [Fact]
    public void Every_token_is_found_at_its_id()
    {
        Vocabulary vocabulary = new([.. Enumerable.Range(0, 5000).Select(i => (i % 2 == 0 ? "##" : "") + (i * 7919))]);
        for (int id = 0; id < vocabulary.Count; id++)
        {
            Assert.True(vocabulary.TryGetId(vocabulary[id], out int found));
            Assert.Equal(id, found);
        }
    }

    [Fact]
    public void A_duplicate_is_refused_with_both_lines()
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => Load("a\nb\n##a\nb\n"));
        Assert.Contains("'b' on line 4 stands on line 2", exception.Message, StringComparison.Ordinal);
        Assert.Contains(_path, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_is_refused() => Assert.Contains("no tokens", Assert.Throws<InvalidDataException>(() => Load("")).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_no_UTF_8_are_refused()
    {
        File.WriteAllBytes(_path, [(byte)'a', 0x0A, 0xC3, 0x28, 0x0A]);
        Assert.Contains("UTF-8", Assert.Throws<InvalidDataException>(() => Vocabulary.Load(_path)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void An_id_out_of_range_is_refused_with_the_range(int id)
    {
        ArgumentOutOfRangeException exception = Assert.Throws<ArgumentOutOfRangeException>(() => new Vocabulary(["a", "b"])[id]);
        Assert.Contains("0 to 1", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[UNK]")]
    [InlineData("[CLS]")]
    [InlineData("[SEP]")]
    public void An_encoder_needs_its_special_tokens(string missing)
    {
        Vocabulary vocabulary = new(TestVocabulary.Special.Where(token => token != missing));
        Assert.Contains($"'{missing}'", Assert.Throws<InvalidDataException>(() => WordPieceEncoder.FromVocabulary(vocabulary)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mask_and_padding_may_be_missing()
    {
        WordPieceEncoder encoder = WordPieceEncoder.FromVocabulary(new Vocabulary(["[UNK]", "[CLS]", "[SEP]"]));
        Assert.Null(encoder.MaskId);
        Assert.Null(encoder.PaddingId);
        Assert.Equal(4, TestVocabulary.Encoder().MaskId);
    }

    [Fact]
    public void A_line_break_in_a_token_cannot_be_saved() =>
        Assert.Throws<InvalidOperationException>(() => new Vocabulary(["a\nb"]).Save(_path));

    [Fact]
    public void The_published_Chinese_vocabulary_has_21128_tokens()
    {
        Vocabulary vocabulary = Vocabulary.Load(Machine.RealData("vocab", "bert-base-chinese.txt"));
        Assert.Equal(21128, vocabulary.Count);
        Assert.Equal("\u2028", vocabulary[343]);
        Assert.True(vocabulary.TryGetId("[MASK]", out int mask) && mask == 103);
    }

    [Fact]
    public void Tokens_made_to_collide_are_found_as_fast_as_others()
    {
        // All want one place of the table under its first hash: each would lie behind all the others.
        const int Count = 2000, TableBits = 12;
        List<string> tokens = [];
        for (int i = 0; tokens.Count < Count; i++)
        {
            string token = $"{(char)('a' + i % 26)}{(char)(0x4E00 + i / 26 % 20000)}{(char)(0x4E00 + i / 520000)}";
            ulong hash = 0x243F6A8885A308D3;
            foreach (char unit in token)
            {
                hash = (hash ^ unit) * 0x9E3779B97F4A7C15;
            }

            if (hash >> (64 - TableBits) == 7)
            {
                tokens.Add(token);
            }
        }

        Vocabulary vocabulary = new(tokens);
        Assert.Equal(2, vocabulary.Pieces.Hashes);
        Assert.All(Enumerable.Range(0, Count), id => Assert.True(vocabulary.TryGetId(tokens[id], out int found) && found == id));
        Assert.Equal(1, new Vocabulary(Enumerable.Range(0, 100_000).Select(i => $"##{i}")).Pieces.Hashes);
    }
}
