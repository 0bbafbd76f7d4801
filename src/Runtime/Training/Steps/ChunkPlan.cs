using BertGen.CompilerServices;
using BertGen.Data;

namespace BertGen.Training;

/// <summary>Cuts a step's texts into chunks of whole texts, by their lengths alone: the sums of a step must not depend on the machine.</summary>
/// <param name="layout">Memory of a pass.</param>
/// <param name="tokens">Tokens of a chunk.</param>
/// <param name="maxBytes">Most bytes of activations; null where only the tokens count.</param>
internal sealed class ChunkPlan(ArenaLayout layout, int tokens, long? maxBytes)
{
    /// <summary>Tokens of a chunk where no option says more: what forward and backward pass keep of them stays in the last cache, and products of so many rows run at full speed.</summary>
    public const int DefaultTokens = 1024;

    public static ChunkPlan Of(ArenaLayout layout, OptimizationOptions options) => new(layout, options.ChunkTokens ?? DefaultTokens, options.MaxActivationBytes);

    /// <summary>Bytes of activations of a pass, without the scratch of each worker.</summary>
    public long Bytes(int tokens, int texts, int selected) => layout.Floats(tokens, texts, selected, workers: 0) * sizeof(float);

    /// <summary>Refuses an example that alone needs more memory than there may be.</summary>
    public void Check(EncodedExample example) => Check(example.TokenCount, example.Selected.Length);

    /// <summary>Refuses a text that alone needs more memory than there may be.</summary>
    public void Check(int textTokens, int selected)
    {
        long bytes = Bytes(textTokens, 1, selected);
        if (bytes > maxBytes)
        {
            throw new ArgumentOutOfRangeException($"options.{nameof(OptimizationOptions.MaxActivationBytes)}", maxBytes,
                $"{nameof(OptimizationOptions.MaxActivationBytes)} must be at least {bytes}: a text has {textTokens} tokens, and a text is never cut.");
        }
    }

    /// <summary>Writes the start of each chunk, and the end of the last.</summary>
    public void Cut(IReadOnlyList<EncodedExample> examples, List<int> starts)
    {
        long total = 0;
        foreach (EncodedExample example in examples)
        {
            total += example.TokenCount;
        }

        // As few chunks as can be, of nearly equal length.
        int even = (int)(total / ((total + tokens - 1) / Math.Max(1, tokens)));
        starts.Clear();
        starts.Add(0);
        int inChunk = 0, texts = 0, selected = 0;
        for (int i = 0; i < examples.Count; i++)
        {
            EncodedExample example = examples[i];
            Check(example);
            int with = inChunk + example.TokenCount;
            bool isFull = with > tokens || (inChunk + example.TokenCount / 2 >= even && inChunk > 0)
                || Bytes(with, texts + 1, selected + example.Selected.Length) > maxBytes;
            if (texts > 0 && isFull)
            {
                starts.Add(i);
                (inChunk, texts, selected) = (0, 0, 0);
            }

            inChunk += example.TokenCount;
            texts++;
            selected += example.Selected.Length;
        }

        starts.Add(examples.Count);
    }
}
