namespace BertGen;

/// <summary>How a vocabulary is made. Text is normalized as the encoder will do it, so these must be the settings of the model's tokenizer.</summary>
public sealed record VocabularyOptions
{
    /// <summary>Lower-case the text: for "uncased" models.</summary>
    public bool LowerCase { get; init; } = true;

    /// <summary>Strip accents; null does so when lower-casing.</summary>
    public bool? StripAccents { get; init; }

    /// <summary>Make each Chinese character a word.</summary>
    public bool SplitChinese { get; init; } = true;

    /// <summary>A piece must occur so often, at least 1.</summary>
    public int MinimumFrequency
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(MinimumFrequency), value, "VocabularyOptions.MinimumFrequency must be at least 1.");
    } = 2;

    /// <summary>Different characters at most, the most frequent ones; null for as many as there is room for. A word with any other character is [UNK].</summary>
    public int? CharacterLimit
    {
        get;
        init => field = value is null or >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(CharacterLimit), value, "VocabularyOptions.CharacterLimit must be at least 1, or null.");
    }
}
