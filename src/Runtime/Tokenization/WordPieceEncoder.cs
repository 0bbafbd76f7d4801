using BertGen.Tokenization;
using BertGen.Weights;
using Microsoft.ML.Tokenizers;

namespace BertGen;

/// <summary>Turns text into WordPiece tokens as BERT was published, with offsets into the text as given. Thread-safe.</summary>
/// <remarks>
/// <para>The rules are those of the original BasicTokenizer and WordpieceTokenizer, in the form that Hugging Face's BertNormalizer and BertPreTokenizer give them:
/// U+0000, U+FFFD, control, format and private-use characters and lone surrogates go, white space and line breaks separate, Chinese characters and punctuation (all ASCII symbols, and Unicode's P categories) stand alone,
/// lower-casing goes character by character, accents are stripped (canonical decomposition without nonspacing marks) by default when lower-casing;
/// a word over 100 characters, or one that has no pieces, is [UNK]. Special tokens are found in a text as they are written, case included.</para>
/// <para>The members of <see cref="Tokenizer"/> give the tokens of the text alone; [CLS] and [SEP] come with <see cref="Encode(string, string?, bool, int)"/>.
/// Nothing depends on the culture or on ICU.</para>
/// </remarks>
public sealed partial class WordPieceEncoder : Tokenizer
{
    private readonly EncoderSettings _settings;
    private readonly WordPieceScanner _scanner;
    private readonly AddedTokens _added;

    internal WordPieceEncoder(EncoderSettings settings)
    {
        _settings = settings;
        _added = new AddedTokens(settings.Added);
        UnknownId = Require(settings.Special.Unknown, "what is not in the vocabulary");
        ClassificationId = Require(settings.Special.Classification, "the beginning of a sequence");
        SeparatorId = Require(settings.Special.Separator, "the end of a text");
        MaskId = Find(settings.Special.Mask);
        PaddingId = Find(settings.Special.Padding);
        _scanner = new WordPieceScanner(settings.Vocabulary.Pieces, CharacterTable.For(settings.Rules), UnknownId, settings.MaxWordCharacters);
    }

    /// <summary>The tokens and their ids.</summary>
    public Vocabulary Vocabulary => _settings.Vocabulary;

    /// <summary>The id of [UNK].</summary>
    public int UnknownId { get; }

    /// <summary>The id of [CLS].</summary>
    public int ClassificationId { get; }

    /// <summary>The id of [SEP].</summary>
    public int SeparatorId { get; }

    /// <summary>The id of [MASK], or null where the vocabulary has none.</summary>
    public int? MaskId { get; }

    /// <summary>The id of [PAD], or null where the vocabulary has none.</summary>
    public int? PaddingId { get; }

    /// <summary>The longest sequence of the model as its files say, special tokens included; <see cref="int.MaxValue"/> where they do not.</summary>
    public int MaxLength => _settings.MaxLength;

    /// <summary>True where text is lower-cased.</summary>
    public bool LowerCase => (_settings.Rules & TextRules.LowerCase) != 0;

    /// <summary>True where accents are stripped.</summary>
    public bool StripAccents => (_settings.Rules & TextRules.StripAccents) != 0;

    /// <summary>True where each Chinese character is a word.</summary>
    public bool SplitChinese => (_settings.Rules & TextRules.SplitChinese) != 0;

    /// <summary>Reads the tokenizer of a Hugging Face folder: a WordPiece <c>tokenizer.json</c>, or <c>vocab.txt</c>, with <c>tokenizer_config.json</c> and <c>special_tokens_map.json</c> where they are.</summary>
    /// <exception cref="FileNotFoundException">The folder has neither <c>tokenizer.json</c> nor <c>vocab.txt</c>.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, describes another kind of tokenizer, or lacks a special token.</exception>
    public static WordPieceEncoder Load(string folder) => Load(TokenizerSource.Folder(folder));

    internal static WordPieceEncoder Load(TokenizerSource source) => new(TokenizerFolder.Read(source));

    /// <summary>An encoder over a <c>vocab.txt</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="lowerCase">Lower-case the text: true for "uncased" models.</param>
    /// <param name="stripAccents">Strip accents; null does so when lower-casing.</param>
    /// <param name="splitChinese">Make each Chinese character a word.</param>
    /// <exception cref="InvalidDataException">The file is no vocabulary, or lacks a special token.</exception>
    public static WordPieceEncoder FromVocabulary(string path, bool lowerCase = true, bool? stripAccents = null, bool splitChinese = true) =>
        new(EncoderSettings.FromVocabulary(Vocabulary.Load(path), EncoderSettings.RulesFor(lowerCase, stripAccents, splitChinese), new SpecialTokens(), $"'{path}'"));

    /// <summary>An encoder over a vocabulary in memory.</summary>
    /// <param name="vocabulary">The vocabulary.</param>
    /// <param name="lowerCase">Lower-case the text: true for "uncased" models.</param>
    /// <param name="stripAccents">Strip accents; null does so when lower-casing.</param>
    /// <param name="splitChinese">Make each Chinese character a word.</param>
    /// <exception cref="InvalidDataException">The vocabulary lacks a special token.</exception>
    public static WordPieceEncoder FromVocabulary(Vocabulary vocabulary, bool lowerCase = true, bool? stripAccents = null, bool splitChinese = true)
    {
        ArgumentNullException.ThrowIfNull(vocabulary);
        return new(EncoderSettings.FromVocabulary(vocabulary, EncoderSettings.RulesFor(lowerCase, stripAccents, splitChinese), new SpecialTokens(), "The vocabulary"));
    }

    /// <summary>True for [CLS], [SEP], [PAD], [MASK], [UNK] and what the tokenizer's files call special.</summary>
    public bool IsSpecial(int id) => _added.IsSpecial(id);

    /// <summary>Appends the tokens of a text, without special tokens around it.</summary>
    internal void Tokenize(ReadOnlySpan<char> text, TokenList tokens) => Tokenize(text, tokens, _scanner);

    private void Tokenize(ReadOnlySpan<char> text, TokenList tokens, WordPieceScanner scanner)
    {
        for (int at = 0; ;)
        {
            AddedToken? added = _added.Next(text, at, out int start, out int end);
            scanner.Append(text, at, start, tokens);
            if (added is null)
            {
                return;
            }

            tokens.Add(added.Id, start, end);
            at = end;
        }
    }

    private int? Find(string token) => Vocabulary.TryGetId(token, out int id) ? id : null;

    private int Require(string token, string purpose) => Find(token)
        ?? throw new InvalidDataException($"{_settings.Source} has no token '{MessageText.Of(token)}' for {purpose}, among {Vocabulary.Count} tokens. Is it a WordPiece vocabulary? If it calls the token otherwise, say so in special_tokens_map.json and load the folder.");
}
