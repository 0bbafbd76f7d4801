using BertGen.CompilerServices;

namespace BertGen.Data;

/// <summary>What heads with one row of outputs a text should say.</summary>
internal static class SequenceTargets
{
    public static HeadTarget Class<TLabel>(int head, HeadDefinition definition, TLabel label) where TLabel : struct, Enum =>
        new(head, [Labels.Index(label, definition.Outputs)], []);

    public static HeadTarget Labeled<TLabel>(int head, HeadDefinition definition, IReadOnlyList<TLabel> labels) where TLabel : struct, Enum
    {
        float[] values = new float[definition.Outputs];
        foreach (TLabel label in labels)
        {
            values[Labels.Index(label, values.Length)] = 1;
        }

        return new HeadTarget(head, [], values);
    }

    public static HeadTarget Score(int head, HeadDefinition definition, float score) => !definition.Sigmoid || score is >= 0 and <= 1
        ? new HeadTarget(head, [], [score])
        : throw new ArgumentException($"The score {score} cannot be reached: the head has Sigmoid = true, which gives 0 to 1. Scale the scores, or leave Sigmoid out.");
}
