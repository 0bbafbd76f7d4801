using System.Globalization;

namespace BertGen;

/// <summary>How well named entities were found. An entity counts as found where its words and its kind are right.</summary>
/// <remarks>The measure of CoNLL-2003 (Tjong Kim Sang and De Meulder, 2003).</remarks>
public sealed class EntityReport
{
    internal EntityReport(IReadOnlyList<LabelMetrics> kinds, int count, int correct, int found, int support)
    {
        Kinds = kinds;
        Count = count;
        Found = found;
        Support = support;
        Precision = LabelMetrics.Ratio(correct, found);
        Recall = LabelMetrics.Ratio(correct, support);
        F1 = LabelMetrics.HarmonicMean(correct, found, support);
        MacroF1 = LabelMetrics.MacroF1(kinds);
    }

    /// <summary>Number of sentences.</summary>
    public int Count { get; }

    /// <summary>Number of entities there are.</summary>
    public int Support { get; }

    /// <summary>Number of entities that were found, right or wrong.</summary>
    public int Found { get; }

    /// <summary>The share of the entities found that is right.</summary>
    public double Precision { get; }

    /// <summary>The share of the entities there are that was found.</summary>
    public double Recall { get; }

    /// <summary>The harmonic mean of both, over all entities together.</summary>
    public double F1 { get; }

    /// <summary>The mean F1 of the kinds that are right or were found at least once, each counting the same.</summary>
    public double MacroF1 { get; }

    /// <summary>Precision, recall, F1 and support of each kind, in the order of the enum.</summary>
    public IReadOnlyList<LabelMetrics> Kinds { get; }

    /// <summary>The report as a table.</summary>
    public override string ToString()
    {
        TextTable table = new(["", "precision", "recall", "F1", "support"]);
        foreach (LabelMetrics kind in Kinds)
        {
            table.Add(kind);
        }

        string head = string.Create(CultureInfo.InvariantCulture, $"precision {Precision:F4}, recall {Recall:F4}, F1 {F1:F4}, {Support} entities in {Count} sentences");
        return $"{head}\n\n{table}";
    }
}

/// <summary>Collects what an <see cref="EntityReport"/> says.</summary>
internal sealed class EntityTally(IReadOnlyList<string> kinds)
{
    private readonly int[] _correct = new int[kinds.Count];
    private readonly int[] _found = new int[kinds.Count];
    private readonly int[] _support = new int[kinds.Count];
    private int _count;

    /// <summary>Adds a sentence: its entities, and those that were found, each once.</summary>
    public void Add<TEntity>(IReadOnlyList<EntityRange<TEntity>> actual, IReadOnlyList<EntityRange<TEntity>> found) where TEntity : struct, Enum
    {
        _count++;
        foreach (EntityRange<TEntity> entity in actual)
        {
            int kind = Labels.Index(entity.Entity, kinds.Count);
            _support[kind]++;
            _correct[kind] += found.Contains(entity) ? 1 : 0;
        }

        foreach (EntityRange<TEntity> entity in found)
        {
            _found[Labels.Index(entity.Entity, kinds.Count)]++;
        }
    }

    public EntityReport Report()
    {
        LabelMetrics[] metrics = new LabelMetrics[kinds.Count];
        for (int i = 0; i < metrics.Length; i++)
        {
            metrics[i] = LabelMetrics.Of(kinds[i], _correct[i], _found[i], _support[i]);
        }

        return new EntityReport(metrics, _count, _correct.Sum(), _found.Sum(), _support.Sum());
    }
}
