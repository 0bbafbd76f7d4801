using System.Runtime.InteropServices;
using BertGen.CompilerServices;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>Training passes of a compiled model over memory full of NaN.</summary>
internal sealed unsafe class TrainRunner(CompiledProgram program, PassRunner weights)
{
    private const int Guard = 256;

    public ModelDefinition Definition => program.Definition;

    /// <summary>Runs a pass with a team of threads; what it does not write stays NaN, and gradients begin at <see cref="TrainSettings.Before"/>.</summary>
    public TrainResult Run(SimdWidth width, int workers, TestTexts texts, TestTargets[] targets, TrainSettings? settings = null)
    {
        settings ??= new TrainSettings();
        int tokens = texts.Offsets[^1];
        int textCount = texts.Offsets.Length - 1;
        ArenaLayout layout = Definition.TrainingArena ?? throw new InvalidOperationException("The model has no training pass.");
        long floats = layout.Floats(tokens, textCount, texts.Selected.Length, workers);
        float* arena = PassRunner.Allocate(floats + Guard);
        float* gradients = PassRunner.Allocate(Definition.WeightFloats);
        new Span<float>(gradients, (int)Definition.WeightFloats).Clear();
        if (settings.Before is not null)
        {
            settings.Before.CopyTo(new Span<float>(gradients, settings.Before.Length));
        }

        List<GCHandle> handles = [];
        T* Pin<T>(T[]? array) where T : unmanaged
        {
            if (array is null)
            {
                return null;
            }

            handles.Add(GCHandle.Alloc(array, GCHandleType.Pinned));
            return (T*)handles[^1].AddrOfPinnedObject();
        }

        float[][] losses = [.. targets.Select(target => Unwritten(target.Weights?.Length ?? 0))];
        float[][] hits = [.. targets.Select(target => Unwritten(target.Weights?.Length ?? 0))];
        HeadTargets* heads = stackalloc HeadTargets[targets.Length];
        for (int head = 0; head < targets.Length; head++)
        {
            heads[head] = new HeadTargets
            {
                Classes = Pin(targets[head].Classes),
                Values = Pin(targets[head].Values),
                Weights = Pin(targets[head].Weights),
                Losses = Pin(losses[head]),
                Hits = targets[head].Classes is null ? null : Pin(hits[head]),
                Smoothing = targets[head].Smoothing,
            };
        }

        TrainingPass pass = new()
        {
            Weights = weights.Packed,
            Gradients = gradients,
            Arena = arena,
            TextCount = textCount,
            TokenCount = tokens,
            TextOffsets = Pin(texts.Offsets),
            InputIds = Pin(texts.Ids),
            TokenTypeIds = Pin(texts.Types),
            Vectors = Pin(texts.Vectors),
            SelectedTokens = Pin(texts.Selected),
            SelectedCount = texts.Selected.Length,
            FirstToken = settings.FirstToken,
            FirstText = settings.FirstText,
            DropoutSeed = settings.Seed,
            DropoutStep = settings.Step,
            HiddenDropout = settings.HiddenDropout,
            AttentionDropout = settings.AttentionDropout,
            FrozenLayers = settings.FrozenLayers,
            Heads = heads,
        };
        TrainingPass* shared = &pass;
        if (workers == 1)
        {
            program.Train(width, Worker.Alone, shared);
        }
        else
        {
            TeamBarrier barrier = new(workers);
            Thread[] threads = [.. Enumerable.Range(0, workers).Select(rank => new Thread(() => program.Train(width, new Worker(rank, workers, barrier), shared)))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
        }

        for (long i = floats; i < floats + Guard; i++)
        {
            Assert.True(float.IsNaN(arena[i]), "The pass wrote behind the arena's end.");
        }

        handles.ForEach(handle => handle.Free());
        float[] packed = new Span<float>(gradients, (int)Definition.WeightFloats).ToArray();
        NativeMemory.AlignedFree(arena);
        NativeMemory.AlignedFree(gradients);
        return new TrainResult { Losses = losses, Hits = hits, Packed = packed, Gradients = Unpack(packed) };
    }

    /// <summary>A pass with some weights moved along their gradient.</summary>
    public TrainResult RunMoved(TestTexts texts, TestTargets[] targets, TrainSettings settings, IEnumerable<int> places, float[] gradient, double step)
    {
        Dictionary<int, float> before = places.ToDictionary(place => place, place => weights.Packed[place]);
        foreach (int place in before.Keys)
        {
            weights.Packed[place] += (float)(step * gradient[place]);
        }

        TrainResult result = Run(SimdWidth.Vector256, 1, texts, targets, settings);
        foreach ((int place, float value) in before)
        {
            weights.Packed[place] = value;
        }

        return result;
    }

    private static float[] Unwritten(int length)
    {
        float[] values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }

    /// <summary>By published name, summed over the places of a tied weight; what belongs to no weight must be zero.</summary>
    private Dictionary<string, double[]> Unpack(float[] packed)
    {
        Dictionary<string, double[]> gradients = Definition.Parameters.ToDictionary(parameter => parameter.Name, parameter => new double[parameter.Shape.Aggregate(1, (a, b) => a * b)]);
        bool[] isWeight = new bool[packed.Length];
        foreach (PackedTensor tensor in Definition.PackedTensors)
        {
            foreach ((string source, int element, long place) in Places(tensor))
            {
                gradients[source][element] += packed[place];
                isWeight[place] = true;
            }
        }

        for (int i = 0; i < packed.Length; i++)
        {
            Assert.True(isWeight[i] || packed[i] == 0, $"The padding at {i} has the gradient {packed[i]}.");
        }

        return gradients;
    }

    /// <summary>Where each element of a tensor's sources lies, by the words of <see cref="PackedTensor"/>.</summary>
    public IEnumerable<(string Source, int Element, long Place)> Places(PackedTensor tensor)
    {
        ParameterDefinition[] sources = [.. tensor.Sources.Select(name => Definition.Parameters.Single(parameter => parameter.Name == name))];
        int inputs = sources[0].Shape.Length > 1 ? sources[0].Shape[1] : 1;
        if (tensor.Order == PackedOrder.Table)
        {
            for (int i = 0; i < sources[0].Shape[0] * inputs; i++)
            {
                yield return (sources[0].Name, i, tensor.Offset + i / inputs * tensor.RowStride + i % inputs);
            }

            yield break;
        }

        int column = 0;
        for (int group = 0; group < tensor.Groups; group++)
        {
            foreach (ParameterDefinition source in sources)
            {
                int outputs = source.Shape[0] / tensor.Groups;
                for (int output = 0; output < outputs; output++)
                {
                    for (int input = 0; input < inputs; input++)
                    {
                        int packed = column + output;
                        yield return (source.Name, (group * outputs + output) * inputs + input, tensor.Offset + (packed / 16 * inputs + input) * 16 + packed % 16);
                    }
                }

                column += PackedPanels.RoundUp(outputs);
            }
        }
    }
}

/// <summary>Arguments of a pass that most tests leave alone.</summary>
internal sealed record TrainSettings
{
    public float HiddenDropout { get; init; }

