namespace BertGen.Tests.Metrics;

public class ClassificationReportTests
{
    private const double Rounding = 1e-12;

    private enum Sense { Fruit, Company, Neither }

    [Fact]
    public void Figures_of_a_small_table_are_those_worked_out_by_hand()
    {
        // Rows are right, columns were said:  5 1 0
        //                                     2 3 1
        //                                     0 0 0
        ClassificationTally tally = ClassificationTally.Of<Sense>(3);
        Add(tally, 0, 0, 5);
        Add(tally, 0, 1, 1);
        Add(tally, 1, 0, 2);
        Add(tally, 1, 1, 3);
        Add(tally, 1, 2, 1);
        ClassificationReport report = tally.Report();
        Assert.Equal(12, report.Count);
        Assert.Equal(8 / 12.0, report.Accuracy, Rounding);
        Check(report["Fruit"], 5 / 7.0, 5 / 6.0, 10 / 13.0, 6);
        Check(report["Company"], 3 / 4.0, 3 / 6.0, 6 / 10.0, 6);
        Check(report["Neither"], 0, 0, 0, 0);

        // "Neither" was said once, so it counts.
        Assert.Equal((10 / 13.0 + 6 / 10.0 + 0) / 3, report.MacroF1, Rounding);
        Assert.Equal(0.5, report.Loss, Rounding);
        Assert.Equal((2, 1, 0), (report.Confusion[1, 0], report.Confusion[1, 2], report.Confusion[2, 2]));
    }

    [Fact]
    public void A_label_that_never_occurs_does_not_count_in_the_mean()
    {
        ClassificationTally tally = ClassificationTally.Of<Sense>(3);
        Add(tally, 0, 0, 1);
        Add(tally, 1, 1, 1);
        Assert.Equal(1, tally.Report().MacroF1, Rounding);
    }

    [Fact]
    public void What_was_not_seen_is_wrong()
    {
        ClassificationTally tally = ClassificationTally.Of<Sense>(3);
        Add(tally, 0, 0, 3);
        tally.AddUnseen(0);
        ClassificationReport report = tally.Report();
        Assert.Equal((4, 1), (report.Count, report.Unseen));
        Assert.Equal(0.75, report.Accuracy, Rounding);
        Check(report["Fruit"], 1, 0.75, 6 / 7.0, 4);
    }

    [Fact]
    public void The_report_reads_as_tables()
    {
        ClassificationTally tally = ClassificationTally.Of<Sense>(2);
        Add(tally, 0, 0, 3);
        Add(tally, 1, 0, 1);
        Assert.Equal("""
            accuracy 0.7500, macro F1 0.4286, loss 0.5000, 4 in all

                     precision  recall      F1  support
            Fruit       0.7500  1.0000  0.8571        3
            Company     0.0000  0.0000  0.0000        1

            right by row, said by column
                     Fruit  Company
            Fruit        3        0
            Company      1        0
            """, tally.Report().ToString(), ignoreLineEndingDifferences: true);
    }

    [Fact]
    public void A_probability_of_nothing_costs_much_but_not_everything() =>
        Assert.InRange(ClassificationTally.Loss(0), 100, 110);

    [Fact]
    public void Labels_that_do_not_exist_are_named_in_the_error()
    {
        ClassificationReport report = ClassificationTally.Of<Sense>(3).Report();
        Assert.Contains("Fruit, Company, Neither", Assert.Throws<ArgumentException>(() => report["Vegetable"]).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => report.Confusion[0, 3]);
    }

    private static void Add(ClassificationTally tally, int actual, int predicted, int times)
    {
        for (int i = 0; i < times; i++)
        {
            tally.Add(actual, predicted, loss: 0.5);
        }
    }

    private static void Check(LabelMetrics metrics, double precision, double recall, double f1, int support)
    {
        Assert.Equal(precision, metrics.Precision, Rounding);
        Assert.Equal(recall, metrics.Recall, Rounding);
        Assert.Equal(f1, metrics.F1, Rounding);
        Assert.Equal(support, metrics.Support);
    }
}
