using BertGen.CompilerServices;
using BertGen.Data;
using BertGen.Models.Tests.Declarations;
using BertGen.Models.Tests.Oracles;
using BertGen.Models.Tests.Training;
using BertGen.Models.Tests.Weights;
using BertGen.Training;

namespace BertGen.Models.Tests;

/// <summary>Ten optimizer steps against libtorch: the means over labels, chunks, clipping, AdamW and the copies of tied weights, for each head.</summary>
public sealed class TrainingStepTests
{
    private const double Tolerance = 1e-4;

    // Some cases' texts take several chunks of this size.
    private const int ChunkTokens = 70;

    public static TheoryData<string, SimdWidth, int> Cases
    {
        get
        {
            TheoryData<string, SimdWidth, int> data = [];
            foreach (TrainingCase one in TrainingCase.All)
            {
                data.Add(one.Name, SimdWidth.Vector256, 1);
                data.Add(one.Name, SimdWidth.Vector256, 2);
                if (one.IsTiny)
                {
                    data.Add(one.Name, SimdWidth.Vector128, 1);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Losses_of_ten_steps_are_libtorchs(string name, SimdWidth width, int threads)
    {
        TrainingCase one = TrainingCase.Named(name);
        (string source, double[] exact) = TorchLibrary.IsAvailable ? ("libtorch in double precision", TorchSteps.Losses(one)) : ("libtorch's fixture", GradientFixture.Read(one).StepLosses);
        double[] ours = Losses(one, width, threads);
        TestContext.Current.TestOutputHelper?.WriteLine($"{source}: {string.Join(' ', exact.Select(loss => $"{loss:G7}"))}\nours: {string.Join(' ', ours.Select(loss => $"{loss:G7}"))}");
        Assert.All(ours.Zip(exact), (pair, step) => Assert.True(Math.Abs(pair.First / pair.Second - 1) <= Tolerance, $"Step {step + 1}: {pair.First:G9}, by {source} {pair.Second:G9}."));

        // A loss that stays where it is would say nothing about the optimizer.
        Assert.InRange(exact[^1], 0, exact[0] * (1 - 10 * Tolerance));
    }

    private static double[] Losses(TrainingCase one, SimdWidth width, int threads)
    {
        using CheckpointFolder folder = CheckpointFolder.Write(one.Declaration, one.Weights);
        ModelOptions load = new() { Threads = threads, SimdWidth = width };
        using Model model = one.Model.GetMethod("Load", [typeof(string), typeof(ModelOptions)])!.CreateDelegate<Func<string, ModelOptions?, Model>>()(folder.Path, load);
        TrainingOptions options = new()
        {
            HiddenDropout = 0,
            AttentionDropout = 0,
            WeightDecay = StepSettings.WeightDecay,
            MaxGradientNorm = StepSettings.MaxGradientNorm,
            ChunkTokens = Math.Max(ChunkTokens, one.Lengths.Max()),
        };
        using TrainingSession session = new(model.Loaded, options);
        LossWeights weights = new(model.Loaded.Definition, one.Targets.Select(targets =>
            new HeadLearning(IndexOf(model, targets), targets.HeadWeight, targets.ClassWeights, targets.Smoothing)));
        EncodedExample[] examples = [.. one.Lengths.Select((_, text) => Example(one, model, text))];
        Assert.All(examples, session.Check);
        return [.. Enumerable.Range(1, StepSettings.Count).Select(step => session.Step(step, examples, weights, StepSettings.LearningRate(one, step), CancellationToken.None).Loss)];
    }

    private static int IndexOf(Model model, RowTargets targets) => model.Loaded.HeadIndex(targets.Head.TensorName);

    private static EncodedExample Example(TrainingCase one, Model model, int text)
    {
        ModelInput input = one.Inputs[text];
        int first = one.Offsets[text];
        return new EncodedExample
        {
            Ids = input.InputIds,
            TypeIds = input.TokenTypeIds,
            Vectors = input.Vectors,
            TokenCount = one.Lengths[text],
            Selected = [.. one.Selected.Where(token => token >= first && token < one.Offsets[text + 1]).Select(token => token - first)],
            Targets = [.. one.Targets.Select(targets => Target(one, model, targets, text))],
        };
    }

    private static HeadTarget Target(TrainingCase one, Model model, RowTargets targets, int text)
    {
        (int first, int end) = (RowTargets.RowOf(one, targets.Head, text), RowTargets.RowOf(one, targets.Head, text + 1));
        int classes = targets.Head.Task == HeadTask.Answers ? 2 : 1, values = targets.Values.Length / targets.Weights.Length;
        return new HeadTarget(
            IndexOf(model, targets),
            targets.Classes.Length == 0 ? [] : [.. Enumerable.Range(first * classes, (end - first) * classes).Select(i => targets.Weights[i / classes] == 0 ? -1 : targets.Classes[i])],
            targets.Values[(first * values)..(end * values)]);
    }
}
