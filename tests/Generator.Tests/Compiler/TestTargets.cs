using BertGen.CompilerServices;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>What a head is to learn of the texts of a test.</summary>
internal sealed class TestTargets
{
    public int[]? Classes { get; init; }

    public float[]? Values { get; init; }

    /// <summary>Null for a head that takes no part.</summary>
    public float[]? Weights { get; init; }

    public float Smoothing { get; init; }

    /// <summary>The targets of one text.</summary>
    public TestTargets Alone(HeadDefinition head, TestTexts texts, int text)
    {
        if (Weights is null)
        {
            return this;
        }

        (int start, int end) = head.Kind switch
        {
            HeadKind.TokenClassification or HeadKind.EntityRecognition => (texts.Offsets[text], texts.Offsets[text + 1]),
            HeadKind.MaskedLanguageModel => (texts.Selected.Count(token => token < texts.Offsets[text]), texts.Selected.Count(token => token < texts.Offsets[text + 1])),
            _ => (text, text + 1),
        };
        int Width(Array? values) => values is null ? 0 : values.Length / Weights.Length;
        return new TestTargets
        {
            Classes = Classes?[(start * Width(Classes))..(end * Width(Classes))],
            Values = Values?[(start * Width(Values))..(end * Width(Values))],
            Weights = Weights[start..end],
            Smoothing = Smoothing,
        };
    }

    /// <summary>Random targets for each head that has a loss, rows of weight 0 among them.</summary>
    public static TestTargets[] Random(ModelDefinition model, TestTexts texts, int seed)
    {
        Random random = new(seed);
        int textCount = texts.Offsets.Length - 1;
        return [.. model.Heads.Select(head =>
        {
            int rows = head.Kind switch
            {
                HeadKind.TokenClassification or HeadKind.EntityRecognition => texts.Offsets[^1],
                HeadKind.MaskedLanguageModel => texts.Selected.Length,
                HeadKind.SentenceEmbedding => -1,
                _ => textCount,
            };
            if (rows < 0)
            {
                return new TestTargets();
            }

            float[] weights = [.. Enumerable.Range(0, rows).Select(row => row % 5 == 3 ? 0 : (float)((0.5 + random.NextDouble()) / rows))];
            return head.Kind switch
            {
                HeadKind.MultiLabelClassification => new TestTargets { Weights = weights, Values = [.. Enumerable.Range(0, rows * head.Outputs).Select(_ => (float)random.Next(2))] },
                HeadKind.SequenceRegression => new TestTargets { Weights = weights, Values = [.. Enumerable.Range(0, rows).Select(_ => (float)random.NextDouble())] },
                HeadKind.QuestionAnswering => new TestTargets
                {
                    Weights = weights,
                    Classes = [.. Enumerable.Range(0, 2 * rows).Select(row => random.Next(texts.Offsets[row / 2 + 1] - texts.Offsets[row / 2]))],
                },
                _ => new TestTargets { Weights = weights, Classes = [.. Enumerable.Range(0, rows).Select(_ => random.Next(head.Outputs))], Smoothing = head.Name is null ? 0.1f : 0 },
            };
        })];
    }
}
