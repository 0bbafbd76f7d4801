namespace BertGen;

/// <summary>How often each label was taken for each.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[] _counts;

    internal ConfusionMatrix(IReadOnlyList<string> labels)
    {
        Labels = labels;
        _counts = new int[labels.Count * labels.Count];
    }

    /// <summary>Names of the labels, in the order of the enum.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <summary>How often <paramref name="actual"/> was right and <paramref name="predicted"/> was said.</summary>
    /// <param name="actual">Value of the enum, 0 to the number of labels - 1.</param>
    /// <param name="predicted">Value of the enum, 0 to the number of labels - 1.</param>
    public int this[int actual, int predicted] => _counts[Index(actual, predicted)];

    internal void Add(int actual, int predicted) => _counts[Index(actual, predicted)]++;

    internal int Correct(int label) => this[label, label];

    internal int Predicted(int label) => Enumerable.Range(0, Labels.Count).Sum(actual => this[actual, label]);

    internal int Actual(int label) => Enumerable.Range(0, Labels.Count).Sum(predicted => this[label, predicted]);

    /// <summary>A table: a row for each right label, a column for each label that was said.</summary>
    public override string ToString()
    {
        TextTable table = new(["", .. Labels]);
        for (int actual = 0; actual < Labels.Count; actual++)
        {
            table.Add([Labels[actual], .. Enumerable.Range(0, Labels.Count).Select(predicted => TextTable.Number(this[actual, predicted]))]);
        }

        return table.ToString();
    }

    private int Index(int actual, int predicted)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(actual);
        ArgumentOutOfRangeException.ThrowIfNegative(predicted);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(actual, Labels.Count);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(predicted, Labels.Count);
        return actual * Labels.Count + predicted;
    }
}
