using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using BertGen.Kernels;

namespace BertGen.CompilerServices;

/// <summary>16 floats in a 512-bit register: AVX-512.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct V512 : ISimd<V512>, IVectorBits<V512>, IRegister<Vector512<float>>
{
    private readonly Vector512<float> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V512(Vector512<float> lanes) => _lanes = lanes;

    public static int Width => 16;

    public static int TileColumns => RegisterTiles<Vector512<float>, V512>.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Broadcast(float value) => new(Vector512.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Load(float* source) => new(Vector512.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator +(V512 left, V512 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator -(V512 left, V512 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator *(V512 left, V512 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 operator /(V512 left, V512 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 MultiplyAdd(V512 a, V512 b, V512 c) => new(MultiplyAdd(a._lanes, b._lanes, c._lanes));

    // The native instructions: where exactly one operand is NaN, x86 gives the right one and ARM NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Max(V512 left, V512 right) => new(Vector512.MaxNative(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Min(V512 left, V512 right) => new(Vector512.MinNative(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Sqrt(V512 value) => new(Vector512.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Exp(V512 value) => Elementary<V512>.Exp(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Erf(V512 value) => Elementary<V512>.Erf(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Gelu(V512 value) => Elementary<V512>.Gelu(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Tanh(V512 value) => Elementary<V512>.Tanh(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 GeluDerivative(V512 value) => Elementary<V512>.GeluDerivative(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V512 Positive(V512 value) => new(Vector512.GreaterThan(value._lanes, Vector512<float>.Zero) & Vector512.Create(1f));

    // Lower half + upper half, then as for 256 bits.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V512 value) => V256.Sum(V256.From(value._lanes.GetLower() + value._lanes.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(V512 value) => V256.Maximum(V256.From(Vector256.MaxNative(value._lanes.GetLower(), value._lanes.GetUpper())));

    static int IRegister<Vector512<float>>.Width => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> IRegister<Vector512<float>>.Load(float* source) => Vector512.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRegister<Vector512<float>>.Prefetch(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> IRegister<Vector512<float>>.Broadcast(float* source) => Vector512.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> IRegister<Vector512<float>>.Add(Vector512<float> left, Vector512<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector512<float> IRegister<Vector512<float>>.MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) => MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRegister<Vector512<float>>.Store(Vector512<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Avx512F.IsSupported ? Avx512F.FusedMultiplyAdd(a, b, c) : Vector512.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V512 IVectorBits<V512>.LowBitsToExponent(V512 value) => new((value._lanes.AsInt32() << 23).AsSingle());

    public static void Product(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* bias,
        float* c, nint cStride) =>
        RegisterTiles<Vector512<float>, V512>.Product(rows, columns, k, a, aStride, b, bRowStride, bPanelStride, bias, c, cStride);

    public static void TransposeToPanels(int rows, int columns, float* source, nint sourceStride, float* panels) =>
        Transposes.ToPanels(rows, columns, source, sourceStride, panels);

    public static void ProductAdd(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* c, nint cStride) =>
        RegisterTiles<Vector512<float>, V512>.ProductAdd(rows, columns, k, a, aStride, b, bRowStride, bPanelStride, c, cStride);

    public static void Transpose(int rows, int columns, float* source, nint sourceStride, float* target, nint targetStride) =>
        Transposes.Transpose(rows, columns, source, sourceStride, target, targetStride);

    public static void TransposePanels(int start, int end, int outputs, int inputs, float* panels, float* transposed) =>
        Transposes.Panels(start, end, outputs, inputs, panels, transposed);

    public static void Dropout(float* row, int columns, ulong seed, uint step, uint site, uint rowNumber, float rate) =>
        DropoutRows<Vector512<ulong>, Lanes512>.Run(row, columns, seed, step, site, rowNumber, rate);
}
