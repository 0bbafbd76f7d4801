using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tests.Compiler.Differentiation;

/// <summary>What a head should have said of a chunk.</summary>
internal sealed record LossTargets(int[] Classes, double[] Values, double[] Weights, double Smoothing);

/// <summary>Texts of a pass: how long they are, which tokens are selected, and what the heads should say.</summary>
internal sealed class TextChunk
{
    public TextChunk(int seed, params int[] lengths)
    {
        Lengths = lengths;
        Random = new Random(seed);
        Offsets = [0];
        foreach (int length in lengths)
        {
            Offsets.Add(Offsets[^1] + length);
        }

        Selected = [.. Enumerable.Range(0, TokenCount).Where(_ => Random.Next(3) == 0)];
    }

    public Random Random { get; }

    public int[] Lengths { get; }

    public List<int> Offsets { get; }

    public int[] Selected { get; }

    /// <summary>Share of elements that dropout removes.</summary>
    public double Dropout { get; init; } = 0.3;

    public int TokenCount => Offsets[^1];

    public Dictionary<int, LossTargets> Targets { get; } = [];

    public int TextOf(int token) => Offsets.FindLastIndex(Lengths.Length, offset => offset <= token && offset < TokenCount);

    public int PositionOf(int token) => token - Offsets[TextOf(token)];

    public int[] SizesOf(Shape shape) => [.. shape.Dimensions.Select(dimension => dimension.Axis switch
    {
        Axis.Constant => dimension.Size,
        Axis.Tokens => TokenCount,
        Axis.Texts => Lengths.Length,
        Axis.Selected => Selected.Length,
        Axis.Vectors => TokenCount - Lengths.Length,
        Axis.Keys => Lengths.Max(),
        _ => throw new NotSupportedException($"Unknown axis {dimension.Axis}."),
    })];

    /// <summary>What dropout multiplies an element by: a fixed function of the place, as in the generated code, if not the same one.</summary>
    public double Mask(int? layer, Dropout dropout, int element)
    {
        Random random = new((Operators.Dropout.Place(layer, dropout.Site) * 7919) ^ (element * 104729));
        return random.NextDouble() < Dropout ? 0 : 1 / (1 - Dropout);
    }

    /// <summary>Random targets for the logits of a head, of which some rows are ignored.</summary>
    public void Target(LossGradient loss, Tensor logits)
    {
        bool isOfTexts = loss.Kind == LossKind.AnswerSpan;
        int rows = isOfTexts ? Lengths.Length : logits.Rows;
        int[] classes = loss.Kind switch
        {
            LossKind.CrossEntropy => [.. Enumerable.Range(0, rows).Select(_ => Random.Next(logits.Columns))],
            LossKind.AnswerSpan => [.. Lengths.SelectMany(length => new[] { Random.Next(length), Random.Next(length) })],
            _ => [],
        };
        double[] values = loss.Kind is LossKind.BinaryCrossEntropy or LossKind.SquaredError ? [.. logits.Data.Select(_ => Random.NextDouble())] : [];
        double[] weights = [.. Enumerable.Range(0, rows).Select(row => row % 4 == 3 ? 0 : 0.2 + Random.NextDouble())];
        Targets[loss.Head] = new LossTargets(classes, values, weights, loss.Kind == LossKind.CrossEntropy ? 0.1 : 0);
    }
}
