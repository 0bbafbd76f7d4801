using BertGen.Models.Tests.Declarations;
using BertGen.Models.Tests.Weights;

namespace BertGen.Models.Tests.Training;

/// <summary>What a head should have said, row by row: rows are texts, tokens or selected tokens of the whole batch.</summary>
/// <param name="Head">The head.</param>
/// <param name="Classes">[rows], or [texts, 2] for answers; empty for heads with values.</param>
/// <param name="Values">[rows] or [rows, outputs]; empty for heads with classes.</param>
/// <param name="Weights">[rows] ([texts] for answers): what a row counts in the loss; 0 ignores it.</param>
/// <param name="Smoothing">Share of a class's target that is spread over all classes.</param>
internal sealed record RowTargets(HeadDeclaration Head, int[] Classes, float[] Values, float[] Weights, float Smoothing)
{
    /// <summary>What the head's mean counts in the step's loss.</summary>
    public float HeadWeight { get; init; } = 1;

    /// <summary>What a row of each class counts in the mean; null counts all alike.</summary>
    public float[]? ClassWeights { get; init; }


    // Every third row of tags is ignored, as special tokens and continuation pieces are.
    private const int IgnoredRows = 3;
    private const float ClassSmoothing = 0.1f;

    /// <summary>Rows in which this head's targets are counted for the texts before <paramref name="text"/>.</summary>
    public static int RowOf(TrainingCase one, HeadDeclaration head, int text) => head.Task switch
    {
        HeadTask.MaskedWords => one.Selected.Count(token => token < one.Offsets[text]),
        HeadTask.TokenClassification or HeadTask.Entities => one.Offsets[text],
        _ => text,
    };

    /// <summary>Random targets; means are taken over the rows that count, classes have weights, and the whole is a share of the step's loss.</summary>
    public static RowTargets Seeded(TrainingCase one, string tensorName, float headWeight, ulong seed)
    {
        HeadDeclaration head = one.Declaration.TaskHeads.Single(declared => declared.TensorName == tensorName);
        SplitMix random = new(seed);
        int rows = RowOf(one, head, one.Lengths.Length);
        int outputs = head.Task == HeadTask.MaskedWords ? one.Declaration.VocabularySize : head.Outputs;
        int[] classes = [];
        float[] values = [];
        float[] weights = new float[rows];
        Array.Fill(weights, 1f);
        float[]? classWeights = null;
        float smoothing = 0;
        switch (head.Task)
        {
            case HeadTask.MultiLabel:
                values = Draw(rows * outputs, () => (float)random.Next(2));
                break;
            case HeadTask.Regression:
                values = Draw(rows, () => head.Sigmoid ? random.Next(5) * 0.25f : 2 * random.NextUnit());
                break;
            case HeadTask.Answers:
                classes = [.. one.Lengths.SelectMany(length => new[] { random.Next(length), random.Next(length) })];
                break;
            case HeadTask.Classification:
                smoothing = ClassSmoothing;
                classes = Draw(rows, () => random.Next(outputs));
                classWeights = [.. Enumerable.Range(0, outputs).Select(label => 0.5f + label)];
                weights = [.. classes.Select(label => classWeights[label])];
                break;
            case HeadTask.TokenClassification or HeadTask.Entities:
                classes = Draw(rows, () => random.Next(outputs));
                weights = [.. weights.Select((weight, row) => row % IgnoredRows == 1 ? 0 : weight)];
                break;
            case HeadTask.MaskedWords or HeadTask.NextSentence:
                classes = Draw(rows, () => random.Next(outputs));
                break;
            default:
                throw new NotSupportedException($"No targets for {head.Task}.");
        }

        // A row of labels is the sum of their losses; the mean is over all of them.
        float scale = headWeight / (weights.Sum() * (head.Task == HeadTask.MultiLabel ? outputs : 1));
        return new(head, classes, values, [.. weights.Select(weight => weight * scale)], smoothing) { HeadWeight = headWeight, ClassWeights = classWeights };
    }

    private static T[] Draw<T>(int count, Func<T> next) => [.. Enumerable.Range(0, count).Select(_ => next())];
}
