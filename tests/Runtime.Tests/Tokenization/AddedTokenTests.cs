using BertGen.Tokenization;

namespace BertGen.Tests.Tokenization;

public sealed class AddedTokenTests
{
    [Fact]
    public void The_leftmost_is_found_and_of_those_the_longest()
    {
        Random random = new(3);
        for (int round = 0; round < 300; round++)
        {
            string[] contents = [.. Enumerable.Range(0, random.Next(1, 12)).Select(_ => Letters(random.Next(1, 5))).Distinct()];
            AddedTokens tokens = new([.. contents.Select((content, id) => new AddedToken(content, id, IsSpecial: false))]);
            string text = Letters(random.Next(0, 40));
            for (int from = 0; from <= text.Length; from++)
            {
                (int Start, string? Content) expected = Enumerable.Range(from, text.Length - from)
                    .Select(at => (at, contents.Where(content => string.CompareOrdinal(text, at, content, 0, content.Length) == 0).MaxBy(content => content.Length)))
                    .FirstOrDefault(found => found.Item2 is not null, (text.Length, null));
                AddedToken? token = tokens.Next(text, from, out int start, out int end);
                Assert.Equal(expected, (start, token?.Content));
                Assert.Equal(expected.Start + (expected.Content?.Length ?? 0), end);
            }
        }

        string Letters(int length) => string.Concat(Enumerable.Range(0, length).Select(_ => (char)('a' + random.Next(3))));
    }

    /// <summary>Trying each token at each place would take minutes.</summary>
    [Fact(Timeout = 30_000)]
    public async Task Many_tokens_that_begin_like_the_text_cost_little()
    {
        AddedTokens tokens = new([.. Enumerable.Range(0, 50_000).Select(id => new AddedToken($"aaaa{id}", id, IsSpecial: false))]);
        string text = new('a', 1_000_000);
        AddedToken? found = await Task.Run(() => tokens.Next(text, 0, out _, out _), TestContext.Current.CancellationToken);
        Assert.Null(found);
    }

    [Fact]
    public void A_token_without_end_is_refused()
    {
        string message = Assert.Throws<InvalidDataException>(() => new AddedTokens([new AddedToken(new string('x', 100_000), 5, IsSpecial: true)])).Message;
        Assert.Contains("has 100000 UTF-16 code units; the most accepted is 1000", message);
        Assert.InRange(message.Length, 0, 500);
    }
}
