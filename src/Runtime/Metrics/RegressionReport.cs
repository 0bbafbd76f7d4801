using System.Globalization;

namespace BertGen;

/// <summary>How near scores came to what is right.</summary>
public sealed class RegressionReport
{
    internal RegressionReport(IReadOnlyList<float> actual, IReadOnlyList<float> predicted)
    {
        double[] a = [.. actual.Select(value => (double)value)], p = [.. predicted.Select(value => (double)value)];
        Count = a.Length;
        MeanSquaredError = a.Zip(p, (x, y) => (x - y) * (x - y)).Average();
        Pearson = Correlation(a, p);
        Spearman = Correlation(Ranks(a), Ranks(p));
    }

    /// <summary>Number of texts.</summary>
    public int Count { get; }

    /// <summary>The mean of the squared differences.</summary>
    public double MeanSquaredError { get; }

    /// <summary>Pearson's correlation, -1 to 1: whether the scores lie on a line. NaN where all scores of one side are the same.</summary>
    public double Pearson { get; }

    /// <summary>Spearman's correlation, -1 to 1: whether the scores have the same order; equal scores share the mean of their ranks. NaN where all scores of one side are the same.</summary>
    public double Spearman { get; }

    /// <summary>The report in a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"Pearson {Pearson:F4}, Spearman {Spearman:F4}, mean squared error {MeanSquaredError:F4}, {Count} in all");

    private static double Correlation(double[] a, double[] b)
    {
        double meanA = a.Average(), meanB = b.Average();
        double products = 0, squaresA = 0, squaresB = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i] - meanA, y = b[i] - meanB;
            products += x * y;
            squaresA += x * x;
            squaresB += y * y;
        }

        return products / (Math.Sqrt(squaresA) * Math.Sqrt(squaresB));
    }

    private static double[] Ranks(double[] values)
    {
        int[] order = [.. Enumerable.Range(0, values.Length)];
        Array.Sort((double[])values.Clone(), order);
        double[] ranks = new double[values.Length];
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            while (end < order.Length && values[order[end]] == values[order[start]])
            {
                end++;
            }

            for (int i = start; i < end; i++)
            {
                ranks[order[i]] = (start + end - 1) / 2.0;
            }
        }

        return ranks;
    }
}
