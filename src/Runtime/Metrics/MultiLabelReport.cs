using System.Globalization;

namespace BertGen;

/// <summary>How well all labels of texts were found.</summary>
public sealed class MultiLabelReport
{
    internal MultiLabelReport(IReadOnlyList<LabelMetrics> labels, int count, int exact, double microF1, float threshold)
    {
        Labels = labels;
        Count = count;
        ExactMatch = LabelMetrics.Ratio(exact, count);
        MicroF1 = microF1;
        MacroF1 = LabelMetrics.MacroF1(labels);
        Threshold = threshold;
    }

    /// <summary>Number of texts.</summary>
    public int Count { get; }

    /// <summary>The probability from which on a label counted as said.</summary>
    public float Threshold { get; }

    /// <summary>The share of texts all of whose labels, and no others, were said.</summary>
    public double ExactMatch { get; }

    /// <summary>F1 over all labels of all texts together.</summary>
    public double MicroF1 { get; }

    /// <summary>The mean F1 of the labels that are right or were said at least once, each counting the same.</summary>
    public double MacroF1 { get; }

    /// <summary>Precision, recall, F1 and support of each label, in the order of the enum.</summary>
    public IReadOnlyList<LabelMetrics> Labels { get; }

    /// <summary>The report as a table.</summary>
    public override string ToString()
    {
        TextTable table = new(["", "precision", "recall", "F1", "support"]);
        foreach (LabelMetrics label in Labels)
        {
            table.Add(label);
        }

        string head = string.Create(CultureInfo.InvariantCulture, $"micro F1 {MicroF1:F4}, macro F1 {MacroF1:F4}, exact match {ExactMatch:F4}, {Count} in all, threshold {Threshold:G3}");
        return $"{head}\n\n{table}";
    }
}

/// <summary>Collects what a <see cref="MultiLabelReport"/> says.</summary>
internal sealed class MultiLabelTally(IReadOnlyList<string> labels, float threshold)
{
    private readonly int[] _correct = new int[labels.Count];
    private readonly int[] _found = new int[labels.Count];
    private readonly int[] _support = new int[labels.Count];
    private int _count;
    private int _exact;

    /// <summary>Adds a text: what is right and how probable the model finds each label.</summary>
    public void Add(ReadOnlySpan<bool> actual, ReadOnlySpan<float> probabilities)
    {
        bool isExact = true;
        for (int i = 0; i < actual.Length; i++)
        {
            bool isFound = probabilities[i] >= threshold;
            isExact &= isFound == actual[i];
            _correct[i] += isFound && actual[i] ? 1 : 0;
            _found[i] += isFound ? 1 : 0;
            _support[i] += actual[i] ? 1 : 0;
        }

        _count++;
        _exact += isExact ? 1 : 0;
    }

    public MultiLabelReport Report()
    {
        LabelMetrics[] metrics = new LabelMetrics[labels.Count];
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i] = LabelMetrics.Of(labels[i], _correct[i], _found[i], _support[i]);
        }

        return new MultiLabelReport(metrics, _count, _exact, LabelMetrics.HarmonicMean(_correct.Sum(), _found.Sum(), _support.Sum()), threshold);
    }
}
