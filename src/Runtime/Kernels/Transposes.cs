using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BertGen.CompilerServices;

namespace BertGen.Kernels;

/// <summary>Transposes: what was a row becomes a column. They move bits only, so every width gives the same.</summary>
internal static unsafe class Transposes
{
    // Floats in a cache line.
    private const int Line = 16;

    /// <inheritdoc cref="ISimd{TSelf}.TransposeToPanels"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToPanels(int rows, int columns, float* source, nint sourceStride, float* panels)
    {
        int block = Avx.IsSupported ? 8 : Sse.IsSupported || AdvSimd.Arm64.IsSupported ? 4 : 1;
        for (int row = 0; row < rows; row += block)
        {
            float* panel = panels + (nint)(row / PackedPanels.Width * PackedPanels.Width) * columns + row % PackedPanels.Width;
            if (rows - row < block)
            {
                block = 1;
            }

            for (int column = 0; column < columns; column += block)
            {
                float* from = source + row * sourceStride + column;
                float* to = panel + column * PackedPanels.Width;
                switch (block)
                {
                    case 8: Block8(from, sourceStride, to, PackedPanels.Width); break;
                    case 4: Block4(from, sourceStride, to, PackedPanels.Width); break;
                    default: *to = *from; break;
                }
            }
        }

        for (int row = rows; row % PackedPanels.Width != 0; row++)
        {
            float* panel = panels + (nint)(row / PackedPanels.Width * PackedPanels.Width) * columns + row % PackedPanels.Width;
            for (int column = 0; column < columns; column++)
            {
                panel[column * PackedPanels.Width] = 0;
            }
        }
    }

    /// <inheritdoc cref="ISimd{TSelf}.Transpose"/>
    /// <remarks>16 columns at a time, a cache line of each source row: each line is read once, and 16 lines of the target are filled one after another.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transpose(int rows, int columns, float* source, nint sourceStride, float* target, nint targetStride)
    {
        int column = 0;
        for (; column < columns; column += Line)
        {
            int width = Math.Min(Line, columns - column), row = 0;
            float* from = source + column, to = target + column * targetStride;
            if (Avx.IsSupported && width == Line)
            {
                for (; row <= rows - 8; row += 8)
                {
                    Block8(from + row * sourceStride, sourceStride, to + row, targetStride);
                    Block8(from + row * sourceStride + 8, sourceStride, to + 8 * targetStride + row, targetStride);
                }
            }

            if (Sse.IsSupported || AdvSimd.Arm64.IsSupported)
            {
                for (; row <= rows - 4; row += 4)
                {
                    int i = 0;
                    for (; i <= width - 4; i += 4)
                    {
                        Block4(from + row * sourceStride + i, sourceStride, to + i * targetStride + row, targetStride);
                    }

                    Elements(row, row + 4, i, width, from, sourceStride, to, targetStride);
                }
            }

            Elements(row, rows, 0, width, from, sourceStride, to, targetStride);
        }
    }

    /// <inheritdoc cref="ISimd{TSelf}.TransposePanels"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panels(int start, int end, int outputs, int inputs, float* panels, float* transposed)
    {
        const int Width = PackedPanels.Width;
        for (int panel = start; panel < end; panel++)
        {
            int rows = Math.Min(Width, inputs - panel * Width);
            float* from = panels + panel * Width * Width;
            float* to = transposed + (nint)panel * outputs * Width;
            for (int output = 0; output < outputs; output += Width, from += (nint)inputs * Width, to += Width * Width)
            {
                if (rows < Width)
                {
                    new Span<float>(to, Width * Width).Clear();
                }

                Transpose(rows, Width, from, Width, to, Width);
            }
        }
    }

    private static void Elements(int row, int rowEnd, int column, int columnEnd, float* source, nint sourceStride, float* target, nint targetStride)
    {
        for (; row < rowEnd; row++)
        {
            for (int i = column; i < columnEnd; i++)
            {
                target[i * targetStride + row] = source[row * sourceStride + i];
            }
        }
    }

    // Pairs of rows are interleaved, then pairs of pairs, then the 128-bit halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block8(float* from, nint stride, float* to, nint toStride)
    {
        Vector256<float> r0 = Avx.LoadVector256(from), r1 = Avx.LoadVector256(from + stride);
        Vector256<float> r2 = Avx.LoadVector256(from + 2 * stride), r3 = Avx.LoadVector256(from + 3 * stride);
        from += 4 * stride;
        Vector256<float> r4 = Avx.LoadVector256(from), r5 = Avx.LoadVector256(from + stride);
        Vector256<float> r6 = Avx.LoadVector256(from + 2 * stride), r7 = Avx.LoadVector256(from + 3 * stride);
        Vector256<float> p0 = Avx.UnpackLow(r0, r1), p1 = Avx.UnpackHigh(r0, r1), p2 = Avx.UnpackLow(r2, r3), p3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> p4 = Avx.UnpackLow(r4, r5), p5 = Avx.UnpackHigh(r4, r5), p6 = Avx.UnpackLow(r6, r7), p7 = Avx.UnpackHigh(r6, r7);
        r0 = Avx.Shuffle(p0, p2, 0x44);
        r1 = Avx.Shuffle(p0, p2, 0xEE);
        r2 = Avx.Shuffle(p1, p3, 0x44);
        r3 = Avx.Shuffle(p1, p3, 0xEE);
        r4 = Avx.Shuffle(p4, p6, 0x44);
        r5 = Avx.Shuffle(p4, p6, 0xEE);
        r6 = Avx.Shuffle(p5, p7, 0x44);
        r7 = Avx.Shuffle(p5, p7, 0xEE);
        Avx.Store(to, Avx.Permute2x128(r0, r4, 0x20));
        Avx.Store(to + toStride, Avx.Permute2x128(r1, r5, 0x20));
        Avx.Store(to + 2 * toStride, Avx.Permute2x128(r2, r6, 0x20));
        Avx.Store(to + 3 * toStride, Avx.Permute2x128(r3, r7, 0x20));
        to += 4 * toStride;
        Avx.Store(to, Avx.Permute2x128(r0, r4, 0x31));
        Avx.Store(to + toStride, Avx.Permute2x128(r1, r5, 0x31));
        Avx.Store(to + 2 * toStride, Avx.Permute2x128(r2, r6, 0x31));
        Avx.Store(to + 3 * toStride, Avx.Permute2x128(r3, r7, 0x31));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block4(float* from, nint stride, float* to, nint toStride)
    {
        Vector128<float> r0 = Vector128.Load(from), r1 = Vector128.Load(from + stride);
        Vector128<float> r2 = Vector128.Load(from + 2 * stride), r3 = Vector128.Load(from + 3 * stride);
        // r0 and r2, r1 and r3 interleaved; interleaving the results gives the columns.
        Vector128<float> low02 = ZipLow(r0, r2), high02 = ZipHigh(r0, r2), low13 = ZipLow(r1, r3), high13 = ZipHigh(r1, r3);
        ZipLow(low02, low13).Store(to);
        ZipHigh(low02, low13).Store(to + toStride);
        ZipLow(high02, high13).Store(to + 2 * toStride);
        ZipHigh(high02, high13).Store(to + 3 * toStride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipLow(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right) : AdvSimd.Arm64.ZipLow(left, right);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> ZipHigh(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right) : AdvSimd.Arm64.ZipHigh(left, right);
}
