using BertGen.Tokenization;

namespace BertGen;

/// <summary>The tokenizer of real models.</summary>
internal sealed class WordPieceTextTokenizer(WordPieceEncoder encoder) : ITextTokenizer
{
    private readonly bool[] _continues = FindContinuations(encoder.Vocabulary);

    public WordPieceEncoder Encoder { get; } = encoder;

    public int VocabularySize => Encoder.Vocabulary.Count;

    public int ClassId => Encoder.ClassificationId;

    public int SeparatorId => Encoder.SeparatorId;

    public int MaskId => Encoder.MaskId ?? -1;

    public int UnknownId => Encoder.UnknownId;

    public int MaxLength => Encoder.MaxLength;

    public string Token(int id) => Encoder.Vocabulary[id];

    public bool Continues(int id) => _continues[id];

    public bool IsSpecial(int id) => Encoder.IsSpecial(id);

    public void Append(string text, TextPieces pieces)
    {
        TokenList tokens = TokenList.Rent();
        try
        {
            Encoder.Tokenize(text, tokens);
            ReadOnlySpan<int> ids = tokens.Ids, starts = tokens.Starts, ends = tokens.Ends;
            int word = -1;
            for (int i = 0; i < ids.Length; i++)
            {
                word += _continues[ids[i]] ? 0 : 1;
                pieces.Add(ids[i], starts[i], ends[i], word);
            }
        }
        finally
        {
            tokens.Return();
        }
    }

    public void AppendWord(string text, int word, TextPieces pieces)
    {
        TokenList tokens = TokenList.Rent();
        try
        {
            Encoder.Tokenize(text, tokens);
            ReadOnlySpan<int> ids = tokens.Ids, starts = tokens.Starts, ends = tokens.Ends;
            for (int i = 0; i < ids.Length; i++)
            {
                pieces.Add(ids[i], starts[i], ends[i], word);
            }

            if (ids.IsEmpty)
            {
                pieces.Add(UnknownId, 0, text.Length, word);
            }
        }
        finally
        {
            tokens.Return();
        }
    }

    // "##" alone is a word, not the continuation of nothing.
    private static bool[] FindContinuations(Vocabulary vocabulary)
    {
        bool[] continues = new bool[vocabulary.Count];
        for (int id = 0; id < continues.Length; id++)
        {
            ReadOnlySpan<char> token = vocabulary.Token(id);
            continues[id] = token.Length > 2 && token.StartsWith("##", StringComparison.Ordinal);
        }

        return continues;
    }
}
