using System.Collections.Concurrent;
using BertGen.Models.Tests.Torch;

namespace BertGen.Models.Tests.Oracles;

/// <summary>libtorch's error in every output of a case: from libtorch itself where it loads, else from what it once wrote.</summary>
internal sealed class PeerErrors
{
    private static readonly ConcurrentDictionary<string, Lazy<PeerErrors>> s_cases = new();
    private readonly IReadOnlyDictionary<string, double> _errors;

    private PeerErrors(string source, IEnumerable<(string Output, double Error)> errors) =>
        (Source, _errors) = (source, errors.GroupBy(one => one.Output).ToDictionary(output => output.Key, output => output.Max(one => one.Error)));

    /// <summary>Which oracle this came from, for the test's output.</summary>
    public string Source { get; }

    /// <summary>The largest error of an output, over all texts of the case.</summary>
    public double this[string output] => _errors[output];

    /// <summary>Skips the test where libtorch does not load and the case has no fixture.</summary>
    public static PeerErrors Of(OracleCase oracle)
    {
        if (!OracleCase.All.Contains(oracle))
        {
            Machine.RequireTorch();
        }

        return s_cases.GetOrAdd(oracle.Name, _ => new(() => TorchLibrary.IsAvailable ? FromLibtorch(oracle) : FromFixture(oracle))).Value;
    }

    public static PeerErrors FromLibtorch(OracleCase oracle)
    {
        using TorchModel torch = new(oracle.Declaration, oracle.Weights);
        IReadOnlyList<ModelResult> results = torch.Run(oracle.Inputs);
        return new("libtorch", oracle.Exact.Zip(results).SelectMany(text =>
            text.First.Outputs.Zip(text.Second.Outputs, (exact, peer) => (exact.Name, Agreement.Error(exact.Values, peer.Values)))));
    }

    public static PeerErrors FromFixture(OracleCase oracle)
    {
        Fixture fixture = Fixture.Read(oracle);
        return new("libtorch's fixture", oracle.Exact.Zip(fixture.Texts).SelectMany(text =>
            text.First.Outputs.Select(output => (output.Name, Agreement.Error(Fixture.Sample(output.Values), text.Second[output.Name])))));
    }
}
