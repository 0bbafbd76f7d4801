using BertGen.CompilerServices;
using BertGen.Tests.Kernels;
using BertGen.Tests.Weights;
using BertGen.Training;
using BertGen.Weights;

namespace BertGen.Tests.Training;

public sealed unsafe class OptimizerKernelsTests
{
    private const string Words = "bert.embeddings.word_embeddings.weight";

    // Squares and their sum are doubles; the reference adds them in another order.
    private const double NormRelative = 1e-12;

    // Weights about 1 after one step with a few float roundings.
    private const double StepAbsolute = 1e-6;

    // Head size 24: padded outputs in the projections. 23 words: a panel that is not full. Matrices of several blocks.
    private static readonly ModelDefinition Definition = TinyModel.Define([TinyModel.Masks, TinyModel.Classifier("No", "Yes")], headCount: 6, headSize: 24);

    [Fact]
    public void Ranges_cover_the_arena_and_tell_depth_and_decay()
    {
        var layout = new ParameterLayout(Definition);
        long next = 0;
        foreach (ParameterRange range in layout.Ranges)
        {
            Assert.Equal(next, range.Start);
            next = range.End;
        }

        Assert.Equal(Definition.WeightFloats, next);
        Assert.Equal((0, true), Of(Words));
        Assert.Equal((0, false), Of("bert.embeddings.LayerNorm.weight"));
        Assert.Equal((1, true), Of("bert.encoder.layer.0.attention.self.key.weight"));
        Assert.Equal((1, false), Of("bert.encoder.layer.0.attention.self.key.bias"));
        Assert.Equal((2, false), Of("bert.encoder.layer.1.output.LayerNorm.bias"));
        Assert.Equal((3, true), Of("bert.pooler.dense.weight"));
        Assert.Equal((3, true), Of("classifier.weight"));
        Assert.Equal((3, false), Of("cls.predictions.bias"));
        Assert.Equal([Words], layout.Ranges.Where(range => range.IsCopy).Select(range => range.Name));

        (int, bool) Of(string name)
        {
            ParameterRange range = layout.Ranges.First(range => range.Parameters.Any(parameter => parameter.Name == name));
            return (range.Depth, range.Decays);
        }
    }

    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void The_norm_is_that_of_the_published_gradients(int workers)
    {
        using var arena = new Arena();
        double expected = Math.Sqrt(arena.PublishedGradients().Values.Sum(values => values.Sum(value => value * value)));
        GradientNorm norm = arena.Measure(workers);
        Assert.Null(norm.Bad);
        Assert.Equal(expected, norm.Norm, expected * NormRelative);
    }

    [Theory]
    [InlineData(float.NaN), InlineData(float.PositiveInfinity), InlineData(float.NegativeInfinity)]
    public void A_gradient_that_is_no_number_is_found_by_name(float value)
    {
        foreach (ParameterRange range in new ParameterLayout(Definition).Ranges)
        {
            using var arena = new Arena();
            arena.Gradients.Span[(int)range.Start] = value;
            GradientNorm norm = arena.Measure(2);
            Assert.False(double.IsFinite(norm.Norm));
            Assert.Equal(range.Name, norm.Bad!.Name);
        }
    }

    [Fact]
    public void Gradients_of_both_places_of_a_tied_parameter_meet()
    {
        using var arena = new Arena();
        double[] expected = arena.PublishedGradients()[Words];
        arena.Measure(2);
        PackedSource[] places = [.. new WeightLayout(Definition).Places(Words)];
        PackedSource table = places.Single(place => place.IsTable), panels = places.Single(place => !place.IsTable);
        Assert.Equal(expected, arena.Read(panels, arena.Gradients), (x, y) => Math.Abs(x - y) <= 1e-6 * Math.Max(1, Math.Abs(x)));
        Assert.All(arena.Read(table, arena.Gradients), gradient => Assert.Equal(0, gradient));
        arena.AssertPaddingIsZero(arena.Gradients);
    }

