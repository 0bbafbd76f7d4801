using BertGen.CompilerServices;

namespace BertGen.Tests.Kernels;

public sealed class Elementary128Tests : ElementaryTests<V128>;

public sealed class Elementary256Tests : ElementaryTests<V256>;

public sealed class Elementary512Tests : ElementaryTests<V512>;

/// <summary>Exp, Erf and Tanh of one width against double precision, over dense sweeps.</summary>
public abstract unsafe class ElementaryTests<V> where V : struct, ISimd<V>
{
    // Polynomial 3e-9, a few rounded steps, and the rounding of x log₂ e away from zero: less than two units in the last place.
    private const double ExpRelative = 2e-7;

    // Below it results are 0: 2^-125 and less have no place in the exponent that is built.
    private const double SmallestExp = 1.7e-38;

    // The quotient of two rounded polynomials: some units in the last place of 1. Products have larger errors.
    private const double ErfAbsolute = 3e-7;
    private const double TanhAbsolute = 3e-7;

    // Half of x times the error of erf, and the rounding of the result.
    private const double GeluPerX = 2.5e-7;

    // Half the error of erf, the rounding of x²/2 under the exponential (up to 2 ulps of x times the density there), and that of the sum.
    private const double GeluDerivativeAbsolute = 4e-7;

    private delegate V Function(V value);

    [Fact]
    public void Exp_is_right_to_the_last_place() => Sweep(V.Exp, Math.Exp, -86.9f, 88.7f, (_, expected) => ExpRelative * expected);

    [Fact]
    public void Exp_is_right_around_zero() => Sweep(V.Exp, Math.Exp, -0.01f, 0.01f, (_, expected) => ExpRelative * expected);

    [Fact]
    public void Small_results_of_exp_are_zero() => Sweep(V.Exp, Math.Exp, -200f, -86.9f, (_, _) => SmallestExp);

    [Fact]
    public void Erf_is_right_to_a_few_units_of_one() => Sweep(V.Erf, Erf, -6f, 6f, (_, _) => ErfAbsolute);

    [Fact]
    public void Erf_is_proportional_near_zero() => Sweep(V.Erf, Erf, 1e-30f, 1e-3f, (_, expected) => ErfAbsolute * expected);

    [Fact]
    public void Tanh_is_right_to_a_few_units_of_one() => Sweep(V.Tanh, Math.Tanh, -12f, 12f, (_, _) => TanhAbsolute);

    [Fact]
    public void Tanh_is_proportional_near_zero() => Sweep(V.Tanh, Math.Tanh, 1e-30f, 1e-3f, (_, expected) => TanhAbsolute * expected);

    [Fact]
    public void Gelu_is_right_in_proportion_to_its_argument() => Sweep(V.Gelu, Gelu, -12f, 12f, (x, _) => GeluPerX * Math.Abs(x));

    [Fact]
    public void Gelu_of_large_negative_numbers_is_zero() => Assert.Equal([0, 0, 1000, float.PositiveInfinity, float.NaN], Apply(V.Gelu, [-6, -1000, 1000, float.PositiveInfinity, float.NaN]));

    [Fact]
    public void Derivative_of_gelu_is_right() => Sweep(V.GeluDerivative, GeluDerivative, -15f, 15f, (_, _) => GeluDerivativeAbsolute);

    [Fact]
    public void Derivative_of_gelu_is_1_or_0_far_out() =>
        Assert.Equal([0, 0, 0, 0.5f, 1, 1, 1, float.NaN], Apply(V.GeluDerivative, [float.NegativeInfinity, -1000, -15, 0, 15, 1000, float.PositiveInfinity, float.NaN]), (x, y) => x.Equals(y) || Math.Abs(x - y) < GeluDerivativeAbsolute);

    [Fact]
    public void Positive_is_1_above_0() =>
        Assert.Equal([0, 0, 0, 0, 1, 1, 1, 0], Apply(V.Positive, [float.NegativeInfinity, -1, -0f, 0, float.Epsilon, 1, float.PositiveInfinity, float.NaN]));

    [Fact]
    public void Extremes()
    {
        float[] inputs = [float.NegativeInfinity, float.MinValue, -1000, 0, -0f, float.Epsilon, 88.8f, 1000, float.MaxValue, float.PositiveInfinity, float.NaN];
        Assert.Equal([0, 0, 0, 1, 1, 1, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity, float.NaN], Apply(V.Exp, inputs));
        Assert.Equal([-1, -1, -1, 0, -0f, (float)Erf(float.Epsilon), 1, 1, 1, 1, float.NaN], Apply(V.Erf, inputs));
        Assert.Equal([-1, -1, -1, 0, -0f, float.Epsilon, 1, 1, 1, 1, float.NaN], Apply(V.Tanh, inputs));
    }

