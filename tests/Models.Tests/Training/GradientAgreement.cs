namespace BertGen.Models.Tests.Training;

/// <summary>How far a gradient may be from the exact one: a ten-thousandth of its own norm, or of a millionth of the norm of all gradients where its own is smaller.</summary>
/// <remarks>
/// A bias that adds the same to all inputs of a softmax changes nothing: a key's, those of starts and ends of answers, and below these, where nothing else
/// learns, the last layer normalization's. Their gradients are sums that are zero in theory and rounding in practice: they are compared with the terms of
/// those sums, which the gradient of the weight beside the bias has the size of.
/// </remarks>
internal static class GradientAgreement
{
    public const double Share = 1e-4;
    public const double LeastShareOfGlobalNorm = 1e-6;
    private const double DoubleRounding = 1e-13;
    private const string Bias = ".bias";

    /// <summary>Of each gradient the error as a multiple of what is allowed; above 1 is a failure. The worst comes first.</summary>
    public static IReadOnlyList<(double Ratio, string Where)> Compare(GradientOracle oracle, IReadOnlyDictionary<string, double[]> ours)
    {
        Assert.Equal(oracle.Names.Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        return [.. oracle.Names.Select(name => Compare(oracle, name, ours[name])).OrderByDescending(one => one.Ratio)];
    }

    /// <summary>A bias whose gradient is zero in theory: in double precision it is nothing but rounding.</summary>
    public static bool CancelsOut(GradientOracle oracle, string name) => name.EndsWith(Bias, StringComparison.Ordinal) && oracle.NormOf(name) < DoubleRounding * oracle.GlobalNorm;

    private static (double Ratio, string Where) Compare(GradientOracle oracle, string name, double[] ours)
    {
        double error = oracle.Error(name, ours);
        double norm = oracle.NormOf(CancelsOut(oracle, name) && oracle.Names.Contains(WeightBeside(name)) ? WeightBeside(name) : name);
        double allowed = Share * Math.Max(norm, LeastShareOfGlobalNorm * oracle.GlobalNorm);
        string where = $"{name}: error {error:E2}, allowed {allowed:E2} (norm {oracle.NormOf(name):E2}, all {oracle.GlobalNorm:E2}, by {oracle.Source})";

        // A weight that no loss reaches: nothing allowed, nothing wrong.
        return (error == 0 ? 0 : error / allowed, where);
    }

    private static string WeightBeside(string bias) => string.Concat(bias.AsSpan(0, bias.Length - Bias.Length), ".weight");
}
