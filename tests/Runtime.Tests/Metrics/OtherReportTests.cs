namespace BertGen.Tests.Metrics;

public class OtherReportTests
{
    private const double Rounding = 1e-12;

    private enum Kind { Person, Place, Work }

    [Fact]
    public void All_labels_count_together_and_each_alone()
    {
        MultiLabelTally tally = new(["A", "B"], threshold: 0.5f);
        tally.Add([true, false], [0.9f, 0.5f]);
        tally.Add([true, true], [0.8f, 0.7f]);
        tally.Add([false, true], [0.1f, 0.4f]);
        MultiLabelReport report = tally.Report();

        // A: 2 of 2 found, 2 right. B: 2 found (one of them wrong), 2 right of which 1 found.
        Assert.Equal(1, report.Labels[0].F1, Rounding);
        Assert.Equal((0.5, 0.5, 0.5), (report.Labels[1].Precision, report.Labels[1].Recall, report.Labels[1].F1));
        Assert.Equal(6 / 8.0, report.MicroF1, Rounding);
        Assert.Equal(0.75, report.MacroF1, Rounding);
        Assert.Equal(1 / 3.0, report.ExactMatch, Rounding);
    }

    [Fact]
    public void Correlations_are_those_worked_out_by_hand()
    {
        RegressionReport report = new([1, 2, 3, 4], [1, 3, 2, 10]);

        // Deviations -1.5 -0.5 0.5 1.5 and -3 -1 -2 6: products 13, squares 5 and 50.
        Assert.Equal(13 / Math.Sqrt(250), report.Pearson, Rounding);

        // Ranks 1 3 2 4: 1 - 6 · 2 / (4 · 15).
        Assert.Equal(0.8, report.Spearman, Rounding);
        Assert.Equal((0 + 1 + 1 + 36) / 4.0, report.MeanSquaredError, Rounding);
    }

    [Fact]
    public void Equal_scores_share_their_ranks()
    {
        // Ranks 0 1.5 1.5 3 against 0 1 2 3: deviations -1.5 0 0 1.5 and -1.5 -0.5 0.5 1.5; products 4.5, squares 4.5 and 5.
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), new RegressionReport([1, 2, 2, 5], [1, 2, 3, 4]).Spearman, Rounding);
    }

    [Fact]
    public void Scores_that_are_all_the_same_have_no_correlation()
    {
        RegressionReport report = new([1, 2, 3], [5, 5, 5]);
        Assert.Equal((double.NaN, double.NaN), (report.Pearson, report.Spearman));
        Assert.Equal((16 + 9 + 4) / 3.0, report.MeanSquaredError, Rounding);
    }

    [Fact]
    public void An_entity_counts_where_words_and_kind_are_right()
    {
        EntityTally tally = new(["Person", "Place", "Work"]);
        tally.Add<Kind>([new(Kind.Person, 0, 2), new(Kind.Place, 3, 4)], [new(Kind.Person, 0, 2), new(Kind.Person, 3, 4)]);
        tally.Add<Kind>([new(Kind.Place, 1, 3)], [new(Kind.Place, 1, 2), new(Kind.Place, 2, 3)]);
        tally.Add<Kind>([new(Kind.Place, 0, 1)], [new(Kind.Place, 0, 1)]);
        EntityReport report = tally.Report();

        // Two right, five found, four there.
        Assert.Equal((0.4, 0.5), (report.Precision, report.Recall));
        Assert.Equal(4 / 9.0, report.F1, Rounding);
        Assert.Equal((3, 4, 5), (report.Count, report.Support, report.Found));
        Assert.Equal((0.5, 1), (report.Kinds[0].Precision, report.Kinds[0].Recall));
        Assert.Equal((1 / 3.0, 1 / 3.0), (report.Kinds[1].Precision, report.Kinds[1].Recall));
        Assert.Equal((2 / 3.0 + 1 / 3.0) / 2, report.MacroF1, Rounding);
    }

    [Fact]
    public void The_loss_of_masked_words_becomes_a_perplexity()
    {
        MaskedLanguageModelReport report = new(4, 1, 4 * Math.Log(8));
        Assert.Equal(0.25, report.Accuracy);
        Assert.Equal(8, report.Perplexity, Rounding);
    }
}
