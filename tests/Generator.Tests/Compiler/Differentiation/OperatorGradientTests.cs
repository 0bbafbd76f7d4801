using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tests.Compiler.Differentiation;

/// <summary>Each operator's gradient rule against the numeric derivative of the operator itself, in a random direction.</summary>
public sealed class OperatorGradientTests
{
    /// <summary>Of the larger derivative: central differences of step 1e-5 are off by its square and by rounding of 1e-16 / 1e-5.</summary>
    private const double Tolerance = 1e-7;

    private const double Step = 1e-5;

    /// <summary>Sizes that are multiples of nothing.</summary>
    private const int Columns = 7, Outputs = 5, Heads = 3, HeadSize = 4;

    private static readonly int[] s_lengths = [5, 1, 3];

    private static readonly Shape s_rows = new(Axis.Tokens, Columns), s_heads = new(Heads, Axis.Tokens, HeadSize), s_scores = new(Heads, Axis.Tokens, Axis.Keys);

    private static readonly Dictionary<string, (Operator Operator, Shape[] Inputs)> s_operators = new()
    {
        ["add"] = (new Add(), [s_rows, s_rows]),
        ["add a row"] = (new Add(), [s_rows, new Shape(Columns)]),
        ["multiply"] = (new Multiply(), [s_rows, s_rows]),
        ["multiply by a row"] = (new Multiply(), [s_rows, new Shape(Columns)]),
        ["multiply by a number a row"] = (new Multiply(), [s_rows, new Shape(Axis.Tokens, 1)]),
        ["sum"] = (new Sum(), [s_rows, s_rows, s_rows]),
        ["linear"] = (new Linear(), [s_rows, new Shape(Outputs, Columns)]),
        ["gelu"] = (new Activate(Function.Gelu), [s_rows]),
        ["gelu by tanh"] = (new Activate(Function.GeluTanh), [s_rows]),
        ["relu"] = (new Activate(Function.Relu), [s_rows]),
        ["tanh"] = (new Activate(Function.Tanh), [s_rows]),
        ["layer norm"] = (new LayerNorm(1e-3), [s_rows, new Shape(Columns), new Shape(Columns)]),
        ["dropout"] = (new Dropout(DropoutKind.Hidden, 2), [s_rows]),
        ["split heads"] = (new SplitHeads(Heads), [new Shape(Axis.Tokens, Heads * HeadSize)]),
        ["merge heads"] = (new MergeHeads(), [s_heads]),
        ["scores"] = (new AttentionScores(0.3), [s_heads, s_heads]),
        ["softmax"] = (new Operators.Softmax(), [s_scores]),
        ["context"] = (new AttentionContext(), [s_scores, s_heads]),
        ["first tokens"] = (new FirstTokens(), [s_rows]),
        ["selected tokens"] = (new SelectTokens(), [s_rows]),
        ["spread texts"] = (new SpreadRows(), [new Shape(Axis.Texts, Columns)]),
        ["spread selected"] = (new SpreadRows(), [new Shape(Axis.Selected, Columns)]),
        ["prepend a row"] = (new PrependRow(), [new Shape(Axis.Vectors, Columns), new Shape(Columns)]),
        ["window mean"] = (new WindowMean(2), [s_rows]),
    };

