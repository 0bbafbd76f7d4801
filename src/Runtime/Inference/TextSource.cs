namespace BertGen;

/// <summary>The texts or pairs of a call.</summary>
internal readonly struct TextSource
{
    private readonly IReadOnlyList<string>? _texts;
    private readonly IReadOnlyList<(string First, string Second)>? _pairs;
    private readonly IReadOnlyList<(string First, string? Second)>? _mixed;
    private readonly string? _query;

    private TextSource(IReadOnlyList<string>? texts, IReadOnlyList<(string First, string Second)>? pairs, string? query) => (_texts, _pairs, _query) = (texts, pairs, query);

    private TextSource(IReadOnlyList<(string First, string? Second)> mixed) => _mixed = mixed;

    public static TextSource Of(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new TextSource(texts, null, null);
    }

    public static TextSource Of(IReadOnlyList<(string First, string Second)> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        return new TextSource(null, pairs, null);
    }

    /// <summary>The same first text beside each passage.</summary>
    public static TextSource Of(string query, IReadOnlyList<string> passages)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(passages);
        return new TextSource(passages, null, query);
    }

    /// <summary>Texts, whose second part is null, and pairs.</summary>
    public static TextSource OfMixed(IReadOnlyList<(string First, string? Second)> texts) => new(texts);

    public int Count => _texts?.Count ?? _pairs?.Count ?? _mixed!.Count;

    /// <summary>The text at a position; its second part is null where the call is not about pairs.</summary>
    /// <exception cref="ArgumentException">There is a null in the list.</exception>
    public (string First, string? Second) this[int index]
    {
        get
        {
            (string? first, string? second) = _mixed is not null ? _mixed[index]
                : _pairs is not null ? _pairs[index]
                : _query is not null ? (_query, _texts![index])
                : (_texts![index], null);
            return first is null || (second is null && (_pairs is not null || _query is not null))
                ? throw new ArgumentException($"Text {index} of the batch is null; give an empty string for a text without words.")
                : (first, second);
        }
    }
}
