using BertGen.CompilerServices;
using BertGen.Tests.Inference;
using static BertGen.Tests.Inference.FakeModels;

namespace BertGen.Tests.Metrics;

/// <summary>Evaluation of models whose outputs are known. Letters a to z have the ids 5 to 30.</summary>
public class EvaluationTests
{
    private const double Rounding = 1e-6;

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private enum Letter { A, B, C }

    private enum Kind { Person, Place }

    [Fact]
    public void Classes_of_texts_and_pairs_are_compared()
    {
        // The class is the last letter of the text, of a pair of the second one.
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.SequenceClassification, 3)])) { OfText = (ids, _) => OneOf(ids[^2] - 5, 3, 2) }, options: new() { MaxBatchTokens = 8 });
        ClassificationReport report = SequenceClassificationHead.Evaluate(model, 0, [new LabeledText<Letter>("c a", Letter.A), new("a", Letter.B, "b"), new("b", Letter.C), new("c", Letter.C)], Now);
        Assert.Equal(0.75, report.Accuracy);
        Assert.Equal(1, report.Confusion[2, 1]);

        // Logit 2 for the letter, 0 elsewhere: three right ones and one wrong.
        double log = Math.Log(Math.Exp(2) + 2);
        Assert.Equal((4 * log - 3 * 2) / 4, report.Loss, Rounding);
    }

    [Fact]
    public void Sets_of_any_length_stream_through()
    {
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.SequenceClassification, 3)])) { OfText = (ids, _) => OneOf(ids[1] - 5, 3, 2) });
        int given = 0;
        ClassificationReport report = SequenceClassificationHead.Evaluate(model, 0, Stream(), Now);
        Assert.Equal((5000, 5000), (given, report.Count));
        Assert.Equal(1, report.Accuracy);

        IEnumerable<LabeledText<Letter>> Stream()
        {
            for (; given < 5000; given++)
            {
                yield return new LabeledText<Letter>($"{(char)('a' + given % 3)}", (Letter)(given % 3));
            }
        }
    }

    [Fact]
    public void Cancelling_stops_between_portions()
    {
        using CancellationTokenSource source = new();
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.SequenceClassification, 3)])) { OnPass = source.Cancel });
        Assert.Throws<OperationCanceledException>(() => SequenceClassificationHead.Evaluate(model, 0, Enumerable.Repeat(new LabeledText<Letter>("a", Letter.A), 5000), source.Token));
    }

    [Fact]
    public void Nothing_to_evaluate_is_an_error()
    {
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.SequenceClassification, 3)])));
        Assert.Contains("no example", Assert.Throws<ArgumentException>(() => SequenceClassificationHead.Evaluate(model, 0, Array.Empty<LabeledText<Letter>>(), Now)).Message);
        Assert.Contains("Example 1", Assert.Throws<ArgumentException>(() => SequenceClassificationHead.Evaluate(model, 0, [new LabeledText<Letter>("a", Letter.A), null!], Now)).Message);
    }

    [Fact]
    public void All_labels_from_the_threshold_on_are_found()
    {
        // Logit 1 for each letter that occurs, else -1.
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.MultiLabelClassification, 3)])) { OfText = (ids, _) => [ids.Contains(5) ? 1 : -1, ids.Contains(6) ? 1 : -1, ids.Contains(7) ? 1 : -1] });
        MultiLabeledText<Letter>[] examples = [new("a b", [Letter.A, Letter.B]), new("c", [Letter.A, Letter.C]), new("x", [])];
        MultiLabelReport report = MultiLabelClassificationHead.Evaluate(model, 0, examples, cancellationToken: Now);
        Assert.Equal(2 / 3.0, report.ExactMatch, Rounding);
        Assert.Equal(6 / 7.0, report.MicroF1, Rounding);
        Assert.Equal(0, MultiLabelClassificationHead.Evaluate(model, 0, examples, threshold: 0.9f, Now).MicroF1);
        Assert.Throws<ArgumentOutOfRangeException>(() => MultiLabelClassificationHead.Evaluate(model, 0, examples, threshold: 1.5f, Now));
    }

    [Fact]
    public void Scores_are_compared()
    {
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.SequenceRegression, 1)])) { OfText = (ids, _) => [ids[1]] });
        RegressionReport report = SequenceRegressionHead.Evaluate(model, 0, [new ScoredText("a", 1), new("b", 2), new("c", 3)], Now);
        Assert.Equal(1, report.Pearson, Rounding);
        Assert.Equal(16, report.MeanSquaredError, Rounding);
    }

    [Fact]
    public void Tags_of_words_are_compared()
    {
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.TokenClassification, 3)])) { OfToken = (ids, at) => OneOf((ids[at] - 5) % 26, 3, 3) });
        ClassificationReport report = TokenClassificationHead.Evaluate(model, 0, [new TaggedSentence<Letter>(["a+c", "b", "c"], [Letter.A, Letter.B, Letter.A]), new(["b"], [Letter.B])], Now);
        Assert.Equal((4, 0.75), (report.Count, report.Accuracy));
        Assert.Equal(1, report.Confusion[0, 2]);
        Assert.Equal((4 * Math.Log(Math.Exp(3) + 2) - 9) / 4, report.Loss, Rounding);
    }

    [Fact]
    public void Words_that_were_cut_off_are_wrong()
    {
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.TokenClassification, 3)], maxPositions: 4)) { OfToken = (ids, at) => OneOf((ids[at] - 5) % 26, 3, 3) }, options: new() { LongText = LongText.Truncate });
        ClassificationReport report = TokenClassificationHead.Evaluate(model, 0, [new TaggedSentence<Letter>(["a", "b", "c"], [Letter.A, Letter.B, Letter.C])], Now);
        Assert.Equal((3, 1), (report.Count, report.Unseen));
        Assert.Equal(2 / 3.0, report.Accuracy, Rounding);
    }

    [Fact]
    public void Entities_are_compared_by_their_words()
    {
        // o: outside, p q: B- and I-Person, l m: B- and I-Place.
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.EntityRecognition, 5)])) { OfToken = (ids, at) => OneOf("opqlm".IndexOf((char)(ids[at] - 5 + 'a')), 5, 1) });
        EntityReport report = EntityRecognitionHead.Evaluate(model, 0, [
            new EntitySentence<Kind>(["p", "q", "o", "l", "m+o", "m"], [new(Kind.Person, 0, 2), new(Kind.Place, 3, 6)]),
            new(["o", "m", "q", "p"], [new(Kind.Place, 1, 2), new(Kind.Person, 2, 4)])], Now);

        // Of the second sentence: Place 1-2 right; Person 2-3 and 3-4 instead of 2-4.
        Assert.Equal((4, 5), (report.Support, report.Found));
        Assert.Equal((3 / 5.0, 3 / 4.0), (report.Precision, report.Recall));
    }

    [Fact]
    public void Answers_are_compared()
    {
        // Starts with b, ends with c.
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.QuestionAnswering, 2)])) { OfToken = (ids, at) => [ids[at] == 6 ? 5 : 0, ids[at] == 7 ? 5 : 0] }, options: new() { MaxBatchTokens = 6 });
        AnswerReport report = QuestionAnsweringHead.Evaluate(model, 0, [
            new QuestionExample("q", "x b c y", [new AnswerSpan("b c", 2)]),
            new("q", "x b y c", [new AnswerSpan("b y", 2), new AnswerSpan("y", 4)])], Now);
        Assert.Equal(0.5, report.ExactMatch);
        Assert.Equal((1 + 4 / 5.0) / 2, report.F1, Rounding);
    }

    [Fact]
    public void Masked_words_are_predicted_from_their_places()
    {
        // Says f (10) for the first token, which is right, and [PAD] for all others.
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.MaskedLanguageModel, 57)])) { OfToken = (_, at) => OneOf(at == 1 ? 10 : 0, 57, 4) });
        PretrainingCorpus corpus = PretrainingCorpus.FromDocuments([["f g h i"]]);
        MaskedLanguageModelReport report = MaskedLanguageModelHead.Evaluate(model, 0, corpus, new MaskingOptions { Rate = 1 }, length: 8, seed: 0, Now);
        Assert.Equal((4, 0.25), (report.Count, report.Accuracy));
        double log = Math.Log(Math.Exp(4) + 56);
        Assert.Equal((4 * log - 4) / 4, report.Loss, Rounding);
    }

    [Fact]
    public void Next_sentences_are_told()
    {
        // Segments of a document have the same letter: that is what the model looks at.
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.NextSentencePrediction, 2), Head(HeadKind.MaskedLanguageModel, 57)])) { OfText = (ids, _) => ids[1] == ids[^2] ? [1, 0] : [0, 1] });
        PretrainingCorpus corpus = PretrainingCorpus.FromDocuments(Enumerable.Range(0, 26).Select(i => Enumerable.Repeat($"{(char)('a' + i)}", 30)));
        ClassificationReport report = NextSentencePredictionHead.EvaluateNextSentence(model, 0, corpus, length: 12, seed: 0, Now);
        Assert.Equal(1, report.Accuracy);
        Assert.True(report["IsNext"].Support > 20 && report["NotNext"].Support > 20);
    }

    [Fact]
    public void Sequences_of_vectors_are_evaluated_too()
    {
        using FakeVectorModel model = FakeModels.Vectors(new FakeProgram(Definition([Head(HeadKind.SequenceClassification, 3), Head(HeadKind.SequenceRegression, 1)], vectors: true)) { OfText = (ids, _) => OneOf(ids[1], 3, 1) });
        Assert.Equal(0.5, SequenceClassificationHead.Evaluate(model, 0, [new LabeledVectors<Letter>(new float[] { 1, 0, 0 }, Letter.B), new(new float[] { 2, 0, 0 }, Letter.B)], Now).Accuracy);
        Assert.Equal(0.5, SequenceRegressionHead.Evaluate(model, 1, [new ScoredVectors(new float[] { 0, 0, 0 }, 2), new(new float[] { 1, 0, 0 }, 0)], Now).MeanSquaredError);
        using FakeVectorModel tagger = FakeModels.Vectors(new FakeProgram(Definition([Head(HeadKind.TokenClassification, 3)], vectors: true)) { OfToken = (ids, at) => OneOf(ids[at], 3, 1) });
        Assert.Equal(0.5, TokenClassificationHead.Evaluate(tagger, 0, [new TaggedVectors<Letter>(new float[] { 1, 0, 0, 2, 0, 0 }, [Letter.B, Letter.A])], Now).Accuracy);
        using FakeVectorModel labels = FakeModels.Vectors(new FakeProgram(Definition([Head(HeadKind.MultiLabelClassification, 3)], vectors: true)) { OfText = (_, _) => [1, -1, 1] });
        Assert.Equal(0.8, MultiLabelClassificationHead.Evaluate(labels, 0, [new MultiLabeledVectors<Letter>(new float[] { 1, 0, 0 }, [Letter.A, Letter.B, Letter.C])], cancellationToken: Now).MicroF1, Rounding);
    }

    private static float[] OneOf(int index, int count, float logit)
    {
        float[] logits = new float[count];
        if (index >= 0 && index < count)
        {
            logits[index] = logit;
        }

        return logits;
    }
}
