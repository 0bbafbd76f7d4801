using BertGen.CompilerServices;
using BertGen.Generator.Specs;
using HeadKind = BertGen.CompilerServices.HeadKind;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>Generated training passes, run, against derivatives of the published mathematics.</summary>
public sealed class TrainTests
{
    /// <summary>Of the largest element of a weight's gradient: single-precision sums of up to some hundred terms through a few layers, twice.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>Length of a move along a gradient: between the rounding of the losses and their curvature.</summary>
    private const double DropoutStep = 2e-2;

    /// <summary>Of the expected difference of two losses in single precision.</summary>
    private const double DropoutTolerance = 2e-2;

    private const int Seed = 9;

    private static readonly Dictionary<string, (ModelSpec Spec, int[] Lengths)> s_models = new()
    {
        ["classes"] = (TestModels.Model(TestModels.Odd, TestModels.Head(Specs.HeadKind.SequenceClassification, 3)), [9, 2, 17]),
        ["odd"] = (TestModels.Model(TestModels.Odd, TestModels.AllHeads), [17, 2, 24, 1]),
        ["ragged"] = (TestModels.Model(TestModels.Ragged, TestModels.AllHeads), [3, 20, 16]),
        ["ragged-tanh"] = (TestModels.Model(TestModels.Ragged with { Activation = Specs.Activation.GeluTanh, LayerNormEpsilon = 1e-5 }, TestModels.HeadsWithoutText), [7, 12]),
        ["ragged-relu"] = (TestModels.Model(TestModels.Ragged with { Activation = Specs.Activation.Relu, Layers = 1 }, TestModels.Head(Specs.HeadKind.SequenceRegression)), [7, 12]),
        ["long"] = (TestModels.Model(TestModels.Long, TestModels.Head(Specs.HeadKind.QuestionAnswering), TestModels.Head(Specs.HeadKind.TokenClassification, 3)), [200, 5, 90]),
        ["frames"] = (TestModels.Model(TestModels.Frames, TestModels.HeadsWithoutText), [20, 2, 9, 1]),
        ["cbow"] = (TestModels.Model(TestModels.Cbow, TestModels.Head(Specs.HeadKind.MaskedLanguageModel)), [1, 9, 4]),
    };

    public static TheoryData<string, SimdWidth> Cases
    {
        get
        {
            TheoryData<string, SimdWidth> cases = [];
            foreach (string name in s_models.Keys)
            {
                cases.Add(name, SimdWidth.Vector256);
            }

            cases.Add("ragged", SimdWidth.Vector128);
            cases.Add("ragged", SimdWidth.Vector512);
            return cases;
        }
    }

    /// <summary>Elements of each weight are moved a little, up and down, in a model in double precision.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Gradients_are_the_derivatives_of_the_losses(string name, SimdWidth width)
    {
        (_, int[] lengths) = s_models[name];
        CompiledProgram program = Program(name);
        using PassRunner runner = new(program, Seed);
        TestTexts texts = TestTexts.Random(runner.Definition.Encoder, Seed, lengths);
        TestTargets[] targets = TestTargets.Random(runner.Definition, texts, Seed);
        TrainResult result = new TrainRunner(program, runner).Run(width, 1, texts, targets);
        ReferenceLoss reference = new(runner.Definition, runner.Weights, texts, targets);
        Assert.Equal(reference.Loss(), result.Loss, 1e-5 * Math.Abs(result.Loss));

        Random random = new(Seed);
        foreach (ParameterDefinition parameter in runner.Definition.Parameters)
        {
            double[] gradient = result.Gradients[parameter.Name];
            int most = Array.IndexOf(gradient, gradient.MaxBy(Math.Abs));

            double largest = result.Gradients[IsWithoutEffect(parameter.Name) ? parameter.Name.Replace(".bias", ".weight", StringComparison.Ordinal) : parameter.Name].Max(Math.Abs);
            Assert.True(largest > 0, $"{parameter.Name} has no gradient.");
            foreach (int element in new[] { most, random.Next(gradient.Length) })
            {
                double expected = reference.Derivative(parameter.Name, element);
                Assert.True(Math.Abs(expected - gradient[element]) <= Tolerance * largest, $"{parameter.Name}[{element}]: {gradient[element]}, expected {expected} (largest {largest}).");
            }
        }
    }

