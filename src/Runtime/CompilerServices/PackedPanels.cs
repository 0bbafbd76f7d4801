using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The order in which the right-hand sides of products are stored: panels of 16 columns, [columns / 16][rows][16].</summary>
/// <remarks>One order for every vector width, so that offsets are constants of the compiled model and a pack made on one machine serves another.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class PackedPanels
{
    /// <summary>Columns in a panel.</summary>
    public const int Width = 16;

    /// <summary>The smallest multiple of <see cref="Width"/> that holds <paramref name="columns"/>.</summary>
    public static int RoundUp(int columns) => (columns + Width - 1) / Width * Width;

    /// <summary>The largest multiple of <see cref="Width"/> within <paramref name="columns"/>.</summary>
    public static int RoundDown(int columns) => columns / Width * Width;
}
