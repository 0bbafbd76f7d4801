using System.Runtime.CompilerServices;
using BertGen.CompilerServices;

namespace BertGen.Training;

/// <summary>Numbers of one step of AdamW (Loshchilov and Hutter, 2019, "Decoupled weight decay regularization").</summary>
/// <param name="Step">Number of the step, from 1.</param>
/// <param name="LearningRate">Learning rate of this step.</param>
/// <param name="WeightDecay">Share of a weight, times the learning rate, that each step takes away.</param>
/// <param name="Beta1">Decay of the first moments.</param>
/// <param name="Beta2">Decay of the second moments.</param>
/// <param name="Epsilon">Added to the root of the second moment.</param>
/// <param name="GradientScale">What gradients are multiplied by first: 1, or less where their norm is clipped.</param>
internal readonly record struct AdamWStep(long Step, double LearningRate, double WeightDecay, double Beta1 = 0.9, double Beta2 = 0.999, double Epsilon = 1e-8, double GradientScale = 1);

/// <summary>AdamW over a range in one pass: each gradient is read once, used and set to 0.</summary>
/// <remarks>
/// g = scale · gradient; p = (1 - rate · decay) · p; m = m + (1 - β1)(g - m); v = β2 v + (1 - β2) g²;
/// p = p - rate / (1 - β1^t) · m / (√v / √(1 - β2^t) + ε).
/// Elements do not meet, so every width gives the same bits. Where gradient, moments and weight are 0, as in padding, they stay so.
/// </remarks>
internal static unsafe class AdamW<V> where V : struct, ISimd<V>
{
    /// <summary>Updates <paramref name="count"/> weights, a multiple of 16, in place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Update(nint count, float* weights, float* gradients, float* firstMoments, float* secondMoments, in AdamWStep step, double learningRate, double weightDecay)
    {
        V scale = V.Broadcast((float)step.GradientScale);
        V keep = V.Broadcast((float)(1 - learningRate * weightDecay));
        V take1 = V.Broadcast((float)(1 - step.Beta1)), keep2 = V.Broadcast((float)step.Beta2), take2 = V.Broadcast((float)(1 - step.Beta2));
        V rate = V.Broadcast((float)(-learningRate / (1 - Math.Pow(step.Beta1, step.Step))));
        V rootScale = V.Broadcast((float)(1 / Math.Sqrt(1 - Math.Pow(step.Beta2, step.Step))));
        V epsilon = V.Broadcast((float)step.Epsilon), zero = V.Broadcast(0);
        for (nint i = 0; i < count; i += V.Width)
        {
            V g = V.Load(gradients + i) * scale;
            V m = V.Load(firstMoments + i);
            m = V.MultiplyAdd(g - m, take1, m);
            V v = V.MultiplyAdd(g * take2, g, V.Load(secondMoments + i) * keep2);
            V change = m / V.MultiplyAdd(V.Sqrt(v), rootScale, epsilon);
            V.MultiplyAdd(rate, change, V.Load(weights + i) * keep).Store(weights + i);
            m.Store(firstMoments + i);
            v.Store(secondMoments + i);
            zero.Store(gradients + i);
        }
    }
}
