namespace BertGen;

/// <summary>What inference needs of a tokenizer.</summary>
internal interface ITextTokenizer
{
    int VocabularySize { get; }

    int ClassId { get; }

    int SeparatorId { get; }

    /// <summary>-1 where the vocabulary has no mask.</summary>
    int MaskId { get; }

    int UnknownId { get; }

    /// <summary>Longest sequence, special tokens included, that its files speak of.</summary>
    int MaxLength { get; }

    /// <summary>The token as it stands in the vocabulary.</summary>
    string Token(int id);

    /// <summary>True where the token continues the word of the one before it.</summary>
    bool Continues(int id);

    /// <summary>True for tokens with a meaning of their own, such as [CLS], [MASK] and [UNK].</summary>
    bool IsSpecial(int id);

    /// <summary>Appends the pieces of a text, without special tokens around it. Words are counted from 0.</summary>
    void Append(string text, TextPieces pieces);

    /// <summary>Appends the pieces of one word of a list; a word without any gets the unknown token.</summary>
    void AppendWord(string text, int word, TextPieces pieces);
}
