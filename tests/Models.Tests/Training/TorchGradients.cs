using BertGen.Models.Tests.Oracles;
using BertGen.Models.Tests.Torch;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BertGen.Models.Tests.Training;

/// <summary>A step's loss, the gradient of every weight and what each head's largest logits were, by libtorch's autograd in double precision.</summary>
/// <param name="Loss">Sum of the weighted losses of all rows.</param>
/// <param name="Gradients">By published name, in published shape.</param>
/// <param name="Hits">By head: for each row of a head with classes 1 where the largest logit is the right one (answers: both ends).</param>
internal sealed record TorchGradients(double Loss, IReadOnlyDictionary<string, double[]> Gradients, IReadOnlyDictionary<string, float[]> Hits)
{
    public static TorchGradients Of(TrainingCase one)
    {
        using TorchModel model = new(one.Declaration, one.Weights, ScalarType.Float64);
        return Of(one, model);
    }

    /// <summary>The same for a model whose weights may have been trained.</summary>
    public static TorchGradients Of(TrainingCase one, TorchModel model)
    {
        using DisposeScope scope = NewDisposeScope();
        TorchOutputs outputs = model.Forward(one.Inputs, one.Targets.Select(targets => targets.Head));
        List<Tensor> losses = [];
        Dictionary<string, float[]> hits = [];
        foreach (RowTargets targets in one.Targets)
        {
            Tensor rows = TorchLosses.Rows(one, targets.Head, outputs.Logits[targets.Head.TensorName]);
            losses.Add(TorchLosses.Of(one, targets, rows).mul(TorchLosses.Weights(targets, rows)).sum());
            if (targets.Classes.Length > 0)
            {
                hits.Add(targets.Head.TensorName, HitsOf(one, targets, rows));
            }
        }

        foreach (Parameter weight in model.Weights.Values)
        {
            weight.grad = null;
        }

        Tensor loss = stack(losses).sum();
        loss.backward();
        return new(loss.item<double>(), model.Weights.ToDictionary(weight => weight.Key, weight => Values(weight.Value)), hits);
    }

    // A weight that no loss reaches has no gradient: zeros.
    private static double[] Values(Parameter weight) => weight.grad is { } gradient ? [.. gradient.contiguous().data<double>()] : new double[weight.numel()];

    private static float[] HitsOf(TrainingCase one, RowTargets targets, Tensor rows)
    {
        if (targets.Head.Task != Declarations.HeadTask.Answers)
        {
            long[] largest = [.. rows.argmax(1).data<long>()];
            return [.. largest.Zip(targets.Classes, (label, right) => label == right ? 1f : 0f)];
        }

        return [.. one.Lengths.Select((length, text) =>
        {
            long[] ends = [.. rows.narrow(0, one.Offsets[text], length).argmax(0).data<long>()];
            return ends[0] == targets.Classes[2 * text] && ends[1] == targets.Classes[2 * text + 1] ? 1f : 0f;
        })];
    }
}
