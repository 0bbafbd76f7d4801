using BertGen.CompilerServices;
using BertGen.Generator.Emission;
using BertGen.Generator.Fusion;
using BertGen.Generator.Operators;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>A model computes the same with operators fused and with each a kernel of its own.</summary>
public sealed class FusionTests
{
    /// <summary>Of the largest output. The sums are the same but for their first term: fused, a product begins with its bias; and a kernel of its own rounds to memory where a fused one may multiply and add at once.</summary>
    private const float Tolerance = 1e-5f;

    private const int Seed = 7;

    private static readonly Dictionary<string, (ModelSpec Spec, int[] Lengths)> s_models = new()
    {
        ["odd"] = (TestModels.Model(TestModels.Odd, TestModels.AllHeads), [17, 2, 70, 1]),
        ["ragged"] = (TestModels.Model(TestModels.Ragged with { Activation = Specs.Activation.GeluTanh }, TestModels.AllHeads), [3, 40, 16]),
        ["relu"] = (TestModels.Model(TestModels.Ragged with { Activation = Specs.Activation.Relu }, TestModels.AllHeads), [21]),
        ["frames"] = (TestModels.Model(TestModels.Frames, TestModels.HeadsWithoutText), [50, 2, 19, 1]),
        ["cbow"] = (TestModels.Model(TestModels.Cbow, TestModels.Head(Specs.HeadKind.MaskedLanguageModel)), [1, 9, 4]),
    };

    public static TheoryData<string> Names => [.. s_models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Fused_equals_unfused(string name)
    {
        (ModelSpec spec, int[] lengths) = s_models[name];
        using PassRunner fused = new(CompiledModel.Load(spec), Seed);
        using PassRunner apart = new(CompiledModel.Load(spec, isFused: false), Seed);
        TestTexts texts = TestTexts.Random(fused.Definition.Encoder, Seed, lengths);
        foreach (int workers in new[] { 1, 3 })
        {
            PassResult one = fused.Run(SimdWidth.Vector256, workers, texts), other = apart.Run(SimdWidth.Vector256, workers, texts);
            AssertClose("hidden states", one.Hidden, other.Hidden);
            AssertClose("pooled", one.Pooled, other.Pooled);
            for (int head = 0; head < one.Outputs.Length; head++)
            {
                AssertClose(fused.Definition.Heads[head].TensorName, one.Outputs[head], other.Outputs[head]);
            }
        }
    }

    /// <summary>Otherwise the comparison would be of a plan with itself.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Unfused_leaves_each_operator_a_kernel_of_its_own(string name)
    {
        Kernel[] kernels = [.. ModelCompiler.Run(s_models[name].Spec, isFused: false).Kernels.Kernels];
        Assert.All(kernels, kernel => Assert.True(kernel switch
        {
            AttentionKernel => true,
            DenseKernel dense => dense.Gather is null && dense.Epilogue.IsEmpty && dense.Products.Length == 1,
            _ => kernel.Values.Length == 1,
        }, $"{kernel.Name} has {kernel.Values.Length} operators."));
        Assert.Equal(kernels.Length, kernels.Select(kernel => kernel.Name).Distinct().Count());

        int fused = ModelCompiler.Run(s_models[name].Spec).Kernels.Kernels.Count();
        Assert.True(kernels.Length > fused, $"{kernels.Length} kernels; fused there are {fused}.");
        if (name == "odd")
        {
            Assert.Contains(kernels, kernel => kernel.Values is [{ Operator: LayerNorm }]);
            Assert.Contains(kernels, kernel => kernel.Values is [{ Operator: Activate }]);
            Assert.Contains(kernels, kernel => kernel.Values is [{ Operator: Add }]);
            Assert.Contains(kernels, kernel => kernel.Values is [{ Operator: Gather }]);
            Assert.Contains(kernels, kernel => kernel.Values is [{ Operator: SelectTokens }]);
            Assert.Contains(kernels, kernel => kernel.Values is [{ Operator: Normalize }]);
        }
    }

    private static void AssertClose(string what, float[] fused, float[] apart)
    {
        Assert.Equal(fused.Length, apart.Length);
        float largest = fused.Length == 0 ? 0 : fused.Max(Math.Abs);
        for (int i = 0; i < fused.Length; i++)
        {
            // Written so that NaN fails, but for results that neither has.
            Assert.True(Math.Abs(fused[i] - apart[i]) <= Tolerance * largest || (float.IsNaN(fused[i]) && float.IsNaN(apart[i])), $"{what}[{i}] is {fused[i]} fused and {apart[i]} apart (largest {largest}).");
        }
    }
}
