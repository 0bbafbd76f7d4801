using System.Reflection;
using System.Runtime.InteropServices;
using BertGen.CompilerServices;
using BertGen.Models.Tests.Weights;

namespace BertGen.Models.Tests.Training;

/// <summary>What a compiled training pass left behind.</summary>
/// <param name="Arena">Gradients in the layout of the weight arena.</param>
/// <param name="Losses">By head: the weighted loss of each row.</param>
/// <param name="Hits">By head.</param>
internal sealed record CompiledGradients(float[] Arena, IReadOnlyDictionary<string, float[]> Losses, IReadOnlyDictionary<string, float[]> Hits)
{
    public double Loss => Losses.Values.Sum(rows => rows.Sum(row => (double)row));
}

/// <summary>A compiled model whose training pass is called as the trainer calls it, below the public API: no optimizer, no dropout.</summary>
internal sealed unsafe class TrainingUnderTest : IDisposable
{
    // Behind the arena's end nothing may be written.
    private const int Guard = 256;

    private readonly TrainingCase _case;
    private readonly Model _model;
    private readonly CompiledProgram _program;

    private TrainingUnderTest(TrainingCase one, Model model)
    {
        (_case, _model) = (one, model);
        _program = (CompiledProgram)one.Model.GetNestedType("Program", BindingFlags.NonPublic)!.GetField("Instance", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!;
    }

    public ModelDefinition Definition => _program.Definition;

    /// <summary>Calls the generated <c>Load</c>.</summary>
    public static TrainingUnderTest Load(TrainingCase one)
    {
        using CheckpointFolder folder = CheckpointFolder.Write(one.Declaration, one.Weights);
        return new(one, one.Model.GetMethod("Load", [typeof(string), typeof(ModelOptions)])!.CreateDelegate<Func<string, ModelOptions?, Model>>()(folder.Path, null));
    }

    public void Dispose() => _model.Dispose();

    /// <summary>One step over all texts.</summary>
    /// <param name="width">Vector width.</param>
    /// <param name="workers">Workers of the team.</param>
    /// <param name="cuts">Texts at which a new chunk begins; each chunk adds to the same gradients.</param>
    /// <param name="frozenLayers">Layers that are not trained; -1 trains everything.</param>
    public CompiledGradients Run(SimdWidth width, int workers = 1, int[]? cuts = null, int frozenLayers = -1)
    {
        float* gradients = Allocate(Definition.WeightFloats, 0);
        Dictionary<string, float[]> losses = NewRows(), hits = NewRows();
        int[] bounds = [0, .. cuts ?? [], _case.Lengths.Length];
        try
        {
            for (int i = 0; i + 1 < bounds.Length; i++)
            {
                RunChunk(width, workers, bounds[i], bounds[i + 1], frozenLayers, gradients, losses, hits);
            }

            return new(new ReadOnlySpan<float>(gradients, checked((int)Definition.WeightFloats)).ToArray(), losses, hits);
        }
        finally
        {
            NativeMemory.AlignedFree(gradients);
        }
    }

    private void RunChunk(SimdWidth width, int workers, int start, int end, int frozenLayers, float* gradients, Dictionary<string, float[]> losses, Dictionary<string, float[]> hits)
    {
        (int firstToken, int endToken) = (_case.Offsets[start], _case.Offsets[end]);
        int[] offsets = [.. _case.Offsets[start..(end + 1)].Select(offset => offset - firstToken)];
        int[] selected = [.. _case.Selected.Where(token => token >= firstToken && token < endToken).Select(token => token - firstToken)];
        int[] ids = [.. _case.Inputs.Skip(start).Take(end - start).SelectMany(input => input.InputIds)];
        int[] types = [.. _case.Inputs.Skip(start).Take(end - start).SelectMany(input => input.TokenTypeIds)];
        float[] vectors = [.. _case.Inputs.Skip(start).Take(end - start).SelectMany(input => input.Vectors)];
        using PinnedArrays pinned = new();
        HeadTargets[] heads = new HeadTargets[Definition.Heads.Count];
        List<(float[] Chunk, float[] All, int First)> results = [];
        foreach (RowTargets targets in _case.Targets)
        {
            int index = Definition.Heads.Select((head, i) => (head, i)).Single(one => one.head.TensorName == targets.Head.TensorName).i;
            (int first, int last) = (RowTargets.RowOf(_case, targets.Head, start), RowTargets.RowOf(_case, targets.Head, end));
            int classes = targets.Classes.Length / targets.Weights.Length, values = targets.Values.Length / targets.Weights.Length;
            float[] chunkLosses = Unwritten(last - first), chunkHits = Unwritten(last - first);
            heads[index] = new HeadTargets
            {
                Classes = classes == 0 ? null : pinned.Pin(targets.Classes[(first * classes)..(last * classes)]),
                Values = values == 0 ? null : pinned.Pin(targets.Values[(first * values)..(last * values)]),
                Weights = pinned.Pin(targets.Weights[first..last]),
                Losses = pinned.Pin(chunkLosses),
                Hits = classes == 0 ? null : pinned.Pin(chunkHits),
                Smoothing = targets.Smoothing,
            };
            results.Add((chunkLosses, losses[targets.Head.TensorName], first));
            if (classes > 0)
            {
                results.Add((chunkHits, hits[targets.Head.TensorName], first));
            }
        }

        long floats = Definition.TrainingArena!.Value.Floats(endToken - firstToken, end - start, selected.Length, workers);
        float* arena = Allocate(floats + Guard, float.NaN);
        fixed (HeadTargets* headPointer = heads)
        {
            TrainingPass pass = new()
            {
                Weights = _model.Loaded.Weights.Arena.Pointer,
                Gradients = gradients,
                Arena = arena,
                TextCount = end - start,
                TokenCount = endToken - firstToken,
                TextOffsets = pinned.Pin(offsets),
                InputIds = ids.Length == 0 ? null : pinned.Pin(ids),
                TokenTypeIds = Definition.Encoder.TokenTypes == 0 ? null : pinned.Pin(types),
                Vectors = vectors.Length == 0 ? null : pinned.Pin(vectors),
                SelectedTokens = selected.Length == 0 ? null : pinned.Pin(selected),
                SelectedCount = selected.Length,
                FirstToken = firstToken,
                FirstText = start,
                FrozenLayers = frozenLayers,
                Heads = headPointer,
            };
            using Team team = new(workers);
            team.Run(workers, new TrainAction(_program, width, &pass));
        }

        Assert.True(new ReadOnlySpan<float>(arena + floats, Guard).ToArray().All(float.IsNaN), "The pass wrote behind the arena's end.");
        NativeMemory.AlignedFree(arena);
        foreach ((float[] chunk, float[] all, int first) in results)
        {
            chunk.CopyTo(all, first);
        }
    }

    private Dictionary<string, float[]> NewRows() => _case.Targets.ToDictionary(targets => targets.Head.TensorName, targets => Unwritten(targets.Weights.Length));

    private static float[] Unwritten(int length)
    {
        float[] values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }

    private static float* Allocate(long floats, float content)
    {
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)(floats * sizeof(float)), 64);
        new Span<float>(memory, checked((int)floats)).Fill(content);
        return memory;
    }

    private sealed class TrainAction(CompiledProgram program, SimdWidth width, TrainingPass* pass) : ITeamAction
    {
        public void Run(Worker worker) => program.Train(width, worker, pass);
    }

    private sealed class PinnedArrays : IDisposable
    {
        private readonly List<GCHandle> _handles = [];

        // An empty array has no first element, but a pointer to it must not be null where null means something.
        public T* Pin<T>(T[] values) where T : unmanaged
        {
            GCHandle handle = GCHandle.Alloc(values.Length == 0 ? new T[1] : values, GCHandleType.Pinned);
            _handles.Add(handle);
            return (T*)handle.AddrOfPinnedObject();
        }

        public void Dispose() => _handles.ForEach(handle => handle.Free());
    }
}
