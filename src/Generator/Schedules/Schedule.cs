namespace BertGen.Generator.Schedules;

/// <summary>Sizes of tiles for one kind of machine: data, apart from what the kernels compute.</summary>
internal sealed record Schedule
{
    /// <summary>Schedule of the SIMD kernels.</summary>
    public static Schedule Simd { get; } = new();

    /// <summary>Bytes of the left side of a product that are read again for each panel of columns.</summary>
    /// <remarks>More than the second-level cache, on purpose: the left side is read in order, but every block of rows streams the whole matrix again
    /// (768 × 3072 on a machine with 512 KiB: 12 rows reach 56 % of the FMA peak, 36 rows 71 %, 128 rows 86 %).</remarks>
    public int RowBlockBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Most rows of a block, so that what follows a product on its tile finds it in the first-level cache.</summary>
    public int MostRows { get; init; } = 128;

    /// <summary>Columns that any target's micro-kernel computes at once, at most.</summary>
    public int MostTileColumns { get; init; } = 64;

    /// <summary>Queries whose scores are kept at once.</summary>
    /// <remarks>Whole register tiles of every width, and enough of them that what a product costs beside its sums is paid seldom: 48 gain 5 % over 12 on the whole attention core.</remarks>
    public int QueryRows { get; init; } = 48;

    /// <summary>Keys whose scores are kept at once; models for longer texts take them tile by tile.</summary>
    public int KeyTile { get; init; } = 512;

    /// <summary>Rows whose products with a gradient are summed at once: their panels of 16 columns stay in the first-level cache.</summary>
    public int GradientRows { get; init; } = 256;

    /// <summary>Inputs of a weight whose gradients are summed at once: so many, turned, stay in the second-level cache.</summary>
    public int GradientInputs { get; init; } = 192;

    /// <summary>Outputs of a weight whose gradients are summed at once.</summary>
    public int GradientOutputs { get; init; } = 64;

    /// <summary>Queries whose scores are kept at once in the backward pass: also the terms of each sum that is added to the gradients of keys and values.</summary>
    public int GradientQueries { get; init; } = 32;

    /// <summary>Tokens of a batch that one thread takes through all layers at once.</summary>
    public int GroupTokens { get; init; } = 160;

    /// <summary>Below so many tokens a team divides columns rather than rows.</summary>
    public int ColumnSplitTokens { get; init; } = 40;

    /// <summary>Rows of a product's block for the given length of a row.</summary>
    public int RowBlock(int inner) => Math.Max(12, Math.Min(MostRows, RowBlockBytes / (4 * inner) / 12 * 12));

    /// <summary>Floats between the rows of an activation: whole vectors, and no multiple of 4 KiB, at which rows would compete for one place in the cache.</summary>
    public static int RowStride(int columns)
    {
        int padded = (columns + 15) / 16 * 16;
        return padded % 1024 == 0 ? padded + 16 : padded;
    }
}
