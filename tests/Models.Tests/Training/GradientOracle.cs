using System.Collections.Concurrent;
using BertGen.Models.Tests.Oracles;
using BertGen.Models.Tests.Torch;

namespace BertGen.Models.Tests.Training;

/// <summary>What a case's loss and gradients are: from libtorch where it loads, else from what it once wrote.</summary>
/// <remarks>
/// A fixture keeps of every gradient its norm and its sums under some rows of random signs. The sum of an error under random signs is on average as large as
/// the error's norm (its mean square is the norm's square), whichever elements are wrong, so that a few numbers stand for all.
/// </remarks>
internal sealed class GradientOracle
{
    private static readonly ConcurrentDictionary<string, Lazy<GradientOracle>> s_cases = new();
    private readonly IReadOnlyDictionary<string, double> _norms;
    private readonly Func<string, double[], double> _error;

    public GradientOracle(string source, double loss, IReadOnlyDictionary<string, double> norms, Func<string, double[], double> error)
    {
        (Source, Loss, _norms, _error) = (source, loss, norms, error);
        GlobalNorm = Math.Sqrt(norms.Values.Sum(norm => norm * norm));
    }

    /// <summary>Which oracle this came from, for the test's output.</summary>
    public string Source { get; }

    public double Loss { get; }

    /// <summary>Norm of all gradients together.</summary>
    public double GlobalNorm { get; }

    public IEnumerable<string> Names => _norms.Keys;

    public static GradientOracle Of(TrainingCase one) =>
        s_cases.GetOrAdd(one.Name, _ => new(() => TorchLibrary.IsAvailable ? Of(TorchGradients.Of(one)) : GradientFixture.Read(one).ToOracle())).Value;

    public static GradientOracle Of(TorchGradients exact) => new(
        "libtorch in double precision",
        exact.Loss,
        exact.Gradients.ToDictionary(gradient => gradient.Key, gradient => Norm(gradient.Value)),
        (name, values) => Norm([.. exact.Gradients[name].Zip(values, (right, value) => value - right)]));

    /// <summary>Norm of a weight's gradient.</summary>
    public double NormOf(string name) => _norms[name];

    /// <summary>Norm of the difference to the right gradient.</summary>
    public double Error(string name, double[] values) => values.All(double.IsFinite) ? _error(name, values) : double.PositiveInfinity;

    public static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