    public float AttentionDropout { get; init; }

    public ulong Seed { get; init; } = 7;

    public uint Step { get; init; } = 3;

    public int FirstToken { get; init; }

    public int FirstText { get; init; }

    public int FrozenLayers { get; init; } = -1;

    /// <summary>Gradients before the pass, which adds to them.</summary>
    public float[]? Before { get; init; }
}

/// <summary>What a pass wrote.</summary>
internal sealed class TrainResult
{
    public required float[][] Losses { get; init; }

    public required float[][] Hits { get; init; }

    public required float[] Packed { get; init; }

    public required IReadOnlyDictionary<string, double[]> Gradients { get; init; }

    public double Loss => Losses.Sum(losses => losses.Sum(loss => (double)loss));
}

/// <summary>What a head is to learn of the texts of a test.</summary>
internal sealed class TestTargets
{
    public int[]? Classes { get; init; }

    public float[]? Values { get; init; }

    /// <summary>Null for a head that takes no part.</summary>
    public float[]? Weights { get; init; }

    public float Smoothing { get; init; }

    /// <summary>The targets of one text.</summary>
    public TestTargets Alone(HeadDefinition head, TestTexts texts, int text)
    {
        if (Weights is null)
        {
            return this;
        }

        (int start, int end) = head.Kind switch
        {
            HeadKind.TokenClassification or HeadKind.EntityRecognition => (texts.Offsets[text], texts.Offsets[text + 1]),
            HeadKind.MaskedLanguageModel => (texts.Selected.Count(token => token < texts.Offsets[text]), texts.Selected.Count(token => token < texts.Offsets[text + 1])),
            _ => (text, text + 1),
        };
        int Width(Array? values) => values is null ? 0 : values.Length / Weights.Length;
        return new TestTargets
        {
            Classes = Classes?[(start * Width(Classes))..(end * Width(Classes))],
            Values = Values?[(start * Width(Values))..(end * Width(Values))],
            Weights = Weights[start..end],
            Smoothing = Smoothing,
        };
    }

    /// <summary>Random targets for each head that has a loss, rows of weight 0 among them.</summary>
    public static TestTargets[] Random(ModelDefinition model, TestTexts texts, int seed)
    {
        Random random = new(seed);
        int textCount = texts.Offsets.Length - 1;
        return [.. model.Heads.Select(head =>
        {
            int rows = head.Kind switch
            {
                HeadKind.TokenClassification or HeadKind.EntityRecognition => texts.Offsets[^1],
                HeadKind.MaskedLanguageModel => texts.Selected.Length,
                HeadKind.SentenceEmbedding => -1,
                _ => textCount,
            };
            if (rows < 0)
            {
                return new TestTargets();
            }

            float[] weights = [.. Enumerable.Range(0, rows).Select(row => row % 5 == 3 ? 0 : (float)((0.5 + random.NextDouble()) / rows))];
            return head.Kind switch
            {
                HeadKind.MultiLabelClassification => new TestTargets { Weights = weights, Values = [.. Enumerable.Range(0, rows * head.Outputs).Select(_ => (float)random.Next(2))] },
                HeadKind.SequenceRegression => new TestTargets { Weights = weights, Values = [.. Enumerable.Range(0, rows).Select(_ => (float)random.NextDouble())] },
                HeadKind.QuestionAnswering => new TestTargets
                {
                    Weights = weights,
                    Classes = [.. Enumerable.Range(0, 2 * rows).Select(row => random.Next(texts.Offsets[row / 2 + 1] - texts.Offsets[row / 2]))],
                },
                _ => new TestTargets { Weights = weights, Classes = [.. Enumerable.Range(0, rows).Select(_ => random.Next(head.Outputs))], Smoothing = head.Name is null ? 0.1f : 0 },
            };
        })];
    }
}
