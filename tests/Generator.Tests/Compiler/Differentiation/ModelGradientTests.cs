using BertGen.Generator.Differentiation;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Tests.Compiler.Differentiation;

/// <summary>Whole models: the gradient of every parameter against the numeric derivative of the total loss in a random direction.</summary>
public sealed class ModelGradientTests
{
    /// <summary>Of the larger of the derivative and a hundredth of the loss: differences of fourth order leave about 1e-9, rounding of 1e-16 / 2e-4 less where a derivative is small.</summary>
    private const double Tolerance = 1e-7;

    private const double Step = 2e-4;

    private static readonly EncoderSpec s_bert = new() { Layers = 2, HiddenSize = 15, Heads = 3, IntermediateSize = 11, VocabularySize = 13, MaxPositions = 8, LayerNormEpsilon = 1e-3 };

    private static readonly Dictionary<string, ModelSpec> s_models = new()
    {
        ["classes"] = TestModels.Model(s_bert, TestModels.Head(HeadKind.SequenceClassification, 3)),
        ["labels"] = TestModels.Model(s_bert with { Activation = Specs.Activation.GeluTanh }, TestModels.Head(HeadKind.MultiLabelClassification, 4)),
        ["score"] = TestModels.Model(s_bert with { Layers = 1 }, TestModels.Head(HeadKind.SequenceRegression)),
        ["score from 0 to 1"] = TestModels.Model(s_bert, TestModels.Head(HeadKind.SequenceRegression) with { Sigmoid = true }),
        ["tags"] = TestModels.Model(s_bert, TestModels.Head(HeadKind.TokenClassification, 3)),
        ["entities"] = TestModels.Model(s_bert, TestModels.Head(HeadKind.EntityRecognition, 2)),
        ["answers"] = TestModels.Model(s_bert, TestModels.Head(HeadKind.QuestionAnswering)),
        ["masks"] = TestModels.Model(s_bert, TestModels.Head(HeadKind.MaskedLanguageModel)),
        ["pre-training"] = TestModels.Model(s_bert, TestModels.Head(HeadKind.MaskedLanguageModel), TestModels.Head(HeadKind.NextSentencePrediction)),
        ["all heads"] = TestModels.Model(s_bert with { Layers = 3 }, TestModels.AllHeads),
        ["vectors"] = TestModels.Model(s_bert with { VocabularySize = 0, TokenTypes = 0, Features = 5 }, TestModels.HeadsWithoutText),
        ["bag of words"] = TestModels.Model(TestModels.Cbow with { HiddenSize = 6, VocabularySize = 13 }, TestModels.Head(HeadKind.MaskedLanguageModel)),
    };

    public static TheoryData<string> Names => [.. s_models.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_gradient_matches_the_numeric_derivative(string name)
    {
        Graph forward = GraphBuilder.BuildForTraining(s_models[name])!;
        TrainingGraph training = ReverseMode.Differentiate(forward);
        TrainingGraphVerifier.Verify(training);
        Case model = new(forward);
        foreach (IGrouping<string, ParameterGradient> parameter in training.Gradients.GroupBy(gradient => ((Parameter)gradient.Parameter.Operator).Key))
        {
            (double analytic, double numeric) = model.Derivative(parameter.Key, parameter.Select(contribution => contribution.Gradient));
            Assert.True(model.Agree(analytic, numeric), $"{parameter.Key}: {analytic} by the rules, {numeric} by differences.");
        }
    }

    /// <summary>Packed projections, additions in place of sums: what the kernels compute is the same gradient.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void What_the_kernels_compute_is_what_differentiation_made(string name)
    {
        Graph forward = GraphBuilder.BuildForTraining(s_models[name])!;
        TrainingGraph training = ReverseMode.Differentiate(forward);
        TrainingKernelPlan plan = TrainingPlanner.Plan(training);
        TrainingKernelVerifier.Verify(plan);
        GraphInterpreter interpreter = new Case(forward).Run();
        Assert.Equal(training.Gradients.Length, plan.Graph.Outputs.Length);
        for (int i = 0; i < training.Gradients.Length; i++)
        {
            Tensor expected = interpreter[training.Gradients[i].Gradient];
            Tensor actual = interpreter[plan.Graph.Outputs[i].Value];
            double largest = expected.Data.Max(Math.Abs);
            Assert.All(expected.Data.Zip(actual.Data), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= Rounding * (1 + largest), $"{training.Gradients[i].Parameter.Operator.Attributes}: {pair.First} and {pair.Second}."));
        }
    }

    /// <summary>Sums of a few dozen terms in another order.</summary>
    private const double Rounding = 1e-12;

