using System.Buffers;
using System.Globalization;
using BertGen.Weights;

namespace BertGen.Tokenization;

/// <summary>A token that is found in a text as it is written, before anything is normalized.</summary>
/// <param name="Content">The token.</param>
/// <param name="Id">Its id.</param>
/// <param name="IsSpecial">True where decoding leaves it out.</param>
/// <param name="TakesSpaceBefore">White space before it belongs to it ("lstrip").</param>
/// <param name="TakesSpaceAfter">White space after it belongs to it ("rstrip").</param>
/// <param name="WholeWord">It is not found next to a letter, digit or underscore ("single_word").</param>
internal sealed record AddedToken(string Content, int Id, bool IsSpecial, bool TakesSpaceBefore = false, bool TakesSpaceAfter = false, bool WholeWord = false);

/// <summary>Finds added tokens in texts: the leftmost, and of those the longest.</summary>
internal sealed class AddedTokens
{
    /// <summary>Longest token in UTF-16: at each place of a text so many code units are compared at most.</summary>
    private const int Longest = 1000;

    // By content, ordinal: those that begin alike stand together, the shortest first.
    private readonly AddedToken[] _sorted;
    private readonly SearchValues<char> _firsts;
    private readonly HashSet<int> _special;

    /// <summary>Finds these tokens, no two of which have the same content.</summary>
    /// <exception cref="InvalidDataException">One is longer than makes sense.</exception>
    public AddedTokens(IReadOnlyCollection<AddedToken> tokens)
    {
        if (tokens.FirstOrDefault(token => token.Content.Length > Longest) is { } endless)
        {
            throw new InvalidDataException($"The added token '{MessageText.Of(endless.Content)}' has {endless.Content.Length} UTF-16 code units; the most accepted is {Longest}. Take the tokenizer's files as published.");
        }

        _sorted = [.. tokens.OrderBy(token => token.Content, StringComparer.Ordinal)];
        _firsts = SearchValues.Create([.. tokens.Select(token => token.Content[0]).Distinct()]);
        _special = [.. tokens.Where(token => token.IsSpecial).Select(token => token.Id)];
    }

    public bool IsSpecial(int id) => _special.Contains(id);

    /// <summary>Finds the next one at or after <paramref name="from"/>.</summary>
    public AddedToken? Next(ReadOnlySpan<char> text, int from, out int start, out int end)
    {
        for (int at = from; ; at++)
        {
            int step = text[at..].IndexOfAny(_firsts);
            if (step < 0)
            {
                start = end = text.Length;
                return null;
            }

            at += step;
            if (LongestAt(text[at..]) is not { } token)
            {
                continue;
            }

            (start, end) = (at, at + token.Content.Length);
            if (token.WholeWord && ((start > 0 && IsWordCharacter(text[start - 1])) || (end < text.Length && IsWordCharacter(text[end]))))
            {
                // The match is spent: what it covers is not searched for shorter ones.
                at = end - 1;
                continue;
            }

            while (token.TakesSpaceBefore && start > from && char.IsWhiteSpace(text[start - 1]))
            {
                start--;
            }

            while (token.TakesSpaceAfter && end < text.Length && char.IsWhiteSpace(text[end]))
            {
                end++;
            }

            return token;
        }
    }

    /// <summary>The longest token at the beginning of a text: code unit by code unit, the range of the tokens that begin like it narrows.</summary>
    private AddedToken? LongestAt(ReadOnlySpan<char> text)
    {
        AddedToken? longest = null;
        int low = 0, high = _sorted.Length;
        for (int depth = 0; low < high && depth < text.Length; depth++)
        {
            (low, high) = (Bound(depth, text[depth], low, high), Bound(depth, text[depth] + 1, low, high));
            if (low < high && _sorted[low].Content.Length == depth + 1)
            {
                longest = _sorted[low++];
            }
        }

        return longest;
    }

    /// <summary>The first of the tokens [low, high), all longer than <paramref name="depth"/>, whose code unit there is at least <paramref name="unit"/>.</summary>
    private int Bound(int depth, int unit, int low, int high)
    {
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            (low, high) = _sorted[middle].Content[depth] < unit ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static bool IsWordCharacter(char unit) => char.IsLetterOrDigit(unit) || unit == '_'
        || char.GetUnicodeCategory(unit) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.ConnectorPunctuation;
}
