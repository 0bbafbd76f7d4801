using BertGen.Models.Tests.Torch;
using BertGen.Models.Tests.Training;

namespace BertGen.Models.Tests;

/// <summary>The check of the gradients can fail: each mistake, made on purpose in a right gradient or in the step, breaks the tolerance, judged by libtorch and by its fixture.</summary>
public sealed class TrainingMutationTests
{
    private const string Case = "all heads";

    // A thousandth is ten times the tolerance.
    private const double SmallMistake = 1e-3;

    public static TheoryData<string> Weights => [.. BertGen.Models.Tests.Declarations.PublishedTensors.Of(TrainingCase.Named(Case).Declaration).Select(tensor => tensor.Name).Where(name => !IsZeroInTheory(name))];

    [Fact]
    public void No_mistake_is_no_error()
    {
        Machine.RequireTorch();
        TorchGradients right = Right();
        Assert.Equal(0, GradientAgreement.Compare(GradientOracle.Of(right), right.Gradients)[0].Ratio);
        Assert.InRange(GradientAgreement.Compare(Kept(), right.Gradients)[0].Ratio, 0, 1e-3);
    }

    [Theory]
    [MemberData(nameof(Weights))]
    public void Gradient_that_is_a_thousandth_too_large_is_found(string weight) => MustBreak(weight, gradient => [.. gradient.Select(value => value * (1 + SmallMistake))]);

    [Theory]
    [MemberData(nameof(Weights))]
    public void Lost_gradient_is_found(string weight) => MustBreak(weight, gradient => new double[gradient.Length]);

    // Of a vector one element, of a matrix one row.
    [Theory]
    [MemberData(nameof(Weights))]
    public void Lost_row_is_found(string weight)
    {
        int[] shape = TrainingCase.Named(Case).Weights[weight].Shape;
        int columns = shape.Length == 1 ? 1 : shape[1];
        MustBreak(weight, gradient =>
        {
            int row = Enumerable.Range(0, shape[0]).MaxBy(row => gradient.Skip(row * columns).Take(columns).Sum(Math.Abs));
            return [.. gradient.Select((value, i) => i / columns == row ? 0 : value)];
        });
    }

    [Fact]
    public void Key_bias_with_a_gradient_is_found() =>
        MustBreak("bert.encoder.layer.1.attention.self.key.bias", gradient => [.. Right().Gradients["bert.encoder.layer.1.attention.self.query.bias"]]);

    [Theory]
    [InlineData("classes", "smoothing lost")]
    [InlineData("classes", "class weights lost")]
    [InlineData("tags", "ignored rows counted")]
    [InlineData("two heads", "weight of the second head lost")]
    [InlineData("pretraining", "second head lost")]
    [InlineData("answers", "start and end exchanged")]
    [InlineData("masks", "a target changed")]
    [InlineData("score", "a target changed")]
    [InlineData("labels", "a target changed")]
    public void Mistake_in_the_step_is_found(string name, string mistake)
    {
        Machine.RequireTorch();
        TrainingCase one = TrainingCase.Named(name);
        RowTargets first = one.Targets[0];
        float[] even = [.. first.Weights.Select(_ => 1f / first.Weights.Length)];
        TrainingCase wrong = one with
        {
            Targets = mistake switch
            {
                "smoothing lost" => [first with { Smoothing = 0 }],
                "class weights lost" or "ignored rows counted" => [first with { Weights = even }],
                "weight of the second head lost" => [first, one.Targets[1] with { Weights = [.. one.Targets[1].Weights.Select(weight => 2 * weight)] }],
                "second head lost" => [first],
                "start and end exchanged" => [first with { Classes = [.. first.Classes.Chunk(2).SelectMany(ends => ends.Reverse())] }],
                "a target changed" when first.Values.Length > 0 => [first with { Values = [1 - first.Values[0], .. first.Values[1..]] }],
                "a target changed" => [first with { Classes = [first.Classes[0] + 1, .. first.Classes[1..]] }],
                _ => throw new ArgumentException(mistake, nameof(mistake)),
            },
        };
        Assert.True(GradientAgreement.Compare(GradientOracle.Of(one), TorchGradients.Of(wrong).Gradients)[0].Ratio > 10, $"'{mistake}' hides.");
    }

    // Biases that add the same to all inputs of a softmax.
    private static bool IsZeroInTheory(string name) => name.EndsWith("attention.self.key.bias", StringComparison.Ordinal) || name == "qa_outputs.bias";

    private static TorchGradients Right() => s_right.Value;

    private static readonly Lazy<TorchGradients> s_right = new(() => TorchGradients.Of(TrainingCase.Named(Case)));

    private static GradientOracle Kept() => GradientFixture.From(TrainingCase.Named(Case), Right(), []).ToOracle();

    private static void MustBreak(string weight, Func<double[], double[]> mistake)
    {
        Machine.RequireTorch();
        Dictionary<string, double[]> wrong = new(Right().Gradients) { [weight] = mistake(Right().Gradients[weight]) };
        foreach (GradientOracle oracle in new[] { GradientOracle.Of(Right()), Kept() })
        {
            (double ratio, string where) = GradientAgreement.Compare(oracle, wrong)[0];
            Assert.True(ratio > 1 && where.StartsWith(weight, StringComparison.Ordinal), $"The mistake in {weight} hides: {ratio:F2} × the tolerance, at {where}.");
        }
    }
}
