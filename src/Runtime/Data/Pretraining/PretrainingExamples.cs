using BertGen.CompilerServices;

namespace BertGen.Data;

/// <summary>A corpus as examples for the masked-language-model and next-sentence heads of a model.</summary>
/// <remarks>Documents come in a random order and their packed texts are mixed over a few thousand; example i of epoch e is a function of seed, e and i.</remarks>
internal sealed class PretrainingExamples
{
    /// <summary>The shortest sequence that packing makes sense for: two segments of two tokens beside [CLS] and [SEP].</summary>
    public const int ShortestLength = 7;

    // That of BERT's own pre-training for nine tenths of it.
    private const int DefaultLength = 128;

    // Texts that wait in memory: about 10 MB of tokens at 256 a text.
    private const int Mixed = 8192;

    private readonly ITextTokenizer _tokenizer;
    private readonly CorpusText _text;
    private readonly int _length;
    private readonly long _seed;
    private readonly int _words;
    private readonly int _nextSentence;
    private readonly int _secondType;
    private readonly MaskingOptions? _masking;

    /// <param name="loaded">The model.</param>
    /// <param name="corpus">The corpus.</param>
    /// <param name="masking">How words are hidden; null leaves the masked language model out.</param>
    /// <param name="length">Tokens of a text at most, special ones included.</param>
    /// <param name="seed">Seed of everything random.</param>
    /// <exception cref="ArgumentException">The model cannot read texts of this length, the shares of the masking are too large together, or the corpus has one document only and the model predicts next sentences.</exception>
    /// <exception cref="InvalidOperationException">The model has neither head, or its vocabulary has no mask.</exception>
    public PretrainingExamples(LoadedModel loaded, PretrainingCorpus corpus, MaskingOptions? masking, int length, long seed)
    {
        ModelDefinition definition = loaded.Definition;
        _words = masking is null ? -1 : IndexOf(definition, HeadKind.MaskedLanguageModel);
        _nextSentence = IndexOf(definition, HeadKind.NextSentencePrediction);
        if (_words < 0 && _nextSentence < 0)
        {
            throw new InvalidOperationException($"{definition.Name} has no head to pre-train: declare [MaskedLanguageModel], [NextSentencePrediction] or both.");
        }

        if (length < ShortestLength || length > loaded.MaxTokens)
        {
            throw new ArgumentOutOfRangeException(nameof(length), length, $"A text of pre-training has {ShortestLength} to {loaded.MaxTokens} tokens, as {definition.Name} is declared.");
        }

        if (_nextSentence >= 0 && corpus.DocumentCount < 2)
        {
            throw new ArgumentException("The corpus has one document; the sentences that do not follow come from another. Put blank lines between its documents.", nameof(corpus));
        }

        _tokenizer = loaded.Tokenizer!;
        _text = corpus.Text;
        (_masking, _length, _seed) = (masking, length, seed);
        _secondType = loaded.LimitsFor(HeadKind.NextSentencePrediction).SecondType;
        _ = Masker();
    }

    /// <summary>The length asked for; where none is, 128, or what the model takes where that is less.</summary>
    public static int LengthFor(int? length, int maxTokens) => length ?? Math.Min(DefaultLength, maxTokens);

    /// <summary>The examples of an epoch, streaming.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="from">Examples to pass over: those before are packed again, but cost nothing else.</param>
    public IEnumerable<EncodedExample> Epoch(int epoch, long from = 0)
    {
        TokenMasker? masker = Masker();
        long index = 0;
        foreach (PackedText text in ShuffleBuffer.Mix(Pack(epoch), Mixed, new RandomNumbers(_seed, "pretraining order", epoch)))
        {
            if (index >= from)
            {
                yield return Encode(text, masker, new RandomNumbers(_seed, "masks", epoch, index));
            }

            index++;
        }
    }

    private static int IndexOf(ModelDefinition definition, HeadKind kind)
    {
        for (int i = 0; i < definition.Heads.Count; i++)
        {
            if (definition.Heads[i].Kind == kind)
            {
                return i;
            }
        }

        return -1;
    }

    private TokenMasker? Masker() => _words < 0 ? null : new TokenMasker(_tokenizer, _masking!);

    private IEnumerable<PackedText> Pack(int epoch)
    {
        using ITextPacker packer = _nextSentence < 0
            ? new SegmentPacker(_text, _tokenizer, _length - 2)
            : new PairPacker(_text, _tokenizer, _length - 3);
        foreach (int document in ExampleOrder.Shuffled(_text.DocumentCount, _seed, epoch))
        {
            foreach (PackedText text in packer.Pack(document, new RandomNumbers(_seed, "packing", epoch, document)))
            {
                yield return text;
            }
        }
    }

    private EncodedExample Encode(PackedText text, TokenMasker? masker, RandomNumbers random)
    {
        int first = text.First.Length + 2;
        int[] ids = new int[first + (text.Second is null ? 0 : text.Second.Length + 1)];
        int[] types = new int[ids.Length];
        ids[0] = _tokenizer.ClassId;
        text.First.CopyTo(ids, 1);
        ids[first - 1] = _tokenizer.SeparatorId;
        if (text.Second is not null)
        {
            text.Second.CopyTo(ids, first);
            ids[^1] = _tokenizer.SeparatorId;
            types.AsSpan(first).Fill(_secondType);
        }

        List<HeadTarget> targets = [];
        int[] selected = [];
        if (masker is not null)
        {
            selected = masker.Mask(ids, ref random, out int[] words);
            targets.Add(new HeadTarget(_words, words, []));
        }

        if (_nextSentence >= 0)
        {
            // The published head puts "is next" first.
            targets.Add(new HeadTarget(_nextSentence, [text.IsNext ? 0 : 1], []));
        }

        return new EncodedExample { Ids = ids, TypeIds = types, TokenCount = ids.Length, Selected = selected, Targets = targets };
    }
}
