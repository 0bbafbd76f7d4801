using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>A vector of floats of one machine width, and the register-tiled product of that width.</summary>
/// <remarks>Generated kernels are written once over this interface; the JIT and the AOT compiler specialize them for each width.
/// Reductions have a fixed order, so that equal inputs give equal bits.</remarks>
/// <typeparam name="TSelf">The vector itself.</typeparam>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe interface ISimd<TSelf> where TSelf : struct, ISimd<TSelf>
{
    /// <summary>Floats in a vector: 4, 8 or 16. A multiple of it is <see cref="PackedPanels.Width"/>.</summary>
    static abstract int Width { get; }

    /// <summary>Columns that one call of <see cref="Product"/> should compute where an epilogue follows on the same tile: a multiple of <see cref="PackedPanels.Width"/>.</summary>
    static abstract int TileColumns { get; }

    static abstract TSelf Broadcast(float value);
    static abstract TSelf Load(float* source);
    void Store(float* destination);

    static abstract TSelf operator +(TSelf left, TSelf right);
    static abstract TSelf operator -(TSelf left, TSelf right);
    static abstract TSelf operator *(TSelf left, TSelf right);
    static abstract TSelf operator /(TSelf left, TSelf right);

    /// <summary>a · b + c with one rounding.</summary>
    static abstract TSelf MultiplyAdd(TSelf a, TSelf b, TSelf c);
    static abstract TSelf Max(TSelf left, TSelf right);
    static abstract TSelf Min(TSelf left, TSelf right);
    static abstract TSelf Sqrt(TSelf value);
    static abstract TSelf Exp(TSelf value);
    static abstract TSelf Erf(TSelf value);
    static abstract TSelf Tanh(TSelf value);

    /// <summary>x / 2 · (1 + erf(x / √2)).</summary>
    static abstract TSelf Gelu(TSelf value);

    /// <summary>Φ(x) + x · φ(x), the derivative of <see cref="Gelu"/>, with the normal distribution Φ and its density φ.</summary>
    static abstract TSelf GeluDerivative(TSelf value);

    /// <summary>1 where the lane is greater than 0, else 0 (NaN too): the derivative of max(x, 0).</summary>
    static abstract TSelf Positive(TSelf value);

    /// <summary>Sum of the lanes, in a fixed order.</summary>
    static abstract float Sum(TSelf value);

    /// <summary>Largest lane.</summary>
    static abstract float Maximum(TSelf value);

    /// <summary>c = a · b + bias for <paramref name="rows"/> rows and <paramref name="columns"/> columns.</summary>
    /// <remarks>
    /// a [rows, k] with row stride <paramref name="aStride"/>; c [rows, columns] with row stride <paramref name="cStride"/>;
    /// b in panels of 16 columns: element (i, j) is b[(j / 16) * bPanelStride + i * bRowStride + j % 16].
    /// bias [columns] starts every sum; each sum runs over k in order, one rounding a step, whatever the tile;
    /// beyond 768 terms equal parts of k are summed so, the later ones from zero, and added up in order.
    /// <paramref name="columns"/> is a multiple of 16. Panels are taken one after another, all rows of each.
    /// </remarks>
    static abstract void Product(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* bias,
        float* c, nint cStride);

    /// <summary>Rows into the panels of a product's right-hand side: the keys of an attention head, [tokens, headSize], become [tokens / 16][headSize][16].</summary>
    /// <remarks>
    /// source [rows, columns] with row stride <paramref name="sourceStride"/>; panels [rows / 16, rounded up][columns][16]:
    /// element (row, column) goes to panels[(row / 16 * columns + column) * 16 + row % 16]. Missing rows of the last panel are zeros.
    /// <paramref name="columns"/> is a multiple of 16.
    /// </remarks>
    static abstract void TransposeToPanels(int rows, int columns, float* source, nint sourceStride, float* panels);

    /// <summary>c += a · b for <paramref name="rows"/> rows and <paramref name="columns"/> columns: gradients of weights.</summary>
    /// <remarks>
    /// Operands as <see cref="Product"/> has them. Each sum of the call runs over k in order from zero, one rounding a step, and is then added to c;
    /// beyond 768 terms equal parts of k are summed so and added to c one after another. Where c's columns lie in panels, one call computes one panel.
    /// </remarks>
    static abstract void ProductAdd(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* c, nint cStride);

    /// <summary>target[column · targetStride + row] = source[row · sourceStride + column] for any number of rows and columns; nothing else is written.</summary>
    static abstract void Transpose(int rows, int columns, float* source, nint sourceStride, float* target, nint targetStride);

    /// <summary>Panels of a matrix's outputs into panels of its inputs: the right-hand side of dx = dy · W.</summary>
    /// <remarks>
    /// panels [outputs / 16][inputs][16] become transposed [inputs / 16, rounded up][outputs][16]: element (output, input) goes to
    /// transposed[(input / 16 * outputs + output) * 16 + input % 16]. Missing inputs of the last panel are zeros.
    /// <paramref name="outputs"/> is a multiple of 16. Only the panels of inputs from <paramref name="start"/> to before <paramref name="end"/> are written.
    /// </remarks>
    static abstract void TransposePanels(int start, int end, int outputs, int inputs, float* panels, float* transposed);

    /// <summary>Sets elements of a row to 0 with probability <paramref name="rate"/> and multiplies the others by 1 / (1 - rate), in place.</summary>
    /// <remarks>
    /// Whether an element stays is a function of seed, step, site, row number and column alone, the same for every width and machine:
    /// 16 bits of Philox4x32-10 decide, so the probability is the rate rounded to a multiple of 1/65,536. A dropped element is 0 whatever it was, a kept NaN stays.
    /// </remarks>
    /// <param name="row">The row's first element.</param>
    /// <param name="columns">Number of elements; none behind them is written.</param>
    /// <param name="seed">Key of the random numbers.</param>
    /// <param name="step">Number of the optimizer's step.</param>
    /// <param name="site">Number of the place in the model.</param>
    /// <param name="rowNumber">Number of the row in the step.</param>
    /// <param name="rate">At least 0, less than 1; 0 leaves everything as it is.</param>
    static abstract void Dropout(float* row, int columns, ulong seed, uint step, uint site, uint rowNumber, float rate);
}
