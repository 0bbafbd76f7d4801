using BertGen.Models.Tests.Declarations;
using BertGen.Models.Tests.Oracles;
using BertGen.Models.Tests.Reference;
using BertGen.Models.Tests.TestModels;
using BertGen.Models.Tests.Torch;
using BertGen.Models.Tests.Weights;

namespace BertGen.Models.Tests;

/// <summary>The reference in double precision and libtorch were written apart; they agree to the rounding of single precision.</summary>
public sealed class TwoOraclesTests
{
    // Single precision's unit roundoff is 6e-8; sums of a few hundred terms through a few peaked layers amplify it by some tens.
    private const double SinglePrecision = 2e-5;

    [Theory]
    [InlineData(typeof(OddModel))]
    [InlineData(typeof(CrookedModel))]
    [InlineData(typeof(ReluModel))]
    [InlineData(typeof(FrameModel))]
    [InlineData(typeof(BagModel))]
    public void Reference_and_libtorch_agree(Type type)
    {
        Machine.RequireTorch();
        ModelDeclaration model = ModelDeclaration.Of(type);
        Checkpoint weights = RandomWeights.For(model, seed: 1);
        IReadOnlyList<ModelInput> batch = RandomInputs.Batch(model, [7, 3, 20, 2, 13], seed: 3);

        using TorchModel torch = new(model, weights);
        IReadOnlyList<ModelResult> peers = torch.Run(batch);
        ReferenceModel reference = new(model, weights);
        for (int text = 0; text < batch.Count; text++)
        {
            foreach (((string name, double[] exact), (string peerName, double[] peer)) in reference.Run(batch[text]).Outputs.Zip(peers[text].Outputs))
            {
                Assert.Equal(name, peerName);
                double error = Agreement.Error(exact, peer);
                TestContext.Current.SendDiagnosticMessage($"{type.Name} text {text} {name}: error {error:E2} of {Agreement.Largest(exact):E2}");
                Assert.True(error <= SinglePrecision * Math.Max(1, Agreement.Largest(exact)), $"{type.Name} text {text} {name}: error {error:E2} of {Agreement.Largest(exact):E2}");
            }
        }
    }
}