    [Theory]
    [InlineData("odd")]
    [InlineData("ragged")]
    [InlineData("frames")]
    [InlineData("long")]
    [InlineData("cbow")]
    public void Bits_do_not_depend_on_the_workers(string name)
    {
        (_, int[] lengths) = s_models[name];
        CompiledProgram program = Program(name);
        using PassRunner runner = new(program, Seed);
        TestTexts texts = TestTexts.Random(runner.Definition.Encoder, Seed, lengths);
        TestTargets[] targets = TestTargets.Random(runner.Definition, texts, Seed);
        TrainSettings dropout = new() { HiddenDropout = 0.1f, AttentionDropout = 0.2f };
        TrainRunner trainer = new(program, runner);
        TrainResult alone = trainer.Run(SimdWidth.Vector256, 1, texts, targets, dropout);
        for (int workers = 2; workers <= 4; workers++)
        {
            TrainResult team = trainer.Run(SimdWidth.Vector256, workers, texts, targets, dropout);
            Assert.Equal(alone.Packed, team.Packed);
            Assert.Equal(alone.Losses, team.Losses);
            Assert.Equal(alone.Hits, team.Hits);
        }
    }

    /// <summary>With dropout the losses of two passes with one seed differ by the step alone: their difference is the gradient's in that direction.</summary>
    [Theory]
    [InlineData("odd")]
    [InlineData("ragged")]
    [InlineData("frames")]
    public void Dropout_drops_backward_what_it_dropped_forward(string name)
    {
        (_, int[] lengths) = s_models[name];
        CompiledProgram program = Program(name);
        using PassRunner runner = new(program, Seed);
        TestTexts texts = TestTexts.Random(runner.Definition.Encoder, Seed, lengths);
        TestTargets[] targets = TestTargets.Random(runner.Definition, texts, Seed);
        TrainRunner trainer = new(program, runner);
        TrainSettings settings = new() { HiddenDropout = 0.3f, AttentionDropout = 0.4f, FirstToken = 1000, FirstText = 70 };
        TrainResult result = trainer.Run(SimdWidth.Vector256, 2, texts, targets, settings);
        Assert.NotEqual(trainer.Run(SimdWidth.Vector256, 2, texts, targets).Loss, result.Loss);

        // Along the gradient of each tensor the losses rise by its squared length.
        foreach (PackedTensor tensor in runner.Definition.PackedTensors)
        {
            double length = Math.Sqrt(Range(tensor).Sum(i => (double)result.Packed[i] * result.Packed[i]));
            if (IsWithoutEffect(tensor.Sources[0]) || length == 0)
            {
                continue;
            }

            double step = DropoutStep / length;
            double difference = Moved(step) - Moved(-step);
            double expected = 2 * step * length * length;
            Assert.True(Math.Abs(difference - expected) <= DropoutTolerance * Math.Abs(expected), $"{tensor.Sources[0]}: {difference}, expected {expected}.");

            double Moved(double by) => trainer.RunMoved(texts, targets, settings, Range(tensor), result.Packed, by).Loss;
        }

        static IEnumerable<int> Range(PackedTensor tensor) => Enumerable.Range((int)tensor.Offset, (int)tensor.Floats);
    }

