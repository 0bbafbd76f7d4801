using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace BertGen.Training;

/// <summary>Sums of squares in double precision.</summary>
internal static unsafe class SquareSums
{
    /// <summary>Sum of the squares of <paramref name="count"/> floats, a multiple of 16.</summary>
    /// <remarks>
    /// The square of a float is exact in a double, so only the order of the sums counts: 16 of them, element i in sum i % 16, added up pair by pair.
    /// 128-bit vectors give every machine that order; memory is slower than they are. The result is finite if and only if all elements are.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(float* values, nint count)
    {
        Vector128<double> s0 = default, s1 = default, s2 = default, s3 = default, s4 = default, s5 = default, s6 = default, s7 = default;
        for (nint i = 0; i < count; i += 16)
        {
            (Vector128<double> low, Vector128<double> high) = Vector128.Widen(Vector128.Load(values + i));
            s0 += low * low;
            s1 += high * high;
            (low, high) = Vector128.Widen(Vector128.Load(values + i + 4));
            s2 += low * low;
            s3 += high * high;
            (low, high) = Vector128.Widen(Vector128.Load(values + i + 8));
            s4 += low * low;
            s5 += high * high;
            (low, high) = Vector128.Widen(Vector128.Load(values + i + 12));
            s6 += low * low;
            s7 += high * high;
        }

        Vector128<double> sum = s0 + s1 + (s2 + s3) + (s4 + s5 + (s6 + s7));
        return sum.GetElement(0) + sum.GetElement(1);
    }
}