    /// <summary>A rule that forgets a term in one layer shows in the gradients of what lies before it.</summary>
    [Fact]
    public void A_gradient_without_its_residual_is_found()
    {
        Graph forward = GraphBuilder.BuildForTraining(s_models["classes"])!;
        TrainingGraph training = ReverseMode.Differentiate(forward);
        Value words = training.Gradients.Single(gradient => gradient.Parameter.Operator is Parameter { Key: BertEncoder.WordEmbeddings }).Gradient;
        Value sum = training.Graph.Values.Last(value => value.Operator is Sum);
        Value broken = Replace(words, sum, value => value.With(value.Inputs.RemoveAt(0)), []);
        Case model = new(forward);
        (double analytic, double numeric) = model.Derivative(BertEncoder.WordEmbeddings, [broken]);
        Assert.False(model.Agree(analytic, numeric));
    }

    private static Value Replace(Value value, Value wanted, Func<Value, Value> replacement, Dictionary<Value, Value> known)
    {
        if (!known.TryGetValue(value, out Value? replaced))
        {
            Value[] inputs = [.. value.Inputs.Select(input => Replace(input, wanted, replacement, known))];
            replaced = value == wanted ? replacement(value) : inputs.SequenceEqual(value.Inputs) ? value : value.With([.. inputs]);
            known.Add(value, replaced);
        }

        return replaced;
    }

    /// <summary>A model with random weights, texts and targets.</summary>
    private sealed class Case
    {
        private readonly Dictionary<string, Tensor> _parameters = [];
        private readonly Dictionary<InputKind, Tensor> _inputs = [];
        private readonly TextChunk _chunk = new(5, 6, 1, 8, 3);
        private readonly Value[] _losses;
        private readonly double _loss;

        public Case(Graph forward)
        {
            foreach (Value value in forward.Values)
            {
                if (value.Operator is Parameter parameter && !_parameters.ContainsKey(parameter.Key))
                {
                    // Of moderate size, so that no softmax saturates; scales of a normalization lie around one.
                    Tensor random = Tensor.Random(_chunk.Random, _chunk.SizesOf(parameter.Shape));
                    _parameters.Add(parameter.Key, random.Map(x => (parameter.Role == ParameterRole.LayerNormWeight ? 1 : 0) + 0.6 * x));
                }
                else if (value.Operator is Input input)
                {
                    int rows = forward.Values.Where(gather => gather.Operator is Gather && gather.Inputs[1] == value).Select(gather => gather.Inputs[0].Shape.Dimensions[0].Size).FirstOrDefault();
                    _inputs[input.Kind] = input.Kind switch
                    {
                        InputKind.Vectors => Tensor.Random(_chunk.Random, _chunk.SizesOf(input.Shape)),
                        InputKind.Positions => Tensor.Of(Enumerable.Range(0, _chunk.TokenCount).Select(_chunk.PositionOf)),
                        _ => Tensor.Of(Enumerable.Range(0, _chunk.TokenCount).Select(_ => _chunk.Random.Next(rows))),
                    };
                }
            }

            _losses = [.. forward.Outputs.Where(output => output.Kind == OutputKind.Loss).Select(output => output.Value)];
            GraphInterpreter first = Run();
            foreach (Value loss in _losses)
            {
                _chunk.Target((LossGradient)loss.Operator, first[loss.Inputs[0]]);
            }

            _loss = Loss(first);
        }

        public GraphInterpreter Run(string? changed = null, Tensor? replacement = null) => new(_chunk, value => value.Operator switch
        {
            Parameter parameter => parameter.Key == changed ? replacement : _parameters[parameter.Key],
            Input input => _inputs[input.Kind],
            _ => null,
        });

        public (double Analytic, double Numeric) Derivative(string key, IEnumerable<Value> contributions)
        {
            Tensor direction = Tensor.Random(_chunk.Random, _parameters[key].Sizes);
            GraphInterpreter run = Run();
            double analytic = contributions.Sum(contribution => run[contribution].Dot(direction));
            double Difference(double step) => Loss(Run(key, _parameters[key].Plus(step, direction))) - Loss(Run(key, _parameters[key].Plus(-step, direction)));
            return (analytic, (8 * Difference(Step) - Difference(2 * Step)) / (12 * Step));
        }

        public bool Agree(double analytic, double numeric) => Math.Abs(analytic - numeric) <= Tolerance * Math.Max(_loss / 100, Math.Max(Math.Abs(analytic), Math.Abs(numeric)));

        private double Loss(GraphInterpreter run) => _losses.Sum(run.Loss);
    }
}