    /// <summary>Gradients are added: two chunks give what one gives, but for the order of sums.</summary>
    [Theory]
    [InlineData("odd")]
    [InlineData("ragged")]
    [InlineData("cbow")]
    public void Chunks_add_up(string name)
    {
        (_, int[] lengths) = s_models[name];
        CompiledProgram program = Program(name);
        using PassRunner runner = new(program, Seed);
        TestTexts texts = TestTexts.Random(runner.Definition.Encoder, Seed, lengths);
        TestTargets[] targets = TestTargets.Random(runner.Definition, texts, Seed);
        TrainSettings dropout = new() { HiddenDropout = 0.2f, AttentionDropout = 0.2f };
        TrainRunner trainer = new(program, runner);
        TrainResult whole = trainer.Run(SimdWidth.Vector256, 1, texts, targets, dropout);
        TrainResult? sum = null;
        double loss = 0;
        for (int text = 0; text < lengths.Length; text++)
        {
            TrainSettings settings = dropout with { Before = sum?.Packed, FirstText = text, FirstToken = texts.Offsets[text] };
            sum = trainer.Run(SimdWidth.Vector256, 1, texts.Alone(text, runner.Definition.Encoder.Features), [.. targets.Select((target, head) => target.Alone(runner.Definition.Heads[head], texts, text))], settings);
            loss += sum.Loss;
        }

        Assert.Equal(whole.Loss, loss, 1e-6 * whole.Loss);
        double largest = whole.Packed.Max(Math.Abs);
        Assert.All(whole.Packed.Zip(sum!.Packed), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * largest));
    }

    /// <summary>A hit is the largest of the logits that inference gives.</summary>
    [Fact]
    public void Hits_are_the_largest_logits()
    {
        CompiledProgram program = Program("odd");
        using PassRunner runner = new(program, Seed);
        TestTexts texts = TestTexts.Random(runner.Definition.Encoder, Seed, s_models["odd"].Lengths);
        PassResult inferred = runner.Run(SimdWidth.Vector256, 1, texts);
        TestTargets[] targets = TestTargets.Random(runner.Definition, texts, Seed);
        for (int head = 0; head < targets.Length; head++)
        {
            int outputs = runner.Definition.Heads[head].Outputs;
            if (targets[head].Classes is int[] classes && runner.Definition.Heads[head].Kind != HeadKind.QuestionAnswering)
            {
                for (int row = 0; row < classes.Length; row += 2)
                {
                    float[] logits = inferred.Outputs[head][(row * outputs)..((row + 1) * outputs)];
                    classes[row] = Array.IndexOf(logits, logits.Max());
                }
            }
        }

        TrainResult result = new TrainRunner(program, runner).Run(SimdWidth.Vector256, 1, texts, targets);
        for (int head = 0; head < targets.Length; head++)
        {
            HeadDefinition definition = runner.Definition.Heads[head];
            float[] expected = definition.Kind == HeadKind.QuestionAnswering ? SpanHits(inferred.Outputs[head], texts, targets[head].Classes!)
                : targets[head].Classes is int[] classes
                    ? [.. classes.Select((target, row) => inferred.Outputs[head][row * definition.Outputs + target] >= inferred.Outputs[head][(row * definition.Outputs)..((row + 1) * definition.Outputs)].Max() ? 1f : 0f)]
                    : result.Hits[head];
            Assert.Equal(expected, result.Hits[head]);
        }
    }

    private static float[] SpanHits(float[] logits, TestTexts texts, int[] classes) =>
        [.. Enumerable.Range(0, texts.Offsets.Length - 1).Select(text =>
        {
            (int first, int end) = (texts.Offsets[text], texts.Offsets[text + 1]);
            bool Hits(int side) => Enumerable.Range(first, end - first).MaxBy(token => logits[2 * token + side]) - first == classes[2 * text + side];
            return Hits(0) && Hits(1) ? 1f : 0f;
        })];

    [Fact]
    public void Frozen_layers_and_heads_that_take_no_part_have_no_gradients()
    {
        CompiledProgram program = Program("odd");
        using PassRunner runner = new(program, Seed);
        TestTexts texts = TestTexts.Random(runner.Definition.Encoder, Seed, s_models["odd"].Lengths);
        TestTargets[] targets = TestTargets.Random(runner.Definition, texts, Seed);
        for (int head = 0; head < targets.Length; head++)
        {
            targets[head] = runner.Definition.Heads[head].Kind == HeadKind.TokenClassification ? targets[head] : new TestTargets();
        }

        TrainRunner trainer = new(program, runner);
        TrainResult all = trainer.Run(SimdWidth.Vector256, 2, texts, targets);
        TrainResult frozen = trainer.Run(SimdWidth.Vector256, 2, texts, targets, new TrainSettings { FrozenLayers = 1 });
        foreach ((string name, double[] gradient) in frozen.Gradients)
        {
            bool isTrained = name.StartsWith("bert.encoder.layer.1.", StringComparison.Ordinal) || name.StartsWith("heads.Pos.", StringComparison.Ordinal);
            Assert.Equal(isTrained ? all.Gradients[name] : new double[gradient.Length], gradient);
            Assert.Equal(isTrained, gradient.Any(value => value != 0));
        }
    }

    /// <summary>A bias that moves all that one softmax sees alike: its derivative is 0, and what rounding leaves of it is measured by its weight's.</summary>
    private static bool IsWithoutEffect(string parameter) => parameter.EndsWith("key.bias", StringComparison.Ordinal) || parameter == "qa_outputs.bias";

    private static CompiledProgram Program(string name)
    {
        lock (s_programs)
        {
            if (!s_programs.TryGetValue(name, out CompiledProgram? program))
            {
                s_programs.Add(name, program = CompiledModel.Load(s_models[name].Spec));
            }

            return program;
        }
    }

    private static readonly Dictionary<string, CompiledProgram> s_programs = [];
}
