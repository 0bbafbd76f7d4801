using BertGen.CompilerServices;
using BertGen.Tests.Kernels;
using BertGen.Training;

namespace BertGen.Tests.Training;

public sealed unsafe class AdamWTests
{
    private const int Count = 80;

    // Some roundings of weights about 1 and of changes about the learning rate; each step adds its own.
    private const double PerStep = 2e-7;

    [Theory]
    [InlineData(1e-3, 0.01, 0.9, 0.999, 1e-8, 1)]
    [InlineData(0.05, 0, 0.8, 0.95, 1e-6, 1)]
    [InlineData(1e-2, 0.1, 0.9, 0.999, 1e-8, 0.25)]
    public void Steps_follow_the_published_rule(double learningRate, double weightDecay, double beta1, double beta2, double epsilon, double scale)
    {
        var settings = new AdamWStep(1, learningRate, weightDecay, beta1, beta2, epsilon, scale);
        using AlignedFloats weights = AlignedFloats.Random(Count, 1), first = Zeros(), second = Zeros(), gradients = Zeros();
        double[] p = [.. weights.Span.ToArray().Select(value => (double)value)], m = new double[Count], v = new double[Count];
        for (int step = 1; step <= 10; step++)
        {
            using AlignedFloats drawn = AlignedFloats.Random(Count, 10 + step);
            drawn.Span.CopyTo(gradients.Span);
            AdamWStep now = settings with { Step = step };
            AdamW<V256>.Update(Count, weights.Pointer, gradients.Pointer, first.Pointer, second.Pointer, in now, now.LearningRate, now.WeightDecay);
            for (int i = 0; i < Count; i++)
            {
                double g = drawn.Span[i] * now.GradientScale;
                p[i] *= 1 - now.LearningRate * now.WeightDecay;
                m[i] = now.Beta1 * m[i] + (1 - now.Beta1) * g;
                v[i] = now.Beta2 * v[i] + (1 - now.Beta2) * g * g;
                double denominator = Math.Sqrt(v[i]) / Math.Sqrt(1 - Math.Pow(now.Beta2, step)) + now.Epsilon;
                p[i] -= now.LearningRate / (1 - Math.Pow(now.Beta1, step)) * m[i] / denominator;
                Assert.Equal(p[i], weights.Span[i], PerStep * step * Math.Max(1, Math.Abs(p[i])));
            }

            Assert.All(gradients.Span.ToArray(), gradient => Assert.Equal(0, gradient));
        }
    }

    [Fact]
    public void Every_width_gives_the_same_bits()
    {
        Assert.Equal(AfterSteps<V256>(), AfterSteps<V128>());
        Assert.Equal(AfterSteps<V256>(), AfterSteps<V512>());
    }

    [Fact]
    public void Zeros_stay_zeros()
    {
        using AlignedFloats weights = Zeros(), gradients = Zeros(), first = Zeros(), second = Zeros();
        AdamW<V256>.Update(Count, weights.Pointer, gradients.Pointer, first.Pointer, second.Pointer, new AdamWStep(1, 0.1, 0.1), 0.1, 0.1);
        Assert.All(weights.Span.ToArray(), weight => Assert.Equal(0, weight));
    }

    private static float[] AfterSteps<V>() where V : struct, ISimd<V>
    {
        using AlignedFloats weights = AlignedFloats.Random(Count, 1), first = Zeros(), second = Zeros();
        for (int step = 1; step <= 5; step++)
        {
            using AlignedFloats gradients = AlignedFloats.Random(Count, 10 + step);
            AdamW<V>.Update(Count, weights.Pointer, gradients.Pointer, first.Pointer, second.Pointer, new AdamWStep(step, 0, 0), 1e-2, 0.01);
        }

        return [.. weights.Span, .. first.Span, .. second.Span];
    }

    private static AlignedFloats Zeros()
    {
        var floats = new AlignedFloats(Count);
        floats.Span.Clear();
        return floats;
    }
}
