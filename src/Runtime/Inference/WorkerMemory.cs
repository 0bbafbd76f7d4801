using BertGen.CompilerServices;

namespace BertGen;

/// <summary>What one thread needs to take groups through the layers: working memory, and the arguments of a group cut out of a call's.</summary>
internal sealed unsafe class WorkerMemory : IDisposable
{
    /// <summary>
    /// What a block of working memory may keep between calls. Passes over groups of texts, and over a text of the published models, need
    /// less; what an unusually long one needed beyond is given back when its call ends, and costs it far more time than to get it again.
    /// </summary>
    public const long KeptBytes = 64L << 20;

    private readonly NativeArena _arena = new();
    private readonly PinnedBuffer<int> _offsets = new();
    private readonly PinnedBuffer<int> _selected = new();
    private readonly PinnedBuffer<nint> _outputs = new();

    public void Dispose() => _arena.Dispose();

    /// <summary>Bytes of working memory that it holds for passes.</summary>
    public long Bytes => _arena.Bytes;

    /// <summary>Gives back what a call that ends needed beyond <see cref="KeptBytes"/>.</summary>
    public void Trim()
    {
        _arena.Trim(KeptBytes);
        _offsets.Trim(KeptBytes);
        _selected.Trim(KeptBytes);
    }

    /// <summary>Gives a pass its working memory.</summary>
    public void Provide(ForwardPass* pass, ArenaLayout layout, int workers) =>
        pass->Arena = _arena.Ensure(layout.Floats(pass->TokenCount, pass->TextCount, pass->SelectedCount, workers));

    /// <summary>The arguments for the texts from <paramref name="start"/> to <paramref name="end"/>, exclusive.</summary>
    public ForwardPass Slice(ForwardPass* call, int start, int end, ModelDefinition definition)
    {
        int firstToken = call->TextOffsets[start];
        int endToken = call->TextOffsets[end];
        int hidden = definition.Encoder.HiddenSize;
        ForwardPass group = *call;
        group.TextCount = end - start;
        group.TokenCount = endToken - firstToken;

        _offsets.Resize(group.TextCount + 1);
        for (int i = 0; i <= group.TextCount; i++)
        {
            _offsets[i] = call->TextOffsets[start + i] - firstToken;
        }

        group.TextOffsets = _offsets.Pointer;
        group.InputIds = Shift(call->InputIds, firstToken);
        group.TokenTypeIds = Shift(call->TokenTypeIds, firstToken);
        group.Vectors = Shift(call->Vectors, (long)(firstToken - start) * definition.Encoder.Features);
        group.HiddenStates = Shift(call->HiddenStates, (long)firstToken * hidden);
        group.Pooled = Shift(call->Pooled, (long)start * hidden);

        ReadOnlySpan<int> selected = new(call->SelectedTokens, call->SelectedCount);
        int firstSelected = LowerBound(selected, firstToken);
        group.SelectedCount = LowerBound(selected, endToken) - firstSelected;
        _selected.Resize(group.SelectedCount);
        for (int i = 0; i < group.SelectedCount; i++)
        {
            _selected[i] = selected[firstSelected + i] - firstToken;
        }

        group.SelectedTokens = group.SelectedCount == 0 ? null : _selected.Pointer;

        int heads = definition.Heads.Count;
        _outputs.Resize(heads);
        for (int head = 0; head < heads; head++)
        {
            HeadDefinition declared = definition.Heads[head];
            OutputRows rows = HeadOutputs.RowsOf(declared.Kind);
            long first = rows switch { OutputRows.Text => start, OutputRows.Token => firstToken, _ => firstSelected };
            bool nothing = rows == OutputRows.Selected && group.SelectedCount == 0;
            _outputs[head] = nothing ? 0 : (nint)Shift(call->Outputs[head], first * declared.Outputs);
        }

        group.Outputs = (float**)_outputs.Pointer;
        return group;
    }

    private static T* Shift<T>(T* pointer, long items) where T : unmanaged => pointer is null ? null : pointer + items;

    private static int LowerBound(ReadOnlySpan<int> ascending, int value)
    {
        int at = ascending.BinarySearch(value);
        return at < 0 ? ~at : at;
    }
}
