using BertGen.CompilerServices;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>The model's published mathematics in double precision, one text at a time, as plainly as possible.</summary>
internal sealed class ReferenceModel(ModelDefinition model, IReadOnlyDictionary<string, float[]> weights)
{
    private EncoderDefinition Encoder => model.Encoder;

    public double[][] Hidden(int[] ids, int[] types) => Encoder.Kind == EncoderKind.Cbow ? Window(ids) : Layers(ids.Select((id, position) =>
        Row("bert.embeddings.word_embeddings.weight", id)
            .Zip(Row("bert.embeddings.token_type_embeddings.weight", types[position]), (a, b) => a + b)
            .Zip(Row("bert.embeddings.position_embeddings.weight", position), (a, b) => a + b).ToArray()).ToArray());

    public double[][] Hidden(float[][] vectors) => Layers(
        vectors.Select(vector => Dense(vector.Select(x => (double)x).ToArray(), "bert.embeddings.feature_projection"))
            .Prepend(weights["bert.embeddings.cls_embedding"].Select(x => (double)x).ToArray())
            .Select((row, position) => row.Zip(Row("bert.embeddings.position_embeddings.weight", position), (a, b) => a + b).ToArray()).ToArray());

    public double[] Pooled(double[][] hidden) => Dense(hidden[0], "bert.pooler.dense").Select(Math.Tanh).ToArray();

    /// <summary>Logits of a head: one row for the text, or one a token.</summary>
    public double[][] Head(int index, double[][] hidden)
    {
        HeadDefinition head = model.Heads[index];
        switch (head.Kind)
        {
            case HeadKind.TokenClassification or HeadKind.EntityRecognition or HeadKind.QuestionAnswering:
                return hidden.Select(row => Dense(row, head.TensorName)).ToArray();
            case HeadKind.MaskedLanguageModel when Encoder.Kind == EncoderKind.Cbow:
                return hidden.Select(row => Dense(row, weights[$"{head.TensorName}.decoder.weight"], weights[$"{head.TensorName}.bias"])).ToArray();
            case HeadKind.MaskedLanguageModel:
                return hidden
                    .Select(row => Norm(Dense(row, $"{head.TensorName}.transform.dense").Select(Activate).ToArray(), $"{head.TensorName}.transform.LayerNorm"))
                    .Select(row => Dense(row, weights["bert.embeddings.word_embeddings.weight"], weights[$"{head.TensorName}.bias"])).ToArray();
            case HeadKind.SentenceEmbedding:
                return [Embedding(head, hidden)];
            default:
                return [Dense(Pooled(hidden), head.TensorName)];
        }
    }

    private static double[] Embedding(HeadDefinition head, double[][] hidden)
    {
        double[] pooled = Enumerable.Range(0, hidden[0].Length).Select(column => head.Pooling switch
        {
            Pooling.Cls => hidden[0][column],
            Pooling.Mean => hidden.Average(row => row[column]),
            _ => hidden.Max(row => row[column]),
        }).ToArray();
        double length = Math.Max(1e-12, Math.Sqrt(pooled.Sum(x => x * x)));
        return head.Normalize ? pooled.Select(x => x / length).ToArray() : pooled;
    }

    private double[][] Window(int[] ids) => ids.Select((_, position) =>
    {
        double[][] neighbours = ids.Select((id, other) => (id, other)).Where(pair => pair.other != position && Math.Abs(pair.other - position) <= Encoder.Window)
            .Select(pair => Row("bert.embeddings.word_embeddings.weight", pair.id)).ToArray();
        return Enumerable.Range(0, Encoder.HiddenSize).Select(column => neighbours.Length == 0 ? 0 : neighbours.Average(row => row[column])).ToArray();
    }).ToArray();

