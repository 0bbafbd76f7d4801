using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Words of a text with their tags.</summary>
internal readonly struct TextTagDecoder<TTag> : ITokenDecoder<string, IReadOnlyList<TaggedToken<TTag>>> where TTag : struct, Enum
{
    public static void Add(TextBatch batch, ITextTokenizer tokenizer, string source, TextLimits limits) => batch.Add(tokenizer, source, null, limits);

    public static IReadOnlyList<TaggedToken<TTag>> Decode(TextBatch batch, int text, string source, HeadDefinition head)
    {
        List<TaggedToken<TTag>> tokens = [];
        TokenRows.Words words = new(batch, text, head.Outputs);
        while (words.MoveNext())
        {
            (TTag tag, float probability) = Tags.Best<TTag>(words.Row);
            int end = TextRange.EndWithMarks(source, words.End);
            tokens.Add(new TaggedToken<TTag>(source[words.Start..end], words.Start, end, tag, probability, words.Word));
        }

        return tokens;
    }
}

/// <summary>Given words with their tags.</summary>
internal readonly struct WordTagDecoder<TTag> : ITokenDecoder<IReadOnlyList<string>, IReadOnlyList<TaggedToken<TTag>>> where TTag : struct, Enum
{
    public static void Add(TextBatch batch, ITextTokenizer tokenizer, IReadOnlyList<string> source, TextLimits limits) => batch.AddWords(tokenizer, source, limits);

    public static IReadOnlyList<TaggedToken<TTag>> Decode(TextBatch batch, int text, IReadOnlyList<string> source, HeadDefinition head)
    {
        List<TaggedToken<TTag>> tokens = new(source.Count);
        TokenRows.Words words = new(batch, text, head.Outputs);
        while (words.MoveNext())
        {
            (TTag tag, float probability) = Tags.Best<TTag>(words.Row);
            string word = source[words.Word];
            tokens.Add(new TaggedToken<TTag>(word, 0, word.Length, tag, probability, words.Word));
        }

        return tokens;
    }
}

internal static class Tags
{
    /// <summary>The most probable tag of a row of logits, among equals the first, with its probability.</summary>
    public static (TTag Tag, float Probability) Best<TTag>(ReadOnlySpan<float> logits) where TTag : struct, Enum
    {
        int best = Softmax.Largest(logits);
        return (Labels.At<TTag>(best), Probability(logits, best));
    }

    /// <summary>The softmax of one of a row of logits.</summary>
    public static float Probability(ReadOnlySpan<float> logits, int index) => (float)Math.Exp(logits[index] - Softmax.LogSum(logits));
}