    public static TheoryData<string> Names => [.. s_operators.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rule_matches_the_numeric_derivative(string name)
    {
        foreach ((double analytic, double numeric) in Derivatives(name, (value, dy) => value.Operator.Gradients(value, dy)))
        {
            Assert.True(Agree(analytic, numeric), $"{name}: {analytic} by the rule, {numeric} by differences.");
        }
    }

    /// <summary>A rule of the right shape with a term forgotten: the softmax whose rows need not sum to one.</summary>
    [Fact]
    public void A_wrong_rule_is_found()
    {
        (double analytic, double numeric) = Assert.Single(Derivatives("softmax", (p, dy) => [p * dy]));
        Assert.False(Agree(analytic, numeric));
    }

    [Fact]
    public void Gathered_rows_scatter_their_gradients()
    {
        TextChunk chunk = new(3, s_lengths);
        Value table = Given(new Shape(4, Columns));
        Value ids = Given(new Shape(Axis.Tokens));
        Value rows = Value.Of(new Gather(), table, ids);
        Tensor looked = Tensor.Of(Enumerable.Range(0, chunk.TokenCount).Select(_ => chunk.Random.Next(4)));
        (double analytic, double numeric) = Derivative(chunk, rows, [Tensor.Random(chunk.Random, 4, Columns), looked], 0, rows.Operator.Gradients);
        Assert.True(Agree(analytic, numeric), $"{analytic} by the rule, {numeric} by differences.");
    }

    [Theory]
    [InlineData(LossKind.CrossEntropy, Axis.Tokens, 6)]
    [InlineData(LossKind.CrossEntropy, Axis.Selected, 9)]
    [InlineData(LossKind.BinaryCrossEntropy, Axis.Texts, 5)]
    [InlineData(LossKind.SquaredError, Axis.Texts, 1)]
    [InlineData(LossKind.AnswerSpan, Axis.Tokens, 2)]
    internal void Loss_gradient_is_the_derivative_of_the_loss(LossKind kind, Axis rows, int outputs)
    {
        TextChunk chunk = new(8, 4, 1, 7, 3);
        LossGradient loss = new(kind, 0);
        Tensor logits = Tensor.Random(chunk.Random, chunk.SizesOf(new Shape(rows, outputs)));
        chunk.Target(loss, logits);
        Tensor direction = Tensor.Random(chunk.Random, logits.Sizes);
        double numeric = (Losses.Of(loss, logits.Plus(Step, direction), chunk) - Losses.Of(loss, logits.Plus(-Step, direction), chunk)) / (2 * Step);
        double analytic = Losses.Gradient(loss, logits, chunk).Dot(direction);
        Assert.True(Agree(analytic, numeric), $"{analytic} by the rule, {numeric} by differences.");
    }

    /// <summary>An embedding has no loss, so its operators need no rule; they say so rather than go without.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_no_loss_reaches_has_no_rule_and_says_so(bool isNormalize)
    {
        Value value = Value.Of(isNormalize ? new Normalize() : new PoolTokens(PoolKind.Max), Given(s_rows));
        Assert.Contains(value.Operator.Name, Assert.Throws<NotSupportedException>(() => value.Operator.Gradients(value, value)).Message, StringComparison.Ordinal);
    }

    private static bool Agree(double analytic, double numeric) => Math.Abs(analytic - numeric) <= Tolerance * Math.Max(1, Math.Max(Math.Abs(analytic), Math.Abs(numeric)));

    /// <summary>For each input: the derivative of a random weighting of the result, by the rule and by differences.</summary>
    private static IEnumerable<(double Analytic, double Numeric)> Derivatives(string name, Func<Value, Value, Value?[]> rule)
    {
        (Operator @operator, Shape[] shapes) = s_operators[name];
        TextChunk chunk = new(name.Length, s_lengths);
        Value output = Value.Of(@operator, [.. shapes.Select(Given)]);
        Tensor[] inputs = [.. shapes.Select(shape => Tensor.Random(chunk.Random, chunk.SizesOf(shape)))];
        return Enumerable.Range(0, shapes.Length).Select(input => Derivative(chunk, output, inputs, input, rule));
    }

    private static (double Analytic, double Numeric) Derivative(TextChunk chunk, Value output, Tensor[] inputs, int input, Func<Value, Value, Value?[]> rule)
    {
        Value dy = Given(output.Shape);
        Tensor weighting = Tensor.Random(chunk.Random, chunk.SizesOf(output.Shape));
        Tensor direction = Tensor.Random(chunk.Random, inputs[input].Sizes);
        Value gradient = Assert.IsType<Value>(rule(output, dy)[input]);
        double analytic = Run(inputs[input])[gradient].Dot(direction);
        double numeric = (Run(inputs[input].Plus(Step, direction))[output].Dot(weighting) - Run(inputs[input].Plus(-Step, direction))[output].Dot(weighting)) / (2 * Step);
        return (analytic, numeric);

        GraphInterpreter Run(Tensor changed) => new(chunk, value =>
        {
            int index = output.Inputs.IndexOf(value);
            return value == dy ? weighting : index == input ? changed : index >= 0 ? inputs[index] : null;
        });
    }

    private static Value Given(Shape shape) => Value.Of(new Input(InputKind.Vectors, shape));
}
