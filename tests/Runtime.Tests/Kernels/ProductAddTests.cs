using BertGen.CompilerServices;

namespace BertGen.Tests.Kernels;

public sealed class ProductAdd128Tests : ProductAddTests<V128>;

public sealed class ProductAdd256Tests : ProductAddTests<V256>;

public sealed class ProductAdd512Tests : ProductAddTests<V512>;

/// <summary>The product that adds to what is there, of one width.</summary>
public abstract unsafe class ProductAddTests<V> where V : struct, ISimd<V>
{
    // As for the product: half an ulp of the sum of magnitudes a term at most, and the final addition is one more.
    private const double UlpsPerTerm = 6e-8;

    [Theory]
    [InlineData(1, 16, 1), InlineData(1, 64, 5), InlineData(2, 16, 40), InlineData(3, 48, 17), InlineData(6, 16, 128), InlineData(7, 32, 33)]
    [InlineData(13, 16, 256), InlineData(25, 64, 31), InlineData(5, 16, 769), InlineData(4, 32, 1600)]
    public void Adds_the_product_to_what_is_there(int rows, int columns, int k)
    {
        foreach ((int aGap, int bRowStride, int bPanelStride, int cGap) in new[] { (0, 16, 16 * k, 0), (5, columns + 16, 16, 3) })
        {
            int aStride = k + aGap, cStride = columns + cGap, bLength = columns / 16 * bPanelStride + k * bRowStride;
            using AlignedFloats a = AlignedFloats.Random(rows * aStride, 1), b = AlignedFloats.Random(bLength, 2), before = AlignedFloats.Random(rows * cStride, 3);
            using var c = new AlignedFloats(rows * cStride);
            before.Span.CopyTo(c.Span);
            V.ProductAdd(rows, columns, k, a.Pointer, aStride, b.Pointer, bRowStride, bPanelStride, c.Pointer, cStride);
            for (int row = 0; row < rows; row++)
            {
                for (int column = 0; column < cStride; column++)
                {
                    float got = c.Pointer[row * cStride + column], start = before.Pointer[row * cStride + column];
                    if (column >= columns)
                    {
                        Assert.True(got == start, "Wrote past the columns.");
                        continue;
                    }

                    double expected = start, magnitude = Math.Abs(start);
                    for (int i = 0; i < k; i++)
                    {
                        double term = (double)a.Pointer[row * aStride + i] * b.Pointer[column / 16 * bPanelStride + i * bRowStride + column % 16];
                        expected += term;
                        magnitude += Math.Abs(term);
                    }

                    Assert.InRange(got - expected, -UlpsPerTerm * (k + 1) * magnitude, UlpsPerTerm * (k + 1) * magnitude);
                }
            }
        }
    }

    [Fact]
    public void The_sum_of_a_call_is_formed_before_it_is_added()
    {
        // A small sum added to a large number step by step would vanish.
        const int K = 64;
        using var a = new AlignedFloats(K);
        using var b = new AlignedFloats(K * 16);
        using var c = new AlignedFloats(16);
        a.Span.Fill(1);
        b.Span.Fill(1);
        c.Span.Fill(1 << 27);
        V.ProductAdd(1, 16, K, a.Pointer, K, b.Pointer, 16, 16 * K, c.Pointer, 16);
        Assert.All(c.Span.ToArray(), value => Assert.Equal((1 << 27) + K, value));
    }

    [Fact]
    public void Bits_do_not_depend_on_how_rows_and_columns_are_split()
    {
        const int Rows = 23, K = 805;
        int columns = V.TileColumns;
        using AlignedFloats a = AlignedFloats.Random(Rows * K, 1), b = AlignedFloats.Random(columns * K, 2), before = AlignedFloats.Random(Rows * columns, 3);
        using var whole = new AlignedFloats(Rows * columns);
        using var parts = new AlignedFloats(Rows * columns);
        before.Span.CopyTo(whole.Span);
        V.ProductAdd(Rows, columns, K, a.Pointer, K, b.Pointer, 16, 16 * K, whole.Pointer, columns);
        foreach (int size in new[] { 1, 2, 5, 7, 12 })
        {
            before.Span.CopyTo(parts.Span);
            for (int column = 0; column < columns; column += 16)
            {
                for (int row = 0; row < Rows; row += size)
                {
                    V.ProductAdd(Math.Min(size, Rows - row), 16, K, a.Pointer + row * K, K, b.Pointer + column * K, 16, 16 * K, parts.Pointer + row * columns + column, columns);
                }
            }

            Assert.True(whole.Span.SequenceEqual(parts.Span), $"Rows by {size} differ from all at once.");
        }
    }

    [Fact]
    public void Long_sums_and_sums_without_a_bias_use_no_managed_memory()
    {
        // Kernels keep bare pointers: an array that the collector may move or reuse has no place behind them.
        const int K = 800;
        using AlignedFloats a = AlignedFloats.Random(K, 1), b = AlignedFloats.Random(16 * K, 2), c = AlignedFloats.Random(16, 3);
        Run();
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Run()
        {
            V.Product(1, 16, K, a.Pointer, K, b.Pointer, 16, 16 * K, c.Pointer, c.Pointer, 16);
            V.ProductAdd(1, 16, K, a.Pointer, K, b.Pointer, 16, 16 * K, c.Pointer, 16);
        }
    }
}