    [Fact]
    public void A_step_updates_every_place_of_every_parameter()
    {
        using var arena = new Arena();
        var before = arena.Published(arena.Weights);
        var gradients = arena.PublishedGradients();
        var step = new AdamWStep(1, 0.01, 0.1, Epsilon: 1e-6, GradientScale: 0.5);
        arena.Measure(1);
        arena.Update(1, step);
        foreach (ParameterDefinition parameter in Definition.Parameters)
        {
            bool decays = parameter.Role is ParameterRole.Weight or ParameterRole.Embedding;
            double[] expected = new double[before[parameter.Name].Length];
            for (int i = 0; i < expected.Length; i++)
            {
                // In the first step the corrected moments are the gradient and its square.
                double g = gradients[parameter.Name][i] * step.GradientScale;
                expected[i] = before[parameter.Name][i] * (1 - (decays ? step.LearningRate * step.WeightDecay : 0)) - step.LearningRate * g / (Math.Abs(g) + step.Epsilon);
            }

            foreach (PackedSource place in new WeightLayout(Definition).Places(parameter.Name))
            {
                Assert.Equal(expected, arena.Read(place, arena.Weights), (x, y) => Math.Abs(x - y) <= StepAbsolute * Math.Max(1, Math.Abs(x)));
            }
        }

        arena.AssertPaddingIsZero(arena.Weights);
        Assert.False(arena.Gradients.Span.ContainsAnyExcept(0f), "A gradient was left.");
    }

    [Fact]
    public void Bits_do_not_depend_on_the_workers_or_the_width()
    {
        float[] expected = AfterSteps(1, SimdWidth.Vector256);
        Assert.Equal(expected, AfterSteps(2, SimdWidth.Vector256));
        Assert.Equal(expected, AfterSteps(3, SimdWidth.Vector256));
        Assert.Equal(expected, AfterSteps(1, SimdWidth.Vector128));
        Assert.Equal(expected, AfterSteps(2, SimdWidth.Vector512));

        static float[] AfterSteps(int workers, SimdWidth width)
        {
            using var arena = new Arena(width);
            var norms = new List<float>();
            for (int step = 1; step <= 3; step++)
            {
                arena.DrawGradients(step);
                double norm = arena.Measure(workers).Norm;
                norms.AddRange([(float)norm, (float)(norm - (float)norm)]);
                arena.Update(workers, new AdamWStep(step, 0.01, 0.1));
            }

            return [.. norms, .. arena.Weights.Span, .. arena.First.Span, .. arena.Second.Span];
        }
    }

    [Fact]
    public void Frozen_ranges_stay_and_the_others_go_at_their_own_rate()
    {
        using var arena = new Arena();
        float[] before = arena.Weights.Span.ToArray();
        for (int i = 0; i < arena.Kernels.RateFactors.Length; i++)
        {
            arena.Kernels.RateFactors[i] = arena.Kernels.Layout.Ranges[i].Depth switch { <= 1 => 0, 2 => 0.5f, _ => 1 };
        }

        double expected = 0;
        foreach (ParameterRange range in arena.Kernels.Layout.Ranges.Where(range => range.Depth > 1))
        {
            expected += arena.Gradients.Span[(int)range.Start..(int)range.End].ToArray().Sum(gradient => (double)gradient * gradient);
        }

        Assert.Equal(Math.Sqrt(expected), arena.Measure(2).Norm, Math.Sqrt(expected) * NormRelative);
        arena.Update(2, new AdamWStep(1, 0.01, 0));
        foreach (ParameterRange range in arena.Kernels.Layout.Ranges)
        {
            double change = range.Depth switch { <= 1 => 0, 2 => 0.005, _ => 0.01 };
            int first = (int)range.Start;
            Assert.Equal(change, Math.Abs(arena.Weights.Span[first] - before[first]), StepAbsolute);
        }

        Assert.False(arena.Gradients.Span.ContainsAnyExcept(0f), "A gradient was left.");
    }

    [Fact]
    public void Gradients_are_cleared_on_request()
    {
        using var arena = new Arena();
        arena.Gradients.Span[5] = float.NaN;
        arena.Clear(3);
        Assert.False(arena.Gradients.Span.ContainsAnyExcept(0f));
    }

    /// <summary>Weights, gradients and moments of <see cref="Definition"/>; padding is zero.</summary>
    private sealed class Arena : IDisposable
    {
        private readonly Team _team = new(3);

        public Arena(SimdWidth width = SimdWidth.Vector256)
        {
            Kernels = new OptimizerKernels(Definition, width);
            Weights = Zeros();
            Gradients = Zeros();
            First = Zeros();
            Second = Zeros();
            Draw(Weights, 100);
            DrawGradients(0);
        }

