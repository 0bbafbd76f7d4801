using BertGen.CompilerServices;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>The losses of a step in double precision, and their derivatives by differences.</summary>
internal sealed class ReferenceLoss(ModelDefinition model, IReadOnlyDictionary<string, float[]> weights, TestTexts texts, TestTargets[] targets)
{
    /// <summary>Between the rounding of double precision and the curvature of the losses; exact in single precision, as weights are stored.</summary>
    private const float Step = 1.0f / 2048;

    /// <summary>By one element of a parameter, by the losses at both sides of it.</summary>
    public double Derivative(string parameter, int element)
    {
        float[] values = weights[parameter];
        float before = values[element];
        (float up, float down) = (before + Step, before - Step);
        values[element] = up;
        double above = Loss();
        values[element] = down;
        double below = Loss();
        values[element] = before;
        return (above - below) / ((double)up - down);
    }

    public double Loss()
    {
        ReferenceModel reference = new(model, weights);
        double total = 0;
        int selected = 0;
        for (int text = 0; text < texts.Offsets.Length - 1; text++)
        {
            TestTexts alone = texts.Alone(text, model.Encoder.Features);
            double[][] hidden = model.Encoder.Features > 0 ? reference.Hidden([.. alone.Vectors.Chunk(model.Encoder.Features)]) : reference.Hidden(alone.Ids, alone.Types);
            for (int head = 0; head < targets.Length; head++)
            {
                if (targets[head].Weights is not float[] rowWeights)
                {
                    continue;
                }

                double[][] logits = reference.Head(head, hidden);
                HeadKind kind = model.Heads[head].Kind;
                if (kind == HeadKind.QuestionAnswering)
                {
                    double[] start = [.. logits.Select(row => row[0])], end = [.. logits.Select(row => row[1])];
                    total += rowWeights[text] * (CrossEntropy(start, targets[head].Classes![2 * text], 0) + CrossEntropy(end, targets[head].Classes![2 * text + 1], 0)) / 2;
                    continue;
                }

                int firstRow = kind switch
                {
                    HeadKind.TokenClassification or HeadKind.EntityRecognition => texts.Offsets[text],
                    HeadKind.MaskedLanguageModel => selected,
                    _ => text,
                };
                double[][] rows = kind == HeadKind.MaskedLanguageModel ? [.. alone.Selected.Select(token => logits[token])] : logits;
                for (int row = 0; row < rows.Length; row++)
                {
                    total += rowWeights[firstRow + row] * RowLoss(head, rows[row], firstRow + row);
                }
            }

            selected += alone.Selected.Length;
        }

        return total;
    }

    private double RowLoss(int head, double[] x, int row)
    {
        TestTargets target = targets[head];
        switch (model.Heads[head].Kind)
        {
            case HeadKind.MultiLabelClassification:
                return x.Select((value, output) => Logistic(value, target.Values![row * x.Length + output])).Sum();
            case HeadKind.SequenceRegression when model.Heads[head].Sigmoid:
                return Logistic(x[0], target.Values![row]);
            case HeadKind.SequenceRegression:
                return (x[0] - target.Values![row]) * (x[0] - target.Values[row]);
            default:
                return CrossEntropy(x, target.Classes![row], target.Smoothing);
        }
    }

    private static double Logistic(double x, double target) => Math.Log(1 + Math.Exp(-Math.Abs(x))) + Math.Max(x, 0) - x * target;

    private static double CrossEntropy(double[] x, int target, double smoothing)
    {
        double largest = x.Max();
        double normalizer = largest + Math.Log(x.Sum(value => Math.Exp(value - largest)));
        return normalizer - (1 - smoothing) * x[target] - smoothing * x.Average();
    }
}
