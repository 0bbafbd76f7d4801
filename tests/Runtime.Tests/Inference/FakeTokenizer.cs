namespace BertGen.Tests.Inference;

/// <summary>Words between spaces, their pieces between plus signs; a piece after a plus continues the word.</summary>
internal sealed class FakeTokenizer : ITextTokenizer
{
    private readonly List<string> _tokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    public FakeTokenizer(params string[] tokens) => _tokens.AddRange(tokens);

    /// <summary>Letters a to z, and their continuations.</summary>
    public static FakeTokenizer Letters() => new([.. Enumerable.Range('a', 26).Select(c => ((char)c).ToString()), .. Enumerable.Range('a', 26).Select(c => "##" + (char)c)]);

    public int VocabularySize => _tokens.Count;

    public int ClassId => 2;

    public int SeparatorId => 3;

    public int MaskId => 4;

    public int UnknownId => 1;

    public int MaxLength => int.MaxValue;

    public string Token(int id) => _tokens[id];

    public bool Continues(int id) => _tokens[id].StartsWith("##", StringComparison.Ordinal);

    public bool IsSpecial(int id) => id < 5;

    public int Id(string token) => _tokens.IndexOf(token) is var id and >= 0 ? id : UnknownId;

    public void Append(string text, TextPieces pieces)
    {
        int word = 0;
        for (int i = 0; i < text.Length; word++)
        {
            while (i < text.Length && text[i] == ' ')
            {
                i++;
            }

            string prefix = "";
            while (i < text.Length && text[i] != ' ')
            {
                int end = text.AsSpan(i).IndexOfAny(' ', '+') is var length and >= 0 ? i + length : text.Length;
                pieces.Add(Id(prefix + text[i..end]), i, end, word);
                prefix = "##";
                i = end < text.Length && text[end] == '+' ? end + 1 : end;
            }
        }
    }

    public void AppendWord(string text, int word, TextPieces pieces)
    {
        int count = pieces.Count;
        string prefix = "";
        foreach (string piece in text.Split('+', StringSplitOptions.RemoveEmptyEntries))
        {
            pieces.Add(Id(prefix + piece), 0, text.Length, word);
            prefix = "##";
        }

        if (pieces.Count == count)
        {
            pieces.Add(UnknownId, 0, text.Length, word);
        }
    }
}
