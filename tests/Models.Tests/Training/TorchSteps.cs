using BertGen.Models.Tests.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BertGen.Models.Tests.Training;

/// <summary>Steps of TorchSharp's AdamW in double precision, dropout off.</summary>
internal static class TorchSteps
{
    /// <summary>The loss of each step, before its update.</summary>
    public static double[] Losses(TrainingCase one)
    {
        using TorchModel model = new(one.Declaration, one.Weights, ScalarType.Float64);
        using AdamW adamW = new(
        [
            new AdamW.ParamGroup(model.Weights.Where(weight => Decays(weight.Key)).Select(weight => weight.Value), weight_decay: StepSettings.WeightDecay),
            new AdamW.ParamGroup(model.Weights.Where(weight => !Decays(weight.Key)).Select(weight => weight.Value), weight_decay: 0),
        ]);
        double[] losses = new double[StepSettings.Count];
        for (int step = 1; step <= losses.Length; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            losses[step - 1] = TorchGradients.Of(one, model).Loss;
            nn.utils.clip_grad_norm_(model.Weights.Values.Where(weight => weight.grad is not null), StepSettings.MaxGradientNorm);
            foreach (var group in adamW.ParamGroups)
            {
                group.LearningRate = StepSettings.LearningRate(step);
            }

            adamW.step();
        }

        return losses;
    }

    private static bool Decays(string name) => !name.EndsWith("bias", StringComparison.Ordinal) && !name.Contains("LayerNorm", StringComparison.Ordinal);
}
