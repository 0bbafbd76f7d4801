using BertGen.CompilerServices;

namespace BertGen.Training;

/// <summary>Losses of a head's outputs, in double precision.</summary>
internal static unsafe class RowLosses
{
    /// <summary>The sum of all rows' losses, each times its weight.</summary>
    /// <param name="head">The head.</param>
    /// <param name="targets">What it should have said.</param>
    /// <param name="logits">[rows, outputs].</param>
    /// <param name="offsets">[texts + 1]: where each text starts among the tokens.</param>
    /// <param name="rows">Rows of logits.</param>
    public static double Sum(HeadDefinition head, in HeadTargets targets, float* logits, ReadOnlySpan<int> offsets, int rows)
    {
        double sum = 0;
        if (head.Kind == HeadKind.QuestionAnswering)
        {
            for (int text = 0; text + 1 < offsets.Length; text++)
            {
                if (targets.Weights[text] != 0)
                {
                    float* first = logits + 2L * offsets[text];
                    int tokens = offsets[text + 1] - offsets[text];
                    sum += targets.Weights[text] * (CrossEntropy(first, tokens, 2, targets.Classes[2 * text]) + CrossEntropy(first + 1, tokens, 2, targets.Classes[2 * text + 1])) / 2;
                }
            }

            return sum;
        }

        for (int row = 0; row < rows; row++)
        {
            if (targets.Weights[row] != 0)
            {
                sum += targets.Weights[row] * Row(head, in targets, logits + (long)row * head.Outputs, row);
            }
        }

        return sum;
    }

    private static double Row(HeadDefinition head, in HeadTargets targets, float* logits, int row)
    {
        if (!HeadLosses.HasValues(head.Kind))
        {
            return CrossEntropy(logits, head.Outputs, 1, targets.Classes[row]);
        }

        double loss = 0;
        for (int i = 0; i < head.Outputs; i++)
        {
            double x = logits[i], y = targets.Values[row * head.Outputs + i];

            // Of a probability: max(x, 0) - x·y + log(1 + exp(-|x|)), which no x makes overflow.
            loss += HeadLosses.IsBinary(head) ? Math.Max(x, 0) - x * y + Math.Log(1 + Math.Exp(-Math.Abs(x))) : (x - y) * (x - y);
        }

        return loss;
    }

    /// <summary>-log softmax(x)[right] over <paramref name="count"/> values that lie <paramref name="step"/> apart.</summary>
    private static double CrossEntropy(float* logits, int count, int step, int right)
    {
        double largest = double.NegativeInfinity;
        for (int i = 0; i < count; i++)
        {
            largest = Math.Max(largest, logits[i * step]);
        }

        double sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += Math.Exp(logits[i * step] - largest);
        }

        return Math.Log(sum) + largest - logits[right * step];
    }
}