    private double[][] Layers(double[][] embeddings)
    {
        double[][] hidden = embeddings.Select(row => Norm(row, "bert.embeddings.LayerNorm")).ToArray();
        for (int layer = 0; layer < Encoder.Layers; layer++)
        {
            string key = $"bert.encoder.layer.{layer}";
            double[][] context = Attention(hidden, $"{key}.attention.self");
            hidden = hidden.Select((row, token) => Norm(Sum(Dense(context[token], $"{key}.attention.output.dense"), row), $"{key}.attention.output.LayerNorm")).ToArray();
            hidden = hidden.Select(row => Norm(
                Sum(Dense(Dense(row, $"{key}.intermediate.dense").Select(Activate).ToArray(), $"{key}.output.dense"), row), $"{key}.output.LayerNorm")).ToArray();
        }

        return hidden;
    }

    private double[][] Attention(double[][] hidden, string key)
    {
        double[][] queries = hidden.Select(row => Dense(row, $"{key}.query")).ToArray();
        double[][] keys = hidden.Select(row => Dense(row, $"{key}.key")).ToArray();
        double[][] values = hidden.Select(row => Dense(row, $"{key}.value")).ToArray();
        int size = Encoder.HiddenSize / Encoder.Heads;
        double[][] context = hidden.Select(_ => new double[Encoder.HiddenSize]).ToArray();
        for (int head = 0; head < Encoder.Heads; head++)
        {
            for (int query = 0; query < hidden.Length; query++)
            {
                double[] scores = keys.Select(row => Enumerable.Range(head * size, size).Sum(column => queries[query][column] * row[column]) / Math.Sqrt(size)).ToArray();
                double largest = scores.Max();
                double[] probabilities = scores.Select(score => Math.Exp(score - largest)).ToArray();
                double sum = probabilities.Sum();
                for (int column = head * size; column < (head + 1) * size; column++)
                {
                    context[query][column] = probabilities.Select((probability, token) => probability / sum * values[token][column]).Sum();
                }
            }
        }

        return context;
    }

    private double Activate(double x) => Encoder.Activation switch
    {
        Activation.Gelu => 0.5 * x * (1 + Erf(x / Math.Sqrt(2))),
        Activation.GeluTanh => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))),
        _ => Math.Max(x, 0),
    };

    /// <summary>erf by its series near 0 and the continued fraction of erfc beyond: exact to about 1e-14.</summary>
    internal static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (a < 2.5)
        {
            double sum = a;
            double term = a;
            for (int n = 1; n < 60; n++)
            {
                term *= -a * a / n;
                sum += term / (2 * n + 1);
            }

            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * sum;
        }

        double fraction = 0;
        for (int n = 60; n > 0; n--)
        {
            fraction = n / 2.0 / (a + fraction);
        }

        return Math.Sign(x) * (1 - Math.Exp(-a * a) / Math.Sqrt(Math.PI) / (a + fraction));
    }

    private double[] Norm(double[] x, string key)
    {
        double mean = x.Average();
        double rstd = 1 / Math.Sqrt(x.Average(value => (value - mean) * (value - mean)) + Encoder.LayerNormEpsilon);
        return x.Select((value, column) => (value - mean) * rstd * weights[$"{key}.weight"][column] + weights[$"{key}.bias"][column]).ToArray();
    }

    private double[] Dense(double[] x, string key) => Dense(x, weights[$"{key}.weight"], weights[$"{key}.bias"]);

    private static double[] Dense(double[] x, float[] weight, float[] bias)
    {
        double[] y = new double[bias.Length];
        for (int output = 0; output < y.Length; output++)
        {
            double sum = bias[output];
            for (int input = 0; input < x.Length; input++)
            {
                sum += x[input] * weight[output * x.Length + input];
            }

            y[output] = sum;
        }

        return y;
    }

    private static double[] Sum(double[] a, double[] b) => a.Zip(b, (x, y) => x + y).ToArray();

    private double[] Row(string table, int row) => weights[table].Skip(row * Encoder.HiddenSize).Take(Encoder.HiddenSize).Select(x => (double)x).ToArray();
}
