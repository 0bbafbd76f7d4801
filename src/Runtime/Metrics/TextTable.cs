using System.Globalization;
using System.Text;

namespace BertGen;

/// <summary>Rows of words as columns, the first to the left, numbers to the right.</summary>
internal sealed class TextTable(IReadOnlyList<string> header)
{
    private readonly List<IReadOnlyList<string>> _rows = [header];

    public void Add(IReadOnlyList<string> row) => _rows.Add(row);

    /// <summary>A row of a label's figures.</summary>
    public void Add(LabelMetrics label) => Add([label.Label, Share(label.Precision), Share(label.Recall), Share(label.F1), Number(label.Support)]);

    public static string Share(double value) => value.ToString("F4", CultureInfo.InvariantCulture);

    public static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    public override string ToString()
    {
        int[] widths = new int[header.Count];
        foreach (IReadOnlyList<string> row in _rows)
        {
            for (int i = 0; i < widths.Length; i++)
            {
                widths[i] = Math.Max(widths[i], row[i].Length);
            }
        }

        StringBuilder text = new();
        foreach (IReadOnlyList<string> row in _rows)
        {
            text.Append(text.Length == 0 ? "" : "\n").Append(row[0].PadRight(widths[0]));
            for (int i = 1; i < widths.Length; i++)
            {
                text.Append("  ").Append(row[i].PadLeft(widths[i]));
            }
        }

        return text.ToString();
    }
}
