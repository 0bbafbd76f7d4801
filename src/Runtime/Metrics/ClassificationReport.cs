using System.Globalization;

namespace BertGen;

/// <summary>How well classes or tags were found: of each text, or of each word, one was right.</summary>
public sealed class ClassificationReport
{
    // More labels make a matrix that nobody reads in a terminal.
    private const int LargestPrinted = 12;

    internal ClassificationReport(ConfusionMatrix confusion, int[] unseen, double loss)
    {
        Confusion = confusion;
        Loss = loss;
        Unseen = unseen.Sum();
        LabelMetrics[] labels = new LabelMetrics[confusion.Labels.Count];
        int correct = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            correct += confusion.Correct(i);
            int support = confusion.Actual(i) + unseen[i];
            Count += support;
            labels[i] = LabelMetrics.Of(confusion.Labels[i], confusion.Correct(i), confusion.Predicted(i), support);
        }

        Labels = labels;
        Accuracy = LabelMetrics.Ratio(correct, Count);
        MacroF1 = LabelMetrics.MacroF1(labels);
    }

    /// <summary>Number of texts, or of words.</summary>
    public int Count { get; }

    /// <summary>The share that was right.</summary>
    public double Accuracy { get; }

    /// <summary>The mean F1 of the labels that are right or were said at least once, each counting the same.</summary>
    public double MacroF1 { get; }

    /// <summary>Mean cross-entropy: -ln of the probability of the right label.</summary>
    public double Loss { get; }

    /// <summary>Words that the model did not see, because their sentence is too long and <see cref="ModelOptions.LongText"/> is <see cref="LongText.Truncate"/>. They count as wrong.</summary>
    public int Unseen { get; }

    /// <summary>Precision, recall, F1 and support of each label, in the order of the enum.</summary>
    public IReadOnlyList<LabelMetrics> Labels { get; }

    /// <summary>How often each label was taken for each.</summary>
    public ConfusionMatrix Confusion { get; }

    /// <summary>The figures of a label by its name.</summary>
    /// <exception cref="ArgumentException">There is no such label.</exception>
    public LabelMetrics this[string label] => Labels.FirstOrDefault(metrics => metrics.Label == label)
        ?? throw new ArgumentException($"There is no label '{label}'; there are {string.Join(", ", Confusion.Labels)}.", nameof(label));

    /// <summary>The report as tables.</summary>
    public override string ToString()
    {
        TextTable table = new(["", "precision", "recall", "F1", "support"]);
        foreach (LabelMetrics label in Labels)
        {
            table.Add(label);
        }

        string head = string.Create(CultureInfo.InvariantCulture, $"accuracy {Accuracy:F4}, macro F1 {MacroF1:F4}, loss {Loss:F4}, {Count} in all{(Unseen > 0 ? $", {Unseen} not seen" : "")}");
        string matrix = Labels.Count > LargestPrinted ? "" : $"\n\nright by row, said by column\n{Confusion}";
        return $"{head}\n\n{table}{matrix}";
    }
}
