using BertGen.CompilerServices;

namespace BertGen.Tests.Kernels;

public sealed unsafe class TransposeTests
{
    [Theory]
    [InlineData(16), InlineData(32), InlineData(48)]
    public void Rows_become_columns_of_panels_and_missing_rows_zeros(int columns)
    {
        for (int rows = 1; rows <= 35; rows++)
        {
            int stride = columns + 3, panels = PackedPanels.RoundUp(rows) / PackedPanels.Width;
            using AlignedFloats source = AlignedFloats.Random(rows * stride, rows);
            using var got = new AlignedFloats(panels * columns * PackedPanels.Width + 1);
            V256.TransposeToPanels(rows, columns, source.Pointer, stride, got.Pointer);
            for (int row = 0; row < panels * PackedPanels.Width; row++)
            {
                for (int column = 0; column < columns; column++)
                {
                    float expected = row < rows ? source.Pointer[row * stride + column] : 0;
                    Assert.Equal(expected, got.Pointer[(row / 16 * columns + column) * 16 + row % 16]);
                }
            }

            Assert.True(float.IsNaN(got.Span[^1]), "Wrote past the panels.");
        }
    }

    [Fact]
    public void Any_number_of_rows_and_columns_is_transposed_and_nothing_else_written()
    {
        int[] sizes = [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 31, 33, 48];
        foreach (int rows in sizes)
        {
            foreach (int columns in sizes)
            {
                int sourceStride = columns + rows % 3, targetStride = rows + 1 + columns % 3;
                using AlignedFloats source = AlignedFloats.Random(rows * sourceStride, rows);
                using var target = new AlignedFloats(columns * targetStride + 1);
                V256.Transpose(rows, columns, source.Pointer, sourceStride, target.Pointer, targetStride);
                for (int i = 0; i < target.Length; i++)
                {
                    (int column, int row) = Math.DivRem(i, targetStride);
                    bool isElement = column < columns && row < rows;
                    Assert.Equal(isElement ? source.Pointer[row * sourceStride + column] : float.NaN, target.Pointer[i]);
                }
            }
        }
    }

    [Theory]
    [InlineData(16, 1), InlineData(16, 16), InlineData(48, 20), InlineData(32, 33), InlineData(64, 47)]
    public void Panels_of_outputs_become_panels_of_inputs(int outputs, int inputs)
    {
        int panels = PackedPanels.RoundUp(inputs) / PackedPanels.Width;
        using AlignedFloats source = AlignedFloats.Random(outputs * inputs, outputs);
        using var whole = new AlignedFloats(panels * outputs * PackedPanels.Width + 1);
        using var one = new AlignedFloats(whole.Length);
        V256.TransposePanels(0, panels, outputs, inputs, source.Pointer, whole.Pointer);
        for (int input = 0; input < panels * PackedPanels.Width; input++)
        {
            for (int output = 0; output < outputs; output++)
            {
                float expected = input < inputs ? source.Pointer[(output / 16 * inputs + input) * 16 + output % 16] : 0;
                Assert.Equal(expected, whole.Pointer[(input / 16 * outputs + output) * 16 + input % 16]);
            }
        }

        Assert.True(float.IsNaN(whole.Span[^1]), "Wrote past the panels.");

        // A share writes its own panels alone.
        int last = panels - 1, start = last * outputs * PackedPanels.Width;
        V256.TransposePanels(last, panels, outputs, inputs, source.Pointer, one.Pointer);
        Assert.True(one.Span[..start].ToArray().All(float.IsNaN));
        Assert.True(one.Span[start..].SequenceEqual(whole.Span[start..]));
    }
}
