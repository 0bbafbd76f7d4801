namespace BertGen;

/// <summary>A text or sequence of vectors of a batch, and the rows that were made of it. Its pieces are tokens, or vectors.</summary>
/// <param name="FirstPiece">First of its pieces that were cut into windows: of a pair the second text's.</param>
/// <param name="PieceCount">Number of those pieces.</param>
/// <param name="FirstRow">First row.</param>
/// <param name="RowCount">Number of rows: more than 1 where the text was too long for one.</param>
/// <param name="IsTruncated">Some pieces stand in no row.</param>
internal readonly record struct TextSpan(int FirstPiece, int PieceCount, int FirstRow, int RowCount, bool IsTruncated);

/// <summary>A sequence that goes through the model.</summary>
/// <param name="FirstToken">Its first token in the batch.</param>
/// <param name="Content">Tokens before the pieces of the window: [CLS], and of a pair the first text and [SEP].</param>
/// <param name="FirstPiece">First piece of the window, counted within its text.</param>
/// <param name="PieceCount">Pieces in the window.</param>
internal readonly record struct TextRow(int FirstToken, int Content, int FirstPiece, int PieceCount)
{
    /// <summary>The piece after the last.</summary>
    public int EndPiece => FirstPiece + PieceCount;

    /// <summary>The token in the batch of a piece of the window.</summary>
    public int TokenOf(int piece) => FirstToken + Content + piece - FirstPiece;
}

/// <summary>Texts laid out as sequences for the model, and what it computes of them. Kept and used again.</summary>
internal abstract class SequenceBatch
{
    private readonly PinnedBuffer<TextSpan> _texts = new();
    private readonly PinnedBuffer<TextRow> _rows = new();

    /// <summary>[rows + 1].</summary>
    public PinnedBuffer<int> Offsets { get; } = new();

    /// <summary>Tokens that reach the vocabulary product, ascending.</summary>
    public PinnedBuffer<int> Selected { get; } = new();

    /// <summary>Outputs of the head that the batch is run for.</summary>
    public PinnedBuffer<float> Outputs { get; } = new();

    public int TokenCount => Offsets[Offsets.Count - 1];

    public int RowCount => _rows.Count;

    public ReadOnlySpan<TextSpan> Texts => _texts.Items;

    public ReadOnlySpan<TextRow> Rows => _rows.Items;

    public virtual void Clear()
    {
        _texts.Clear();
        _rows.Clear();
        Selected.Clear();
        Offsets.Clear();
        Offsets.Add(0);
    }

    /// <summary>Empties the batch, and lets go of each buffer that has more than so many bytes: only an unusually long text needed them.</summary>
    public virtual void Trim(long keptBytes)
    {
        _texts.Trim(keptBytes);
        _rows.Trim(keptBytes);
        Offsets.Trim(keptBytes);
        Selected.Trim(keptBytes);
        Outputs.Trim(keptBytes);
    }

    /// <summary>Adds a sequence of so many tokens.</summary>
    protected void AddRow(TextRow row, int tokens)
    {
        _rows.Add(row);
        Offsets.Add(checked(row.FirstToken + tokens));
    }

    /// <summary>Makes a text of the rows from <paramref name="firstRow"/> on.</summary>
    protected void AddText(int firstPiece, int pieceCount, int firstRow, bool isTruncated) =>
        _texts.Add(new TextSpan(firstPiece, pieceCount, firstRow, _rows.Count - firstRow, isTruncated));
}
