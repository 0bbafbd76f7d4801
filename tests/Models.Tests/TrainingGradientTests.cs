using BertGen.CompilerServices;
using BertGen.Models.Tests.Training;

namespace BertGen.Models.Tests;

/// <summary>The compiled backward pass against libtorch's autograd: every weight's gradient, for each head, on batches of mixed lengths.</summary>
public sealed class TrainingGradientTests
{
    // A loss is a sum of some hundred logarithms of sums in single precision.
    private const double LossTolerance = 1e-5;

    // Chunks change the order in which terms are added, and nothing else.
    private const double ChunkTolerance = 1e-5;

    public static TheoryData<string, SimdWidth, int> Cases
    {
        get
        {
            TheoryData<string, SimdWidth, int> data = [];
            foreach (TrainingCase one in TrainingCase.All)
            {
                data.Add(one.Name, SimdWidth.Vector128, 1);
                data.Add(one.Name, SimdWidth.Vector256, 1);
                data.Add(one.Name, SimdWidth.Vector256, 2);
                if (one.IsTiny || SimdWidths.Best == SimdWidth.Vector512)
                {
                    // Without AVX-512 the runtime emulates it, a hundred times slower.
                    data.Add(one.Name, SimdWidth.Vector512, 1);
                }
            }

            return data;
        }
    }

    public static TheoryData<string> Names => [.. TrainingCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_gradient_is_libtorchs(string name, SimdWidth width, int workers)
    {
        TrainingCase one = TrainingCase.Named(name);
        GradientOracle oracle = GradientOracle.Of(one);
        using TrainingUnderTest model = TrainingUnderTest.Load(one);
        CompiledGradients ours = model.Run(width, workers);

        IReadOnlyList<(double Ratio, string Where)> gradients = GradientAgreement.Compare(oracle, PackedGradients.Unpack(model.Definition, ours.Arena, out _));
        TestContext.Current.TestOutputHelper?.WriteLine($"Loss {ours.Loss:G9}, {oracle.Source}: {oracle.Loss:G9}. Worst: {gradients[0].Ratio:F3} of the tolerance at {gradients[0].Where}");
        Assert.True(gradients[0].Ratio <= 1, string.Join('\n', gradients.TakeWhile(gradient => gradient.Ratio > 1).Take(12).Select(gradient => $"{gradient.Ratio:F2} × the tolerance at {gradient.Where}")));
        Assert.InRange(Math.Abs(ours.Loss / oracle.Loss - 1), 0, LossTolerance);
    }

    // Padding is multiplied as if it were weights: it must stay zero, and an optimizer moves what has a gradient.
    [Theory]
    [MemberData(nameof(Names))]
    public void Padding_has_no_gradient(string name)
    {
        TrainingCase one = TrainingCase.Named(name);
        using TrainingUnderTest model = TrainingUnderTest.Load(one);
        CompiledGradients ours = model.Run(SimdWidths.Best);
        PackedGradients.Unpack(model.Definition, ours.Arena, out IReadOnlyList<int> padding);
        Assert.All(padding, place => Assert.Equal(0, ours.Arena[place]));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_workers_give_the_bits_of_one(string name)
    {
        TrainingCase one = TrainingCase.Named(name);
        using TrainingUnderTest model = TrainingUnderTest.Load(one);
        CompiledGradients alone = model.Run(SimdWidths.Best), together = model.Run(SimdWidths.Best, workers: 2), three = model.Run(SimdWidths.Best, workers: 3);
        Assert.Equal(alone.Arena, together.Arena);
        Assert.Equal(alone.Arena, three.Arena);
        Assert.Equal(alone.Loss, together.Loss);
    }

    [Theory]
    [InlineData("all heads")]
    [InlineData("pretraining")]
    [InlineData("frame tags")]
    [InlineData("bag masks")]
    public void Chunks_add_up_to_the_step(string name)
    {
        TrainingCase one = TrainingCase.Named(name);
        using TrainingUnderTest model = TrainingUnderTest.Load(one);
        CompiledGradients whole = model.Run(SimdWidths.Best), parts = model.Run(SimdWidths.Best, cuts: [1, 2]);
        Dictionary<string, double[]> sums = PackedGradients.Unpack(model.Definition, parts.Arena, out _);
        double global = GradientOracle.Norm([.. whole.Arena.Select(value => (double)value)]);
        foreach ((string weight, double[] values) in PackedGradients.Unpack(model.Definition, whole.Arena, out _))
        {
            double error = GradientOracle.Norm([.. values.Zip(sums[weight], (right, value) => value - right)]);
            Assert.True(error <= ChunkTolerance * Math.Max(GradientOracle.Norm(values), 1e-2 * global), $"{weight}: {error:E2} of {GradientOracle.Norm(values):E2}");
        }

        Assert.Equal(whole.Losses, parts.Losses);
    }

    [Theory]
    [InlineData("all heads", 0)]
    [InlineData("all heads", 1)]
    [InlineData("all heads", 2)]
    [InlineData("frame tags", 1)]
    public void Frozen_layers_get_no_gradient_and_the_others_their_own(string name, int frozen)
    {
        TrainingCase one = TrainingCase.Named(name);
        using TrainingUnderTest model = TrainingUnderTest.Load(one);
        Dictionary<string, double[]> free = PackedGradients.Unpack(model.Definition, model.Run(SimdWidths.Best).Arena, out _);
        Dictionary<string, double[]> some = PackedGradients.Unpack(model.Definition, model.Run(SimdWidths.Best, frozenLayers: frozen).Arena, out _);
        foreach ((string weight, double[] values) in some)
        {
            bool isFrozen = weight.StartsWith("bert.embeddings.", StringComparison.Ordinal)
                || Enumerable.Range(0, frozen).Any(layer => weight.StartsWith($"bert.encoder.layer.{layer}.", StringComparison.Ordinal));
            if (!isFrozen)
            {
                Assert.Equal(free[weight], values);
            }
            else if (weight != Declarations.PublishedTensors.WordEmbeddings || !one.Heads.Contains("cls.predictions"))
            {
                // Tied to the decoder, the word embeddings still get what the decoder wants.
                Assert.All(values, value => Assert.Equal(0, value));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Hits_are_where_the_largest_logit_is_right(string name)
    {
        Machine.RequireTorch();
        TrainingCase one = TrainingCase.Named(name);
        using TrainingUnderTest model = TrainingUnderTest.Load(one);
        IReadOnlyDictionary<string, float[]> ours = model.Run(SimdWidths.Best).Hits;
        foreach ((string head, float[] hits) in TorchGradients.Of(one).Hits)
        {
            Assert.Equal(hits, ours[head]);
        }
    }
}
