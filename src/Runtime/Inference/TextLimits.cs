using BertGen.CompilerServices;

namespace BertGen;

/// <summary>How long a text may be, and what happens to longer ones.</summary>
/// <param name="MaxTokens">Longest sequence in tokens, special ones included.</param>
/// <param name="Policy">What happens to longer texts.</param>
/// <param name="Stride">Tokens from window to window, or null for half a window.</param>
/// <param name="SecondType">Token type of the second text of a pair: 1 where the model has it.</param>
internal readonly record struct TextLimits(int MaxTokens, LongText Policy, int? Stride, int SecondType = 1)
{
    /// <summary>Tokens from the start of a window to the start of the next, for windows that hold <paramref name="capacity"/>: never so many that a token is skipped, and always at least one.</summary>
    public int StrideFor(int capacity) => Math.Max(1, Math.Min(capacity, Stride ?? capacity / 2));

    /// <summary>How many tokens of each part of a pair stay when <paramref name="room"/> is too small for both: the longer part loses its end first.</summary>
    /// <remarks>The rule of the original BERT: while too long, drop the last token of the longer part, of the second among equals.</remarks>
    public static (int First, int Second) LongestFirst(int first, int second, int room)
    {
        int half = room / 2;
        if (second <= half)
        {
            return (Math.Min(first, room - second), second);
        }

        return first <= room - half ? (first, Math.Min(second, room - first)) : (room - half, half);
    }

    public static ArgumentException TooLong(int tokens, int maxTokens, string wayOut) =>
        new($"The text has {tokens} tokens with its special ones; the model takes {maxTokens}. {wayOut}");
}
