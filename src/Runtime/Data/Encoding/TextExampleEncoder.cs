using BertGen.CompilerServices;

namespace BertGen.Data;

/// <summary>Encodes examples whose input is text: laid out exactly as inference lays them out, so that a head learns what it will see.</summary>
internal abstract class TextExampleEncoder<TExample>(LoadedModel loaded, int head) : IExampleEncoder<TExample>
{
    private readonly TextBatch _batch = new();
    private readonly TextLimits _limits = loaded.LimitsFor(loaded.Definition.Heads[head].Kind);

    /// <summary>Index of the head.</summary>
    protected int Head { get; } = head;

    /// <summary>The head.</summary>
    protected HeadDefinition Definition { get; } = loaded.Definition.Heads[head];

    public void Encode(TExample example, List<EncodedExample> into)
    {
        _batch.Clear();
        Add(example, _batch, loaded.Tokenizer!, _limits);
        HeadTarget?[] targets = new HeadTarget?[_batch.RowCount];
        Aim(example, _batch, targets);
        for (int row = 0; row < targets.Length; row++)
        {
            if (targets[row] is { } target)
            {
                int start = _batch.Offsets[row], tokens = _batch.Offsets[row + 1] - start;
                into.Add(new EncodedExample
                {
                    Ids = _batch.Ids.Items.Slice(start, tokens).ToArray(),
                    TypeIds = _batch.TypeIds.Items.Slice(start, tokens).ToArray(),
                    TokenCount = tokens,
                    Targets = [target],
                });
            }
        }
    }

    /// <summary>Adds the example to an empty batch, as one text.</summary>
    protected abstract void Add(TExample example, TextBatch batch, ITextTokenizer tokenizer, TextLimits limits);

    /// <summary>Sets what the head should say about each row of the batch; a row without a target is not learned from.</summary>
    protected abstract void Aim(TExample example, TextBatch batch, Span<HeadTarget?> targets);

    /// <summary>Tokens of a row.</summary>
    protected static int TokenCount(TextBatch batch, int row) => batch.Offsets[row + 1] - batch.Offsets[row];
}
