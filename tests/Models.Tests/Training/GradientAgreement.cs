namespace BertGen.Models.Tests.Training;

/// <summary>How far a gradient may be from the exact one: a ten-thousandth of its own norm, or of a millionth of the norm of all gradients where its own is smaller.</summary>
/// <remarks>
/// A key's bias adds the same to all scores of a query and the softmax takes it out again; so do the biases of starts and ends of answers. Their gradients are
/// sums that are zero in theory and rounding in practice: they are compared with the terms of those sums, which the gradient of the matrix has the size of.
/// </remarks>
internal static class GradientAgreement
{
    public const double Share = 1e-4;
    public const double LeastShareOfGlobalNorm = 1e-6;

    /// <summary>Of each gradient the error as a multiple of what is allowed; above 1 is a failure. The worst comes first.</summary>
    public static IReadOnlyList<(double Ratio, string Where)> Compare(GradientOracle oracle, IReadOnlyDictionary<string, double[]> ours)
    {
        Assert.Equal(oracle.Names.Order(StringComparer.Ordinal), ours.Keys.Order(StringComparer.Ordinal));
        return [.. oracle.Names.Select(name => Compare(oracle, name, ours[name])).OrderByDescending(one => one.Ratio)];
    }

    /// <summary>A bias whose gradient is zero in theory.</summary>
    public static bool IsZeroInTheory(string name) => name.EndsWith("attention.self.key.bias", StringComparison.Ordinal) || name == "qa_outputs.bias";

    private static (double Ratio, string Where) Compare(GradientOracle oracle, string name, double[] ours)
    {
        double error = oracle.Error(name, ours);
        double norm = oracle.NormOf(IsZeroInTheory(name) ? name.Replace(".bias", ".weight", StringComparison.Ordinal) : name);
        double allowed = Share * Math.Max(norm, LeastShareOfGlobalNorm * oracle.GlobalNorm);
        string where = $"{name}: error {error:E2}, allowed {allowed:E2} (norm {oracle.NormOf(name):E2}, all {oracle.GlobalNorm:E2}, by {oracle.Source})";

        // A weight that no loss reaches: nothing allowed, nothing wrong.
        return (error == 0 ? 0 : error / allowed, where);
    }
}
