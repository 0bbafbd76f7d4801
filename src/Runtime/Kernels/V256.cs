using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BertGen.Kernels;

namespace BertGen.CompilerServices;

/// <summary>8 floats in a 256-bit register: AVX2 and FMA.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct V256 : ISimd<V256>, IVectorBits<V256>, IRegister<Vector256<float>>
{
    private readonly Vector256<float> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V256(Vector256<float> lanes) => _lanes = lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V256 From(Vector256<float> lanes) => new(lanes);

    public static int Width => 8;

    public static int TileColumns => RegisterTiles<Vector256<float>, V256>.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Broadcast(float value) => new(Vector256.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Load(float* source) => new(Vector256.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator +(V256 left, V256 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator -(V256 left, V256 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator *(V256 left, V256 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 operator /(V256 left, V256 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 MultiplyAdd(V256 a, V256 b, V256 c) => new(MultiplyAdd(a._lanes, b._lanes, c._lanes));

    // The native instructions: where exactly one operand is NaN, x86 gives the right one and ARM NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Max(V256 left, V256 right) => new(Vector256.MaxNative(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Min(V256 left, V256 right) => new(Vector256.MinNative(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Sqrt(V256 value) => new(Vector256.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Exp(V256 value) => Elementary<V256>.Exp(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Erf(V256 value) => Elementary<V256>.Erf(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Gelu(V256 value) => Elementary<V256>.Gelu(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Tanh(V256 value) => Elementary<V256>.Tanh(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 GeluDerivative(V256 value) => Elementary<V256>.GeluDerivative(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V256 Positive(V256 value) => new(Vector256.GreaterThan(value._lanes, Vector256<float>.Zero) & Vector256.Create(1f));

    // Lower half + upper half, then as for 128 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V256 value) => V128.Sum(V128.From(value._lanes.GetLower() + value._lanes.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(V256 value) => V128.Maximum(V128.From(Vector128.MaxNative(value._lanes.GetLower(), value._lanes.GetUpper())));

    static int IRegister<Vector256<float>>.Width => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> IRegister<Vector256<float>>.Load(float* source) => Vector256.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRegister<Vector256<float>>.Prefetch(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> IRegister<Vector256<float>>.Broadcast(float* source) => Vector256.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> IRegister<Vector256<float>>.Add(Vector256<float> left, Vector256<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector256<float> IRegister<Vector256<float>>.MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) => MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRegister<Vector256<float>>.Store(Vector256<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Fma.IsSupported ? Fma.MultiplyAdd(a, b, c) : Vector256.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V256 IVectorBits<V256>.LowBitsToExponent(V256 value) => new((value._lanes.AsInt32() << 23).AsSingle());

    public static void Product(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* bias,
        float* c, nint cStride) =>
        RegisterTiles<Vector256<float>, V256>.Product(rows, columns, k, a, aStride, b, bRowStride, bPanelStride, bias, c, cStride);

    public static void TransposeToPanels(int rows, int columns, float* source, nint sourceStride, float* panels) =>
        Transposes.ToPanels(rows, columns, source, sourceStride, panels);

    public static void ProductAdd(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* c, nint cStride) =>
        RegisterTiles<Vector256<float>, V256>.ProductAdd(rows, columns, k, a, aStride, b, bRowStride, bPanelStride, c, cStride);

    public static void Transpose(int rows, int columns, float* source, nint sourceStride, float* target, nint targetStride) =>
        Transposes.Transpose(rows, columns, source, sourceStride, target, targetStride);

    public static void TransposePanels(int start, int end, int outputs, int inputs, float* panels, float* transposed) =>
        Transposes.Panels(start, end, outputs, inputs, panels, transposed);

    public static void Dropout(float* row, int columns, ulong seed, uint step, uint site, uint rowNumber, float rate) =>
        DropoutRows<Vector256<ulong>, Lanes256>.Run(row, columns, seed, step, site, rowNumber, rate);
}
