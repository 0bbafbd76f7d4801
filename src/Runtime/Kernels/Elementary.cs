using System.Runtime.CompilerServices;
using BertGen.CompilerServices;

namespace BertGen.Kernels;

/// <summary>Elementary functions of a vector, without branches, written once for every width.</summary>
/// <remarks>
/// Polynomials are evaluated in pairs of terms, not term after term: the processor can only look so far ahead for other work while a long chain waits.
/// The coefficients are minimax fits of this project over the stated range, then moved by a few last places to suit rounded arithmetic and to reach 1 at the range's end; the tests measure the errors.
/// </remarks>
internal static class Elementary<V> where V : struct, ISimd<V>, IVectorBits<V>
{
    // Adding it moves the integer part of a small number into the lowest bits, and 126 more than it: the exponent of 2^(n - 1).
    private const float RoundToExponent = 12582912f + 126f;

    /// <summary>e^x. Results below 1.7e-38 are 0, above the largest float infinity; NaN stays NaN.</summary>
    /// <remarks>
    /// x = n ln 2 + r with |r| at most ln 2 / 2; e^x = 2 · (s + s · (r + r² q(r))) with s = 2^(n - 1), whose exponent stays within a float's
    /// where n is 128 and the result still finite.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp(V x)
    {
        x = V.Max(V.Broadcast(-87.3f), V.Min(V.Broadcast(89f), x));
        V shifted = V.MultiplyAdd(x, V.Broadcast(1.44269504f), V.Broadcast(RoundToExponent));
        V n = shifted - V.Broadcast(RoundToExponent);
        V r = V.MultiplyAdd(n, V.Broadcast(-0.69314718246f), x);
        // What a float of ln 2 leaves out; it matters in the linear term alone.
        V linear = V.MultiplyAdd(n, V.Broadcast(1.904654e-9f), r);
        V r2 = r * r;
        V low = V.MultiplyAdd(r, V.Broadcast(1.666652113e-01f), V.Broadcast(4.999999404e-01f));
        V high = V.MultiplyAdd(r, V.Broadcast(8.368735202e-03f), V.Broadcast(4.166838899e-02f));
        high = V.MultiplyAdd(r2, V.Broadcast(1.381455921e-03f), high);
        V p = V.MultiplyAdd(V.MultiplyAdd(high, r2, low), r2, linear);
        V scale = V.LowBitsToExponent(shifted);
        V half = V.MultiplyAdd(p, scale, scale);
        return half + half;
    }

    /// <summary>The error function: x · P(x²) / Q(x²) up to 3.9, beyond which it is 1 in a float's precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf(V x)
    {
        x = V.Max(V.Broadcast(-3.9f), V.Min(V.Broadcast(3.9f), x));
        V z = x * x, z2 = z * z;
        V p = V.MultiplyAdd(Linear(z, 2.066488378e-06f, 2.850625315e-04f), z2, Linear(z, 3.738321597e-03f, 5.266800150e-02f));
        p = V.MultiplyAdd(p, z2, Linear(z, 1.896661818e-01f, 1.128379107e+00f));
        V q = V.MultiplyAdd(Linear(z, 3.827016917e-05f, 1.157372259e-03f), z2, Linear(z, 1.491422672e-02f, 1.138186976e-01f));
        q = V.MultiplyAdd(q, z2, Linear(z, 5.014199615e-01f, 1f));
        return Saturate(x * p / q);
    }

    /// <summary>The hyperbolic tangent: x · P(x²) / Q(x²) up to 9.02, beyond which it is 1 in a float's precision.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh(V x)
    {
        x = V.Max(V.Broadcast(-9.02f), V.Min(V.Broadcast(9.02f), x));
        V z = x * x, z2 = z * z;
        V p = V.MultiplyAdd(V.Broadcast(1.331904986e-08f), z2, Linear(z, 2.058346763e-05f, 3.494033357e-03f));
        p = V.MultiplyAdd(p, z2, Linear(z, 1.337971687e-01f, 1f));
        V q = V.MultiplyAdd(V.Broadcast(7.762009204e-07f), z2, Linear(z, 3.283091064e-04f, 2.587106824e-02f));
        q = V.MultiplyAdd(q, z2, Linear(z, 4.671303332e-01f, 1f));
        return Saturate(x * p / q);
    }

    /// <summary>x / 2 · (1 + erf(x / √2)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Gelu(V x)
    {
        V half = x * V.Broadcast(0.5f);
        return V.MultiplyAdd(half, ErfOfRoot(x), half);
    }

    /// <summary>Φ(x) + x · φ(x) = ½ + ½ erf(x / √2) + x · e^(-x² / 2) / √(2π).</summary>
    /// <remarks>Beyond 13 the density times x is below 1e-35: the limit keeps infinity from meeting 0 there.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V GeluDerivative(V x)
    {
        V half = V.Broadcast(0.5f);
        V y = V.Max(V.Broadcast(-13f), V.Min(V.Broadcast(13f), x));
        V density = Exp(y * y * V.Broadcast(-0.5f)) * V.Broadcast(0.3989422804f);
        return V.MultiplyAdd(y, density, V.MultiplyAdd(half, ErfOfRoot(x), half));
    }

    /// <summary>erf(x / √2), with the scale of x inside the polynomials.</summary>
    /// <remarks>At the end of the range the quotient is exactly 1, so that large negative numbers give 0; within it may pass 1 by a bit, which moves no result by more than rounding does.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ErfOfRoot(V x)
    {
        x = V.Max(V.Broadcast(-5.515433f), V.Min(V.Broadcast(5.515433f), x));
        V z = x * x, z2 = z * z;
        V p = V.MultiplyAdd(Linear(z, 4.566337353e-08f, 1.259810324e-05f), z2, Linear(z, 3.304241109e-04f, 9.310475551e-03f));
        p = V.MultiplyAdd(p, z2, Linear(z, 6.705714017e-02f, 7.978844643e-01f));
        V q = V.MultiplyAdd(Linear(z, 1.195943355e-06f, 7.233574433e-05f), z2, Linear(z, 1.864278922e-03f, 2.845467441e-02f));
        q = V.MultiplyAdd(q, z2, Linear(z, 2.507100105e-01f, 1f));
        return x * p / q;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Linear(V z, float slope, float constant) => V.MultiplyAdd(z, V.Broadcast(slope), V.Broadcast(constant));

    /// <summary>Within ±1, which rounding of the quotient may leave by a bit; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Saturate(V y) => V.Max(V.Broadcast(-1f), V.Min(V.Broadcast(1f), y));
}
