using BertGen.Models.Tests.Oracles;
using BertGen.Models.Tests.Torch;
using BertGen.Models.Tests.Training;

namespace BertGen.Models.Tests;

/// <summary>The files that stand in for libtorch where it does not load. Under <c>BERTGEN_UPDATE_FIXTURES=1</c> this is the program that writes them.</summary>
public sealed class FixtureTests
{
    // Another processor or thread count rounds sums in another order: some units of single precision.
    private const double SinglePrecision = 2e-5;

    // Gradients are kept in double precision; another order of their sums changes the last digits, and steps carry that on.
    private const double DoublePrecision = 1e-9;

    // Fixtures are for every clone; together they stay small.
    private const long LargestTotalBytes = 600_000;

    public static TheoryData<string> Cases => [.. OracleCase.All.Select(oracle => oracle.Name)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fixture_is_what_libtorch_computes(string name)
    {
        Machine.RequireTorch();
        OracleCase oracle = OracleCase.Named(name);
        using TorchModel torch = new(oracle.Declaration, oracle.Weights);
        Fixture computed = Fixture.From(oracle, torch.Run(oracle.Inputs));
        if (Fixture.IsUpdating)
        {
            computed.Write(oracle);
            return;
        }

        Fixture kept = Fixture.Read(oracle);
        Assert.Equal(computed.Texts.Count, kept.Texts.Count);
        foreach ((IReadOnlyDictionary<string, double[]> fresh, IReadOnlyDictionary<string, double[]> old) in computed.Texts.Zip(kept.Texts))
        {
            foreach ((string output, double[] values) in fresh)
            {
                double error = Agreement.Error(values, old[output]);
                Assert.True(error <= SinglePrecision * Math.Max(1, Agreement.Largest(values)), $"{name}, {output}: differs by {error:E2}.");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fixture_agrees_with_the_reference(string name)
    {
        OracleCase oracle = OracleCase.Named(name);
        foreach ((ModelResult exact, IReadOnlyDictionary<string, double[]> kept) in oracle.Exact.Zip(Fixture.Read(oracle).Texts))
        {
            foreach ((string output, double[] values) in exact.Outputs)
            {
                double error = Agreement.Error(Fixture.Sample(values), kept[output]);
                Assert.True(error <= SinglePrecision * Math.Max(1, Agreement.Largest(values)), $"{name}, {output}: differs by {error:E2}.");
            }
        }
    }

    public static TheoryData<string> TrainingCases => [.. TrainingCase.All.Select(one => one.Name)];

    [Theory]
    [MemberData(nameof(TrainingCases))]
    public void Fixture_is_what_libtorch_differentiates(string name)
    {
        Machine.RequireTorch();
        TrainingCase one = TrainingCase.Named(name);
        TorchGradients computed = TorchGradients.Of(one);
        if (Fixture.IsUpdating)
        {
            GradientFixture.From(one, computed, TorchSteps.Losses(one)).Write(one);
            return;
        }

        GradientFixture fixture = GradientFixture.Read(one);
        Assert.All(fixture.StepLosses.Zip(TorchSteps.Losses(one)), pair => Assert.InRange(Math.Abs(pair.First / pair.Second - 1), 0, DoublePrecision));
        GradientOracle kept = fixture.ToOracle();
        Assert.InRange(Math.Abs(kept.Loss - computed.Loss), 0, DoublePrecision);
        (double ratio, string where) = GradientAgreement.Compare(kept, computed.Gradients)[0];
        Assert.True(ratio <= DoublePrecision / GradientAgreement.Share, $"{name}: {where}");
    }

    [Fact]
    public void Fixtures_are_small() =>
        Assert.InRange(new DirectoryInfo(Path.Combine(AppContext.BaseDirectory, "Fixtures")).EnumerateFiles("*.bin").Sum(file => file.Length), 1, LargestTotalBytes);
}