        public OptimizerKernels Kernels { get; }

        public AlignedFloats Weights { get; }

        public AlignedFloats Gradients { get; }

        public AlignedFloats First { get; }

        public AlignedFloats Second { get; }

        public GradientNorm Measure(int workers) => Kernels.Measure(_team, workers, Gradients.Pointer);

        public void Update(int workers, AdamWStep step) => Kernels.Update(_team, workers, Weights.Pointer, Gradients.Pointer, First.Pointer, Second.Pointer, in step);

        public void Clear(int workers) => Kernels.Clear(_team, workers, Gradients.Pointer);

        /// <summary>Random gradients; those of the table of words in a few rows only, as texts leave them.</summary>
        public void DrawGradients(int seed)
        {
            Draw(Gradients, seed);
            ParameterRange table = Kernels.Layout.Ranges.Single(range => range.IsCopy);
            int stride = (int)(table.End - table.Start) / TinyModel.Vocabulary;
            Gradients.Span[(int)table.Start..(int)table.End].Clear();
            foreach (int row in Enumerable.Range(0, TinyModel.Vocabulary).Where(row => row % 5 == 0))
            {
                AlignedFloats drawn = AlignedFloats.Random(stride, seed * 100 + row);
                drawn.Span.CopyTo(Gradients.Span[((int)table.Start + row * stride)..]);
                drawn.Dispose();
            }
        }

        /// <summary>By published name, the sum over all places, in single precision as the arena holds it.</summary>
        public Dictionary<string, double[]> PublishedGradients()
        {
            var layout = new WeightLayout(Definition);
            return Definition.Parameters.ToDictionary(parameter => parameter.Name, parameter =>
            {
                double[] sum = new double[parameter.Shape.Aggregate(1, (product, size) => product * size)];
                foreach (PackedSource place in layout.Places(parameter.Name))
                {
                    double[] part = Read(place, Gradients);
                    for (int i = 0; i < sum.Length; i++)
                    {
                        sum[i] = (float)(sum[i] + part[i]);
                    }
                }

                return sum;
            });
        }

        public Dictionary<string, double[]> Published(AlignedFloats arena)
        {
            var layout = new WeightLayout(Definition);
            return Definition.Parameters.ToDictionary(parameter => parameter.Name, parameter => Read(layout.Places(parameter.Name)[0], arena));
        }

        public double[] Read(PackedSource place, AlignedFloats arena)
        {
            double[] values = new double[place.Outputs * place.Inputs];
            for (int row = 0; row < place.Outputs; row++)
            {
                (long start, int stride) = place.Row(row);
                for (int i = 0; i < place.Inputs; i++)
                {
                    values[row * place.Inputs + i] = arena.Span[(int)start + i * stride];
                }
            }

            return values;
        }

        public void AssertPaddingIsZero(AlignedFloats arena)
        {
            // What a packer that writes 1 for every published value leaves zero.
            float[] isValue = NaivePacker.Pack(Definition, Ones());
            for (int i = 0; i < isValue.Length; i++)
            {
                Assert.True(isValue[i] == 1 || arena.Span[i] == 0, $"Padding at {i} is {arena.Span[i]}.");
            }
        }

        public void Dispose()
        {
            _team.Dispose();
            Weights.Dispose();
            Gradients.Dispose();
            First.Dispose();
            Second.Dispose();
        }

        private static void Draw(AlignedFloats arena, int seed)
        {
            var random = new Random(seed);
            var values = Definition.Parameters.ToDictionary(parameter => parameter.Name, parameter =>
            {
                float[] drawn = new float[parameter.Shape.Aggregate(1, (product, size) => product * size)];
                for (int i = 0; i < drawn.Length; i++)
                {
                    drawn[i] = (float)(2 * random.NextDouble() - 1);
                }

                return drawn;
            });
            NaivePacker.Pack(Definition, values).CopyTo(arena.Span);
        }

        private static Dictionary<string, float[]> Ones() => Definition.Parameters.ToDictionary(parameter => parameter.Name, parameter =>
        {
            float[] ones = new float[parameter.Shape.Aggregate(1, (product, size) => product * size)];
            Array.Fill(ones, 1);
            return ones;
        });

        private static AlignedFloats Zeros()
        {
            var floats = new AlignedFloats((int)Definition.WeightFloats);
            floats.Span.Clear();
            return floats;
        }
    }
}
