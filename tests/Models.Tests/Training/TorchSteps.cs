using BertGen.Models.Tests.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BertGen.Models.Tests.Training;

/// <summary>Steps of AdamW (Loshchilov and Hutter, 2019) in libtorch's double precision, dropout off.</summary>
internal static class TorchSteps
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    /// <summary>The loss of each step, before its update.</summary>
    public static double[] Losses(TrainingCase one)
    {
        using DisposeScope scope = NewDisposeScope();
        using TorchModel model = new(one.Declaration, one.Weights, ScalarType.Float64);
        Dictionary<string, (Tensor First, Tensor Second)> moments = model.Weights.ToDictionary(weight => weight.Key, weight => (zeros(weight.Value.shape, float64), zeros(weight.Value.shape, float64)));
        double[] losses = new double[StepSettings.Count];
        for (int step = 1; step <= losses.Length; step++)
        {
            losses[step - 1] = TorchGradients.Of(one, model).Loss;
            Parameter[] learning = [.. model.Weights.Values.Where(weight => weight.grad is not null)];
            nn.utils.clip_grad_norm_(learning, StepSettings.MaxGradientNorm);
            double rate = StepSettings.LearningRate(one, step);
            foreach ((string name, Parameter weight) in model.Weights)
            {
                if (weight.grad is { } gradient)
                {
                    Update(weight, gradient, moments[name].First, moments[name].Second, step, rate, Decays(name) ? StepSettings.WeightDecay : 0);
                }
            }
        }

        return losses;
    }

    private static void Update(Parameter weight, Tensor gradient, Tensor first, Tensor second, int step, double rate, double decay)
    {
        using IDisposable gradients = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Scalar keep1 = Beta1, new1 = 1 - Beta1, keep2 = Beta2, new2 = 1 - Beta2, shrink = 1 - rate * decay, one = 1;
        Tensor epsilon = tensor(Epsilon, float64);
        Scalar correction = 1 / Math.Sqrt(1 - Math.Pow(Beta2, step)), move = -rate / (1 - Math.Pow(Beta1, step));
        first.mul_(keep1).add_(gradient, new1);
        second.mul_(keep2).addcmul_(gradient, gradient, new2);
        weight.mul_(shrink).addcdiv_(first, second.sqrt().mul_(correction).add_(epsilon, one), move);
        foreach (Scalar scalar in (Scalar[])[keep1, new1, keep2, new2, shrink, one, correction, move])
        {
            // Alive until libtorch has read it.
            GC.KeepAlive(scalar);
        }
    }

    private static bool Decays(string name) => !name.EndsWith("bias", StringComparison.Ordinal) && !name.Contains("LayerNorm", StringComparison.Ordinal);
}
