using BertGen.CompilerServices;
using BertGen.Data;

namespace BertGen.Training;

/// <summary>What a row of each head counts in a step's loss: the mean over all labels of the step, whatever chunks it is cut into.</summary>
internal sealed class LossWeights
{
    private readonly ModelDefinition _definition;
    private readonly HeadLearning?[] _learning;
    private readonly double[] _totals;

    public LossWeights(ModelDefinition definition, IEnumerable<HeadLearning> heads)
    {
        _definition = definition;
        _learning = new HeadLearning?[definition.Heads.Count];
        _totals = new double[definition.Heads.Count];
        foreach (HeadLearning head in heads)
        {
            _learning[head.Head] = head;
        }
    }

    /// <summary>How a head learns, or null where it does not.</summary>
    public HeadLearning? Of(int head) => _learning[head];

    /// <summary>Counts the labels of a step.</summary>
    public void Count(IReadOnlyList<EncodedExample> examples)
    {
        Array.Clear(_totals);
        foreach (EncodedExample example in examples)
        {
            foreach (HeadTarget target in example.Targets)
            {
                int rows = RowsOf(target);
                for (int row = 0; row < rows; row++)
                {
                    _totals[target.Head] += Count(target, row);
                }
            }
        }
    }

    /// <summary>Weight of a row of a target; 0 ignores it.</summary>
    public float Weight(HeadTarget target, int row)
    {
        double count = Count(target, row);
        return count == 0
            ? 0
            : (float)(_learning[target.Head]!.Weight * count / (_totals[target.Head] * HeadLosses.TermsOfRow(_definition.Heads[target.Head])));
    }

    /// <summary>Rows of a target.</summary>
    public int RowsOf(HeadTarget target)
    {
        HeadKind kind = _definition.Heads[target.Head].Kind;
        return HeadLosses.HasValues(kind) ? 1 : target.Classes.Length / HeadLosses.ClassesOfRow(kind);
    }

    /// <summary>What a row counts among the labels of its head.</summary>
    private double Count(HeadTarget target, int row)
    {
        HeadLearning? learning = _learning[target.Head];
        if (learning is null)
        {
            return 0;
        }

        HeadKind kind = _definition.Heads[target.Head].Kind;
        if (HeadLosses.HasValues(kind))
        {
            return 1;
        }

        int right = target.Classes[row * HeadLosses.ClassesOfRow(kind)];
        return right < 0 ? 0 : learning.ClassWeights?[right] ?? 1;
    }
}
