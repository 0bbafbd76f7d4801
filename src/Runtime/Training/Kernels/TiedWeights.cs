using System.Runtime.CompilerServices;
using BertGen.CompilerServices;

namespace BertGen.Training;

/// <summary>A parameter with two places in the arena, such as word embeddings that are also a decoder: one is trained, the other follows.</summary>
/// <remarks>Work is divided by published rows, <see cref="RowStep"/> at a time; no two of them meet in a place. Padding is neither read nor written.</remarks>
internal static unsafe class TiedWeights<V> where V : struct, ISimd<V>
{
    /// <summary>Rows of a panel: shares are multiples of it.</summary>
    public const int RowStep = PackedPanels.Width;

    /// <summary>Adds the copy's gradients of the rows from <paramref name="start"/> to before <paramref name="end"/> to the trained place's, and clears them.</summary>
    public static void Fold(in WeightCopy tied, int start, int end, float* gradients)
    {
        for (int row = start; row < end; row += RowStep)
        {
            int rows = Math.Min(RowStep, end - row);
            if (!HasGradient(in tied, row, rows, gradients))
            {
                continue;
            }

            if (IsTableOfPanels(in tied))
            {
                FoldPanel(rows, tied.Copy.Inputs, gradients + tied.Copy.Row(row).Place, tied.Copy.Tensor.RowStride, gradients + tied.Trained.Row(row).Place);
                continue;
            }

            for (int r = row; r < row + rows; r++)
            {
                (long from, int fromStride) = tied.Copy.Row(r);
                (long to, int toStride) = tied.Trained.Row(r);
                for (long i = 0; i < tied.Copy.Inputs; i++)
                {
                    gradients[to + i * toStride] += gradients[from + i * fromStride];
                    gradients[from + i * fromStride] = 0;
                }
            }
        }
    }

    /// <summary>Brings the copy's rows from <paramref name="start"/> to before <paramref name="end"/> up to date.</summary>
    public static void Refresh(in WeightCopy tied, int start, int end, float* weights)
    {
        for (int row = start; row < end; row += RowStep)
        {
            int rows = Math.Min(RowStep, end - row);
            if (IsTableOfPanels(in tied))
            {
                V.Transpose(tied.Copy.Inputs, rows, weights + tied.Trained.Row(row).Place, PackedPanels.Width, weights + tied.Copy.Row(row).Place, tied.Copy.Tensor.RowStride);
                continue;
            }

            for (int r = row; r < row + rows; r++)
            {
                (long copy, int copyStride) = tied.Copy.Row(r);
                (long trained, int trainedStride) = tied.Trained.Row(r);
                for (long i = 0; i < tied.Copy.Inputs; i++)
                {
                    weights[copy + i * copyStride] = weights[trained + i * trainedStride];
                }
            }
        }
    }

    // Then 16 rows of the table are one panel.
    private static bool IsTableOfPanels(in WeightCopy tied) =>
        tied.Copy.IsTable && tied.Trained.Tensor is { Order: PackedOrder.Panels, Groups: 1 };

    // Most rows of a table belong to words that no text of the step has: those cost a look.
    private static bool HasGradient(in WeightCopy tied, int row, int rows, float* gradients)
    {
        if (!tied.Copy.IsTable)
        {
            return true;
        }

        for (int r = row; r < row + rows; r++)
        {
            if (new ReadOnlySpan<float>(gradients + tied.Copy.Row(r).Place, tied.Copy.Inputs).ContainsAnyExcept(0f))
            {
                return true;
            }
        }

        return false;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FoldPanel(int rows, int inputs, float* table, nint rowStride, float* panel)
    {
        const int Width = PackedPanels.Width;
        float* block = stackalloc float[Width * Width];
        for (int input = 0; input < inputs; input += Width)
        {
            int columns = Math.Min(Width, inputs - input);
            V.Transpose(rows, columns, table + input, rowStride, block, Width);
            float* to = panel + (nint)input * Width;
            for (int i = 0; i < columns * Width; i += V.Width)
            {
                (V.Load(to + i) + V.Load(block + i)).Store(to + i);
            }
        }

        for (int row = 0; row < rows; row++)
        {
            new Span<float>(table + row * rowStride, inputs).Clear();
        }
    }
}
