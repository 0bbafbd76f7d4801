using System.Text;
using BertGen.Tokenization;
using BertGen.Weights;

namespace BertGen;

/// <summary>A WordPiece vocabulary: tokens and their ids, "##" in front of pieces that continue a word. Immutable and thread-safe.</summary>
public sealed class Vocabulary
{
    private readonly char[] _characters;
    private readonly int[] _offsets;
    private readonly string?[] _tokens;

    /// <summary>A vocabulary of the given tokens; the place of each is its id.</summary>
    /// <exception cref="InvalidDataException">There is no token, or one stands there twice.</exception>
    public Vocabulary(IEnumerable<string> tokens)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        string[] all = [.. tokens];
        _offsets = new int[all.Length + 1];
        for (int id = 0; id < all.Length; id++)
        {
            ArgumentNullException.ThrowIfNull(all[id], nameof(tokens));
            _offsets[id + 1] = checked(_offsets[id] + all[id].Length);
        }

        _characters = string.Concat(all).ToCharArray();
        _tokens = all;
        Pieces = Index("The vocabulary");
    }

    private Vocabulary(char[] characters, int[] offsets, string source)
    {
        _characters = characters;
        _offsets = offsets;
        _tokens = new string?[offsets.Length - 1];
        Pieces = Index(source);
    }

    /// <summary>Number of tokens; ids are 0 … <see cref="Count"/> - 1.</summary>
    public int Count => _tokens.Length;

    internal PieceTable Pieces { get; }

    /// <summary>The token of an id.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such id.</exception>
    public string this[int id] => (uint)id < (uint)_tokens.Length
        ? _tokens[id] ??= new string(Token(id))
        : throw new ArgumentOutOfRangeException(nameof(id), id, $"Token id {id} is not in the vocabulary, which has the ids 0 to {Count - 1}. Is this the vocabulary of the model that gave the id?");

    /// <summary>Makes a WordPiece vocabulary from text: [PAD], [UNK], [CLS], [SEP] and [MASK], the characters, then the pieces that make the text shortest.</summary>
    /// <remarks>Starting from characters, the pair of neighbouring pieces of a word that is most frequent becomes a piece, until the vocabulary is full. The same text, in whatever order of lines, gives the same vocabulary on every machine.</remarks>
    /// <param name="lines">The text, read once; of it only the different words are kept.</param>
    /// <param name="size">Number of tokens; fewer where the text has no more pairs that are frequent enough.</param>
    /// <param name="options">How the text is normalized, and what is left out; by default that of an "uncased" model.</param>
    /// <param name="cancellationToken">Stops between lines and between pieces.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="size"/> is too small for the special tokens and a character.</exception>
    /// <exception cref="ArgumentException">No character is frequent enough.</exception>
    public static Vocabulary Train(IEnumerable<string> lines, int size, VocabularyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return VocabularyTrainer.Train(lines, size, options ?? new VocabularyOptions(), cancellationToken);
    }

    /// <summary>Reads a <c>vocab.txt</c>: UTF-8, one token a line, the number of the line, from 0, is the id.</summary>
    /// <remarks>Lines end with LF or CR LF only: the published Chinese vocabulary has a line separator character as a token.</remarks>
    /// <exception cref="InvalidDataException">The file is empty, not UTF-8, has a token twice, or more than 100 MB.</exception>
    public static Vocabulary Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Parse(SmallFiles.Read(path), path);
    }

    /// <summary>Reads the content of a <c>vocab.txt</c>.</summary>
    /// <param name="content">The bytes.</param>
    /// <param name="path">Where they came from, for messages.</param>
    internal static Vocabulary Parse(ReadOnlySpan<byte> content, string path)
    {
        content = content.StartsWith(Encoding.UTF8.Preamble) ? content[3..] : content;
        char[] characters = new char[content.Length];
        int length;
        try
        {
            length = new UTF8Encoding(false, throwOnInvalidBytes: true).GetChars(content, characters);
        }
        catch (DecoderFallbackException exception)
        {
            throw new InvalidDataException($"'{path}' is no UTF-8 text (byte {exception.Index}). A vocabulary is UTF-8, one token a line; convert it, or take vocab.txt as published.", exception);
        }

        return new Vocabulary(characters, SplitLines(characters, ref length), $"'{path}'");
    }

    /// <summary>Writes a <c>vocab.txt</c>, LF after each token.</summary>
    public void Save(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        StringBuilder text = new(_characters.Length + Count);
        for (int id = 0; id < Count; id++)
        {
            if (Token(id).Contains('\n') || Token(id).EndsWith('\r'))
            {
                throw new InvalidOperationException($"Token {id} holds a line break, which a vocab.txt cannot hold. Save it as a tokenizer.json, or leave the token out.");
            }

            text.Append(Token(id)).Append('\n');
        }

        File.WriteAllText(path, text.ToString(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
    }

    /// <summary>The id of a token as it is written in the vocabulary, "##" included.</summary>
    public bool TryGetId(string token, out int id)
    {
        ArgumentNullException.ThrowIfNull(token);
        id = Pieces.Find(token);
        return id >= 0;
    }

    /// <summary>True where the token is in the vocabulary.</summary>
    public bool Contains(string token) => TryGetId(token, out _);

    internal ReadOnlySpan<char> Token(int id) => _characters.AsSpan(_offsets[id], _offsets[id + 1] - _offsets[id]);

    // Moves the tokens together, without their line ends.
    private static int[] SplitLines(char[] characters, ref int length)
    {
        int lines = characters.AsSpan(0, length).Count('\n') + (length > 0 && characters[length - 1] != '\n' ? 1 : 0);
        int[] offsets = new int[lines + 1];
        int read = 0, written = 0;
        for (int line = 0; line < lines; line++)
        {
            ReadOnlySpan<char> rest = characters.AsSpan(read, length - read);
            int end = rest.IndexOf('\n');
            ReadOnlySpan<char> token = end < 0 ? rest : rest[..end];
            read += token.Length + 1;
            token = token is [.., '\r'] ? token[..^1] : token;
            token.CopyTo(characters.AsSpan(written));
            written += token.Length;
            offsets[line + 1] = written;
        }

        length = written;
        return offsets;
    }

    private PieceTable Index(string source)
    {
        if (Count == 0)
        {
            throw new InvalidDataException($"{source} has no tokens. A vocabulary has one token a line, [UNK], [CLS] and [SEP] among them.");
        }

        return new PieceTable(_characters, _offsets, (id, earlier) => throw Duplicate(source, id, earlier));
    }

    private InvalidDataException Duplicate(string source, int id, int earlier) =>
        new($"{source}: token '{MessageText.Of(Token(id))}' on line {id + 1} stands on line {earlier + 1} already, so its id is ambiguous. Each token may stand there once: take the file as published, or rename one of the two.");
}
