using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using BertGen.Kernels;

namespace BertGen.CompilerServices;

/// <summary>4 floats in a 128-bit register: SSE or NEON.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly unsafe struct V128 : ISimd<V128>, IVectorBits<V128>, IRegister<Vector128<float>>
{
    private readonly Vector128<float> _lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private V128(Vector128<float> lanes) => _lanes = lanes;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static V128 From(Vector128<float> lanes) => new(lanes);

    public static int Width => 4;

    public static int TileColumns => RegisterTiles<Vector128<float>, V128>.Columns;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Broadcast(float value) => new(Vector128.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Load(float* source) => new(Vector128.Load(source));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(float* destination) => _lanes.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator +(V128 left, V128 right) => new(left._lanes + right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator -(V128 left, V128 right) => new(left._lanes - right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator *(V128 left, V128 right) => new(left._lanes * right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 operator /(V128 left, V128 right) => new(left._lanes / right._lanes);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 MultiplyAdd(V128 a, V128 b, V128 c) => new(MultiplyAdd(a._lanes, b._lanes, c._lanes));

    // The native instructions: where exactly one operand is NaN, x86 gives the right one and ARM NaN.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Max(V128 left, V128 right) => new(Vector128.MaxNative(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Min(V128 left, V128 right) => new(Vector128.MinNative(left._lanes, right._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Sqrt(V128 value) => new(Vector128.Sqrt(value._lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Exp(V128 value) => Elementary<V128>.Exp(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Erf(V128 value) => Elementary<V128>.Erf(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Gelu(V128 value) => Elementary<V128>.Gelu(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Tanh(V128 value) => Elementary<V128>.Tanh(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 GeluDerivative(V128 value) => Elementary<V128>.GeluDerivative(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V128 Positive(V128 value) => new(Vector128.GreaterThan(value._lanes, Vector128<float>.Zero) & Vector128.Create(1f));

    // (0 + 2) + (1 + 3).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(V128 value)
    {
        Vector128<float> halves = value._lanes + Vector128.Shuffle(value._lanes, Vector128.Create(2, 3, 0, 1));
        return halves.ToScalar() + halves.GetElement(1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Maximum(V128 value)
    {
        Vector128<float> halves = Vector128.MaxNative(value._lanes, Vector128.Shuffle(value._lanes, Vector128.Create(2, 3, 0, 1)));
        return Vector128.MaxNative(halves, Vector128.Shuffle(halves, Vector128.Create(1, 0, 3, 2))).ToScalar();
    }

    static int IRegister<Vector128<float>>.Width => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> IRegister<Vector128<float>>.Load(float* source) => Vector128.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRegister<Vector128<float>>.Prefetch(byte* address)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch1(address);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> IRegister<Vector128<float>>.Broadcast(float* source) => Vector128.Create(*source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> IRegister<Vector128<float>>.Add(Vector128<float> left, Vector128<float> right) => left + right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static Vector128<float> IRegister<Vector128<float>>.MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) => MultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void IRegister<Vector128<float>>.Store(Vector128<float> value, float* destination) => value.Store(destination);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Fma.IsSupported ? Fma.MultiplyAdd(a, b, c)
        : AdvSimd.IsSupported ? AdvSimd.FusedMultiplyAdd(c, a, b)
        : Vector128.FusedMultiplyAdd(a, b, c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static V128 IVectorBits<V128>.LowBitsToExponent(V128 value) => new((value._lanes.AsInt32() << 23).AsSingle());

    public static void Product(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* bias,
        float* c, nint cStride) =>
        RegisterTiles<Vector128<float>, V128>.Product(rows, columns, k, a, aStride, b, bRowStride, bPanelStride, bias, c, cStride);

    public static void TransposeToPanels(int rows, int columns, float* source, nint sourceStride, float* panels) =>
        Transposes.ToPanels(rows, columns, source, sourceStride, panels);

    public static void ProductAdd(
        int rows, int columns, int k,
        float* a, nint aStride,
        float* b, nint bRowStride, nint bPanelStride,
        float* c, nint cStride) =>
        RegisterTiles<Vector128<float>, V128>.ProductAdd(rows, columns, k, a, aStride, b, bRowStride, bPanelStride, c, cStride);

    public static void Transpose(int rows, int columns, float* source, nint sourceStride, float* target, nint targetStride) =>
        Transposes.Transpose(rows, columns, source, sourceStride, target, targetStride);

    public static void TransposePanels(int start, int end, int outputs, int inputs, float* panels, float* transposed) =>
        Transposes.Panels(start, end, outputs, inputs, panels, transposed);

    public static void Dropout(float* row, int columns, ulong seed, uint step, uint site, uint rowNumber, float rate) =>
        DropoutRows<Vector128<ulong>, Lanes128>.Run(row, columns, seed, step, site, rowNumber, rate);
}
