namespace BertGen;

/// <summary>How well one label, tag or kind of entity was found.</summary>
/// <param name="Label">Its name.</param>
/// <param name="Precision">The share of what was found that is right; 0 where nothing was found.</param>
/// <param name="Recall">The share of what there is that was found; 0 where there is none.</param>
/// <param name="F1">The harmonic mean of both; 0 where both are 0.</param>
/// <param name="Support">How often it is right.</param>
public sealed record LabelMetrics(string Label, double Precision, double Recall, double F1, int Support)
{
    /// <summary>Whether it was ever right or found: only then it counts in a mean over labels.</summary>
    internal bool Occurs { get; private init; }

    internal static LabelMetrics Of(string label, int correct, int found, int support) =>
        new(label, Ratio(correct, found), Ratio(correct, support), HarmonicMean(correct, found, support), support) { Occurs = found > 0 || support > 0 };

    /// <summary>The mean F1 over the labels that occur; 0 where none does.</summary>
    internal static double MacroF1(IReadOnlyList<LabelMetrics> labels) =>
        labels.Where(label => label.Occurs).Select(label => label.F1).DefaultIfEmpty(0).Average();

    internal static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    // 2PR / (P + R), of counts.
    internal static double HarmonicMean(int correct, int found, int support) => Ratio(2 * correct, found + support);
}
