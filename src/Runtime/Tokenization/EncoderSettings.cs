namespace BertGen.Tokenization;

/// <summary>Everything an encoder is made from.</summary>
internal sealed record EncoderSettings
{
    public required Vocabulary Vocabulary { get; init; }
    public required TextRules Rules { get; init; }
    public required SpecialTokens Special { get; init; }

    /// <summary>Tokens found as they are written, the special ones among them.</summary>
    public required IReadOnlyList<AddedToken> Added { get; init; }

    /// <summary>Where the settings came from, for messages.</summary>
    public required string Source { get; init; }

    public int MaxWordCharacters { get; init; } = 100;

    /// <summary>The longest sequence of the model as its files say, or int.MaxValue.</summary>
    public int MaxLength { get; init; } = int.MaxValue;

    public static TextRules RulesFor(bool lowerCase, bool? stripAccents, bool splitChinese, bool clean = true) =>
        TextRules.SplitWords
        | (clean ? TextRules.Clean : 0)
        | (lowerCase ? TextRules.LowerCase : 0)
        | (stripAccents ?? lowerCase ? TextRules.StripAccents : 0)
        | (splitChinese ? TextRules.SplitChinese : 0);

    /// <summary>The settings of a plain vocab.txt: the special tokens that it holds are found in texts.</summary>
    public static EncoderSettings FromVocabulary(Vocabulary vocabulary, TextRules rules, SpecialTokens special, string source) => new()
    {
        Vocabulary = vocabulary,
        Rules = rules,
        Special = special,
        Source = source,
        Added = [.. special.All.Distinct().Where(token => token.Length > 0 && vocabulary.Contains(token)).Select(token => new AddedToken(token, Id(vocabulary, token), IsSpecial: true))],
    };

    private static int Id(Vocabulary vocabulary, string token) => vocabulary.TryGetId(token, out int id) ? id : -1;
}
