using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Evaluates heads with one row of outputs for each text or sequence of vectors.</summary>
internal static class SequenceEvaluation
{
    public static ClassificationReport Classes<TLabel>(TextModel model, int head, IEnumerable<LabeledText<TLabel>> examples, CancellationToken cancellationToken) where TLabel : struct, Enum
    {
        ClassificationTally tally = ClassificationTally.Of<TLabel>(Outputs(model, head));
        foreach (List<LabeledText<TLabel>> portion in Portions.Of(examples, cancellationToken))
        {
            TextSource texts = TextSource.OfMixed(portion.ConvertAll(example => (example.Text, example.Second)));
            Prediction<TLabel>[] predictions = TextRows.Many<ClassDecoder<TLabel>, Prediction<TLabel>>(model, head, texts, cancellationToken);
            for (int i = 0; i < predictions.Length; i++)
            {
                Add(tally, portion[i].Label, predictions[i]);
            }
        }

        return tally.Report();
    }

    public static ClassificationReport Classes<TLabel>(VectorModel model, int head, IEnumerable<LabeledVectors<TLabel>> examples, CancellationToken cancellationToken) where TLabel : struct, Enum
    {
        ClassificationTally tally = ClassificationTally.Of<TLabel>(Outputs(model, head));
        foreach (List<LabeledVectors<TLabel>> portion in Portions.Of(examples, cancellationToken))
        {
            Prediction<TLabel>[] predictions = VectorRows.Many<ClassDecoder<TLabel>, Prediction<TLabel>>(model, head, portion.ConvertAll(example => example.Frames), cancellationToken);
            for (int i = 0; i < predictions.Length; i++)
            {
                Add(tally, portion[i].Label, predictions[i]);
            }
        }

        return tally.Report();
    }

    public static MultiLabelReport AllLabels<TLabel>(TextModel model, int head, IEnumerable<MultiLabeledText<TLabel>> examples, float threshold, CancellationToken cancellationToken) where TLabel : struct, Enum
    {
        MultiLabelTally tally = new(ClassificationTally.Names<TLabel>(Outputs(model, head)), Checked(threshold));
        foreach (List<MultiLabeledText<TLabel>> portion in Portions.Of(examples, cancellationToken))
        {
            TextSource texts = TextSource.OfMixed(portion.ConvertAll(example => (example.Text, example.Second)));
            MultiLabelPrediction<TLabel>[] predictions = TextRows.Many<MultiLabelDecoder<TLabel>, MultiLabelPrediction<TLabel>>(model, head, texts, cancellationToken);
            for (int i = 0; i < predictions.Length; i++)
            {
                Add(tally, portion[i].Labels, predictions[i]);
            }
        }

        return tally.Report();
    }

    public static MultiLabelReport AllLabels<TLabel>(VectorModel model, int head, IEnumerable<MultiLabeledVectors<TLabel>> examples, float threshold, CancellationToken cancellationToken) where TLabel : struct, Enum
    {
        MultiLabelTally tally = new(ClassificationTally.Names<TLabel>(Outputs(model, head)), Checked(threshold));
        foreach (List<MultiLabeledVectors<TLabel>> portion in Portions.Of(examples, cancellationToken))
        {
            MultiLabelPrediction<TLabel>[] predictions = VectorRows.Many<MultiLabelDecoder<TLabel>, MultiLabelPrediction<TLabel>>(model, head, portion.ConvertAll(example => example.Frames), cancellationToken);
            for (int i = 0; i < predictions.Length; i++)
            {
                Add(tally, portion[i].Labels, predictions[i]);
            }
        }

        return tally.Report();
    }

    public static RegressionReport Scores(TextModel model, int head, IEnumerable<ScoredText> examples, CancellationToken cancellationToken)
    {
        List<float> actual = [], predicted = [];
        foreach (List<ScoredText> portion in Portions.Of(examples, cancellationToken))
        {
            TextSource texts = TextSource.OfMixed(portion.ConvertAll(example => (example.Text, example.Second)));
            actual.AddRange(portion.ConvertAll(example => example.Score));
            predicted.AddRange(TextRows.Many<ScoreDecoder, float>(model, head, texts, cancellationToken));
        }

        return new RegressionReport(actual, predicted);
    }

    public static RegressionReport Scores(VectorModel model, int head, IEnumerable<ScoredVectors> examples, CancellationToken cancellationToken)
    {
        List<float> actual = [], predicted = [];
        foreach (List<ScoredVectors> portion in Portions.Of(examples, cancellationToken))
        {
            actual.AddRange(portion.ConvertAll(example => example.Score));
            predicted.AddRange(VectorRows.Many<ScoreDecoder, float>(model, head, portion.ConvertAll(example => example.Frames), cancellationToken));
        }

        return new RegressionReport(actual, predicted);
    }

    private static int Outputs(Model model, int head) => model.Loaded.Definition.Heads[head].Outputs;

    private static float Checked(float threshold) => threshold is >= 0 and <= 1
        ? threshold
        : throw new ArgumentOutOfRangeException(nameof(threshold), threshold, "The threshold is a probability, 0 to 1.");

    private static void Add<TLabel>(ClassificationTally tally, TLabel actual, Prediction<TLabel> prediction) where TLabel : struct, Enum
    {
        int outputs = prediction.Probabilities.Length;
        tally.Add(Labels.Index(actual, outputs), Labels.Index(prediction.Label, outputs), ClassificationTally.Loss(prediction[actual]));
    }

    private static void Add<TLabel>(MultiLabelTally tally, IReadOnlyList<TLabel> actual, MultiLabelPrediction<TLabel> prediction) where TLabel : struct, Enum
    {
        bool[] has = new bool[prediction.Count];
        float[] probabilities = new float[prediction.Count];
        foreach (TLabel label in actual)
        {
            has[Labels.Index(label, has.Length)] = true;
        }

        for (int i = 0; i < probabilities.Length; i++)
        {
            probabilities[i] = prediction[i].Probability;
        }

        tally.Add(has, probabilities);
    }
}
