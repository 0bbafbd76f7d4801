namespace BertGen.Kernels;

/// <summary>How far apart the rows of a product's right-hand side are, as a type, so that the compiler folds it.</summary>
internal interface IRowStride
{
    /// <summary>True for the rows of a panel, which follow one another.</summary>
    static abstract bool IsPanel { get; }
}

/// <summary>Rows of a panel.</summary>
internal readonly struct PanelRows : IRowStride
{
    public static bool IsPanel => true;
}

/// <summary>Rows of a wider matrix.</summary>
internal readonly struct AnyRows : IRowStride
{
    public static bool IsPanel => false;
}
