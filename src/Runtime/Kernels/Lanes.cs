using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace BertGen.Kernels;

/// <summary>2 lanes of 128 bits.</summary>
internal readonly unsafe struct Lanes128 : ILanes<Vector128<ulong>>
{
    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Ascending(uint first) => Vector128.Create((ulong)first) + Vector128.Create(0, 1UL);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Broadcast(uint value) => Vector128.Create(value).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Xor(Vector128<ulong> left, Vector128<ulong> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Multiply(Vector128<ulong> left, Vector128<ulong> right) =>
        Sse2.IsSupported ? Sse2.Multiply(left.AsUInt32(), right.AsUInt32())
        : AdvSimd.IsSupported ? AdvSimd.MultiplyWideningLower(AdvSimd.ExtractNarrowingLower(left), AdvSimd.ExtractNarrowingLower(right))
        : (left & Vector128.Create(0xFFFF_FFFFUL)) * (right & Vector128.Create(0xFFFF_FFFFUL));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> High(Vector128<ulong> value) => value >>> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<ulong> Join(Vector128<ulong> low, Vector128<ulong> high) => Vector128.ConditionalSelect(Vector128.Create(0xFFFF_FFFFUL), low, high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KeepByLow(Vector128<ulong> bits, Vector128<ulong> threshold, float scale, float* values) =>
        Keep(bits.AsInt32() & Vector128.Create(0xFFFF), threshold, scale, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KeepByHigh(Vector128<ulong> bits, Vector128<ulong> threshold, float scale, float* values) =>
        Keep(bits.AsInt32() >>> 16, threshold, scale, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(Vector128<int> random, Vector128<ulong> threshold, float scale, float* values) =>
        (Vector128.Load(values) * scale & Vector128.GreaterThan(random, threshold.AsInt32()).AsSingle()).Store(values);
}

/// <summary>4 lanes of 256 bits.</summary>
internal readonly unsafe struct Lanes256 : ILanes<Vector256<ulong>>
{
    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Ascending(uint first) => Vector256.Create((ulong)first) + Vector256.Create(0, 1, 2, 3UL);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Broadcast(uint value) => Vector256.Create(value).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Xor(Vector256<ulong> left, Vector256<ulong> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Multiply(Vector256<ulong> left, Vector256<ulong> right) =>
        Avx2.IsSupported ? Avx2.Multiply(left.AsUInt32(), right.AsUInt32())
        : Vector256.Create(Lanes128.Multiply(left.GetLower(), right.GetLower()), Lanes128.Multiply(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> High(Vector256<ulong> value) => value >>> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<ulong> Join(Vector256<ulong> low, Vector256<ulong> high) => Vector256.ConditionalSelect(Vector256.Create(0xFFFF_FFFFUL), low, high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KeepByLow(Vector256<ulong> bits, Vector256<ulong> threshold, float scale, float* values) =>
        Keep(bits.AsInt32() & Vector256.Create(0xFFFF), threshold, scale, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KeepByHigh(Vector256<ulong> bits, Vector256<ulong> threshold, float scale, float* values) =>
        Keep(bits.AsInt32() >>> 16, threshold, scale, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(Vector256<int> random, Vector256<ulong> threshold, float scale, float* values) =>
        (Vector256.Load(values) * scale & Vector256.GreaterThan(random, threshold.AsInt32()).AsSingle()).Store(values);
}

/// <summary>8 lanes of 512 bits.</summary>
internal readonly unsafe struct Lanes512 : ILanes<Vector512<ulong>>
{
    public static int Count => 8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Ascending(uint first) => Vector512.Create((ulong)first) + Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7UL);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Broadcast(uint value) => Vector512.Create(value).AsUInt64();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Xor(Vector512<ulong> left, Vector512<ulong> right) => left ^ right;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Multiply(Vector512<ulong> left, Vector512<ulong> right) =>
        Avx512F.IsSupported ? Avx512F.Multiply(left.AsUInt32(), right.AsUInt32())
        : Vector512.Create(Lanes256.Multiply(left.GetLower(), right.GetLower()), Lanes256.Multiply(left.GetUpper(), right.GetUpper()));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> High(Vector512<ulong> value) => value >>> 32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<ulong> Join(Vector512<ulong> low, Vector512<ulong> high) => Vector512.ConditionalSelect(Vector512.Create(0xFFFF_FFFFUL), low, high << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KeepByLow(Vector512<ulong> bits, Vector512<ulong> threshold, float scale, float* values) =>
        Keep(bits.AsInt32() & Vector512.Create(0xFFFF), threshold, scale, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void KeepByHigh(Vector512<ulong> bits, Vector512<ulong> threshold, float scale, float* values) =>
        Keep(bits.AsInt32() >>> 16, threshold, scale, values);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(Vector512<int> random, Vector512<ulong> threshold, float scale, float* values) =>
        (Vector512.Load(values) * scale & Vector512.GreaterThan(random, threshold.AsInt32()).AsSingle()).Store(values);
}
