using System.Runtime.CompilerServices;
using BertGen.CompilerServices;

namespace BertGen.Kernels;

/// <summary>The product of a block of rows with one or more panels, cut into tiles whose sums live in registers.</summary>
/// <remarks>
/// Tiles are two vectors wide (two halves of a panel, or two panels with 512 bits), and four where there are too few rows: a multiplier
/// waits for its own previous step unless some eight sums are under way. Rows are spread evenly over the tiles for the same reason:
/// 16 = 6 + 5 + 5, not 6 + 6 + 4. Each sum starts from the bias and takes one fused step for each k, in order,
/// whatever the tile; where k is long, equal parts of it are summed alike, from zero, and added up in order.
/// </remarks>
internal static unsafe partial class RegisterTiles<T, V> where T : struct where V : IRegister<T>
{
    /// <summary>Columns that one call works through best: they share the rows of a, and their panels stay in the nearest caches.</summary>
    public const int Columns = 64;

    // A longer sum is the sum of equal parts: rounding errors of one chain of thousands of terms came to three times libtorch's, which adds in
    // parts too. Shorter parts err less still, but each costs some 3 % of 500 terms to start and to add.
    private const int MaxTerms = 768;

    private const int MaxWideRows = 3;
    private const int CacheLine = 64;

    // 12 sums of 16 registers; 24 of 32 with 512 bits.
    private static int MaxRows => V.Width == PackedPanels.Width ? 12 : 6;

    /// <inheritdoc cref="ISimd{TSelf}.Product"/>
    public static void Product(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* bias,
        float* c, nint cStride) =>
        Run(rows, columns, k, a, aStride, b, bRowStride, bPanelStride, bias, adds: false, c, cStride);

    /// <inheritdoc cref="ISimd{TSelf}.ProductAdd"/>
    public static void ProductAdd(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* c, nint cStride) =>
        Run(rows, columns, k, a, aStride, b, bRowStride, bPanelStride, bias: null, adds: true, c, cStride);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* bias, bool adds,
        float* c, nint cStride)
    {
        // 7 = 3 + 2 + 2 wide rows keep more sums under way than 4 + 3.
        bool fewRows = rows <= MaxWideRows || (rows == 7 && MaxRows == 6);
        int parts = Math.Max(1, (k + MaxTerms - 1) / MaxTerms);
        // Where sums without a bias, and later parts of a sum, start.
        float* zeros = stackalloc float[4 * PackedPanels.Width];
        int vectors = 0, tiles = 0, height = 0, higher = 0;
        nint aheadStep = 0;
        for (int column = 0; column < columns; column += vectors * V.Width)
        {
            int left = columns - column, widest = fewRows && left >= 4 * V.Width ? 4 : left >= 2 * V.Width ? 2 : 1;
            if (vectors != widest)
            {
                vectors = widest;
                int maxRows = vectors == 4 ? MaxWideRows : MaxRows;
                tiles = (rows + maxRows - 1) / maxRows;
                // The first tiles have a row more where the rows do not divide evenly.
                (height, higher) = Math.DivRem(rows, tiles);
                aheadStep = adds ? 0 : bRowStride * sizeof(float) / tiles;
            }

            for (int part = 0, start = 0; part < parts; part++)
            {
                int terms = (k - start) / (parts - part);
                var panel = new Panel
                {
                    K = terms,
                    AStride = aStride,
                    B = b + column / PackedPanels.Width * bPanelStride + column % PackedPanels.Width + start * bRowStride,
                    RowStride = bRowStride,
                    PanelStride = bPanelStride,
                    Bias = part == 0 && bias != null ? bias + column : zeros,
                    Adds = adds || part > 0,
                    CStride = cStride,
                    Ahead = (byte*)(adds ? b : b + (column + vectors * V.Width) / PackedPanels.Width * bPanelStride + start * bRowStride),
                    AheadStep = aheadStep,
                };
                Tiles(vectors, height + 1, higher, in panel, a + start, c + column);
                int done = higher * (height + 1);
                panel.Ahead += panel.AheadStep * terms * higher;
                Tiles(vectors, height, tiles - higher, in panel, a + done * aStride + start, c + column + done * cStride);
                start += terms;
            }
        }
    }

    private static void Tiles(int vectors, int rows, int tiles, in Panel panel, float* a, float* c)
    {
        if (tiles == 0)
        {
            return;
        }

        switch (vectors)
        {
            case 4: Wide(rows, tiles, in panel, a, c); break;
            case 2: Narrow(rows, tiles, in panel, a, c); break;
            default: Single(rows, tiles, in panel, a, c); break;
        }
    }

    /// <summary>What the tiles of some columns have in common.</summary>
    private struct Panel
    {
        public int K;
        public nint AStride;
        public float* B;
        public nint RowStride;
        public nint PanelStride;
        public float* Bias;
        public bool Adds;
        public nint CStride;

        // The panel that comes next, and the bytes that each step goes on in it (and in those behind it, where tiles span panels): all tiles together fetch them once, while they multiply.
        // Weights that come from the third cache or from memory are then there in time, which matters most for few rows.
        public byte* Ahead;
        public nint AheadStep;
    }
}