    [Fact]
    public void Lanes_are_summed_in_halves()
    {
        // Numbers of different size, so that another order gives other bits.
        using AlignedFloats lanes = AlignedFloats.Random(V.Width, 5);
        for (int i = 0; i < V.Width; i++)
        {
            lanes.Span[i] *= MathF.Pow(10, i % 5);
        }

        float[] sums = lanes.Span.ToArray();
        for (int half = V.Width / 2; half >= 1; half /= 2)
        {
            for (int i = 0; i < half; i++)
            {
                sums[i] += sums[i + half];
            }
        }

        Assert.Equal(sums[0], V.Sum(V.Load(lanes.Pointer)));
    }

    [Fact]
    public void The_largest_lane_is_found_wherever_it_is()
    {
        for (int i = 0; i < V.Width; i++)
        {
            using AlignedFloats lanes = AlignedFloats.Random(V.Width, 6);
            lanes.Span[i] = 100 + i;
            Assert.Equal(100 + i, V.Maximum(V.Load(lanes.Pointer)));
        }
    }

    [Fact]
    public void Arithmetic_is_that_of_floats()
    {
        using AlignedFloats a = AlignedFloats.Random(V.Width, 1), b = AlignedFloats.Random(V.Width, 2), c = AlignedFloats.Random(V.Width, 3);
        Check((x, y, z) => x + y, (x, y, z) => x + y);
        Check((x, y, z) => x - y, (x, y, z) => x - y);
        Check((x, y, z) => x * y, (x, y, z) => x * y);
        Check((x, y, z) => x / y, (x, y, z) => x / y);
        Check((x, y, z) => V.Max(x, y), (x, y, z) => MathF.Max(x, y));
        Check((x, y, z) => V.Min(x, y), (x, y, z) => MathF.Min(x, y));
        Check((x, y, z) => V.Sqrt(x * x), (x, y, z) => MathF.Sqrt(x * x));
        Check(V.MultiplyAdd, MathF.FusedMultiplyAdd);
        Check((x, y, z) => V.Broadcast(3), (x, y, z) => 3);

        void Check(Func<V, V, V, V> vector, Func<float, float, float, float> scalar)
        {
            using var got = new AlignedFloats(V.Width);
            vector(V.Load(a.Pointer), V.Load(b.Pointer), V.Load(c.Pointer)).Store(got.Pointer);
            for (int i = 0; i < V.Width; i++)
            {
                Assert.Equal(scalar(a.Span[i], b.Span[i], c.Span[i]), got.Span[i]);
            }
        }
    }

    private static void Sweep(Function function, Func<double, double> reference, float from, float to, Func<double, double, double> tolerance)
    {
        int points = V.Width == 16 ? 40_000 : 400_000;
        var inputs = new float[points];
        for (int i = 0; i < points; i++)
        {
            inputs[i] = (float)(from + ((double)to - from) * i / (points - 1));
        }

        float[] got = Apply(function, inputs);
        for (int i = 0; i < points; i++)
        {
            double expected = reference(inputs[i]);
            if (!(Math.Abs(got[i] - expected) <= tolerance(inputs[i], expected)))
            {
                Assert.Fail($"f({inputs[i]:R}) = {got[i]:R}, expected {expected:R}");
            }
        }
    }

    private static float[] Apply(Function function, float[] inputs)
    {
        using var buffer = new AlignedFloats((inputs.Length + V.Width - 1) / V.Width * V.Width);
        inputs.CopyTo(buffer.Span);
        for (int i = 0; i < inputs.Length; i += V.Width)
        {
            function(V.Load(buffer.Pointer + i)).Store(buffer.Pointer + i);
        }

        return buffer.Span[..inputs.Length].ToArray();
    }

    private static double GeluDerivative(double x) => 0.5 * (1 + Erf(x / Math.Sqrt(2))) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double Gelu(double x) => x / 2 * (1 + Erf(x / Math.Sqrt(2)));

    // 2/√π · e^(-x²) · Σ 2ⁿ x^(2n+1) / (2n+1)!!: only terms of one sign.
    private static double Erf(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
