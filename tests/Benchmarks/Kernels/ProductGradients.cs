using System.Runtime.CompilerServices;
using BertGen.CompilerServices;

namespace BertGen.Benchmarks;

/// <summary>Backward products of one matrix, written by hand as the compiler lowers them.</summary>
internal sealed unsafe class ProductGradients<V>(int tokens, int inputs, int outputs) : IDisposable where V : struct, ISimd<V>
{
    private const int TokenBlock = 512;
    private const int Width = PackedPanels.Width;
    private const int GatheredColumns = 4 * Width;

    private readonly nint _xStride = Stride(inputs), _dyStride = Stride(outputs);
    private readonly Floats _x = new(tokens * Stride(inputs), 0.01f);
    private readonly Floats _dy = new(tokens * Stride(outputs), 0.01f);
    private readonly Floats _dx = new(tokens * Stride(inputs), 0);
    private readonly Floats _weights = new((nint)inputs * PackedPanels.RoundUp(outputs), 0.01f);
    private readonly Floats _gradients = new((nint)inputs * PackedPanels.RoundUp(outputs), 0);
    private readonly Floats _transposed = new((nint)PackedPanels.RoundUp(inputs) * outputs, 0);
    private readonly Floats _xBlock = new((nint)inputs * Stride(TokenBlock), 0);
    private readonly Floats _dyPanels = new(TokenBlock * GatheredColumns, 0);
    private readonly Floats _zeros = new(PackedPanels.RoundUp(inputs), 0);

    public void OfWeights()
    {
        nint blockStride = Stride(TokenBlock);
        for (int token = 0; token < tokens; token += TokenBlock)
        {
            int count = Math.Min(TokenBlock, tokens - token);
            V.Transpose(count, inputs, _x.Pointer + (token * _xStride), _xStride, _xBlock.Pointer, blockStride);
            for (int column = 0; column < outputs; column += GatheredColumns)
            {
                int columns = Math.Min(GatheredColumns, outputs - column);
                Gather(count, columns, _dy.Pointer + (token * _dyStride) + column);
                for (int i = 0; i < columns; i += Width)
                {
                    V.ProductAdd(inputs, Width, count, _xBlock.Pointer, blockStride, _dyPanels.Pointer + (i * TokenBlock), Width, 0, _gradients.Pointer + ((nint)(column + i) * inputs), Width);
                }
            }
        }
    }

    // Rows of a matrix are far apart: read in place, each step of a product would wait for the page tables.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Gather(int count, int columns, float* dy)
    {
        for (nint i = 0; i < count; i++)
        {
            for (nint j = 0; j < columns; j += V.Width)
            {
                V.Load(dy + (i * _dyStride) + j).Store(_dyPanels.Pointer + (j / Width * TokenBlock * Width) + (i * Width) + (j % Width));
            }
        }
    }

    public void OfInputs()
    {
        const int Rows = 128;
        int padded = PackedPanels.RoundUp(inputs);
        V.TransposePanels(0, padded / Width, outputs, inputs, _weights.Pointer, _transposed.Pointer);
        for (int token = 0; token < tokens; token += Rows)
        {
            for (int column = 0; column < padded; column += V.TileColumns)
            {
                V.Product(
                    Math.Min(Rows, tokens - token), Math.Min(V.TileColumns, padded - column), outputs,
                    _dy.Pointer + (token * _dyStride), _dyStride, _transposed.Pointer + ((nint)column * outputs), Width, (nint)Width * outputs,
                    _zeros.Pointer + column, _dx.Pointer + (token * _xStride) + column, _xStride);
            }
        }
    }

    public void Dispose()
    {
        foreach (Floats floats in (Floats[])[_x, _dy, _dx, _weights, _gradients, _transposed, _xBlock, _dyPanels, _zeros])
        {
            floats.Dispose();
        }
    }

    // As the compiler lays out activations.
    private static nint Stride(int columns)
    {
        nint padded = PackedPanels.RoundUp(columns);
        return padded % 1024 == 0 ? padded + Width : padded;
    }
}
