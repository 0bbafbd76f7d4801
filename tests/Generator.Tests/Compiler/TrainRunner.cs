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
