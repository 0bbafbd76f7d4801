namespace BertGen.Tests.Metrics;

public class AnswerReportTests
{
    private const double Rounding = 1e-12;

    [Theory]
    [InlineData("The Normans.", "normans", 1, 1)]
    [InlineData("a  cat, an owl", "cat owl", 1, 1)]
    [InlineData("Theodore", "odore", 0, 0)]
    [InlineData("10th and 11th", "in the 10th and 11th centuries", 0, 6 / 8.0)]
    [InlineData("to be to", "to be or not to be", 0, 6 / 9.0)]
    [InlineData("", "cat", 0, 0)]
    [InlineData("the", "a", 1, 1)]
    // Punctuation beyond ASCII stays, as in the published script.
    [InlineData("“cat”", "cat", 0, 0)]
    [InlineData("u.s.", "US", 1, 1)]
    public void Answers_are_compared_as_SQuAD_compares_them(string predicted, string right, double exact, double f1) => Check(predicted, right, exact, f1);

    [Theory]
    [InlineData("苹果。", "苹果", 1, 1)]
    [InlineData("红苹果", "苹果", 0, 4 / 5.0)]
    [InlineData("《红楼梦》", "红楼梦", 1, 1)]
    [InlineData("2009年", "2009 年", 1, 1)]
    [InlineData("iPhone 手机", "iphone手机", 1, 1)]
    [InlineData("梨", "苹果", 0, 0)]
    public void Chinese_answers_are_compared_by_characters(string predicted, string right, double exact, double f1) => Check(predicted, right, exact, f1);

    [Fact]
    public void The_best_of_several_right_answers_counts()
    {
        AnswerTally tally = new();
        tally.Add("big cat", [new AnswerSpan("dog", 0), new AnswerSpan("cat", 0), new AnswerSpan("a big cat", 0)]);
        AnswerReport report = tally.Report();
        Assert.Equal((1, 1), (report.ExactMatch, report.F1));
    }

    [Fact]
    public void Questions_without_an_answer_count_as_right_or_wrong()
    {
        AnswerTally tally = new();
        tally.Add("", []);
        tally.Add("cat", []);
        tally.Add("", [new AnswerSpan("cat", 0)]);
        tally.Add("big cat", [new AnswerSpan("cat", 0)]);
        AnswerReport report = tally.Report();
        Assert.Equal((4, 2), (report.Count, report.NoAnswerCount));
        Assert.Equal(1 / 4.0, report.ExactMatch, Rounding);
        Assert.Equal((1 + 2 / 3.0) / 4, report.F1, Rounding);
        Assert.Equal(0.5, report.NoAnswerAccuracy, Rounding);
        Assert.Equal((0, 1 / 3.0), (report.HasAnswerExactMatch, report.HasAnswerF1));
    }

    private static void Check(string predicted, string right, double exact, double f1)
    {
        (double actualExact, double actualF1) = AnswerComparison.Compare(predicted, right);
        Assert.Equal(exact, actualExact);
        Assert.Equal(f1, actualF1, Rounding);
    }
}
