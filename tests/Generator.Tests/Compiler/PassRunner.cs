using System.Runtime.InteropServices;
using BertGen.CompilerServices;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>Random weights of a compiled model, packed as its definition says, and passes over them.</summary>
internal sealed unsafe class PassRunner : IDisposable
{
    private readonly CompiledProgram _program;
    private readonly float* _weights;

    public PassRunner(CompiledProgram program, int seed)
    {
        _program = program;
        Random random = new(seed);
        foreach (ParameterDefinition parameter in program.Definition.Parameters)
        {
            // Large enough that attention is far from uniform and every bias matters.
            double spread = parameter.Role == ParameterRole.Weight ? 2 / Math.Sqrt(parameter.Shape[^1]) : parameter.Role == ParameterRole.Embedding ? 1 : 0.3;
            double center = parameter.Role == ParameterRole.LayerNormWeight ? 1 : 0;
            Weights.Add(parameter.Name, Enumerable.Range(0, parameter.Shape.Aggregate(1, (a, b) => a * b)).Select(_ => (float)(center + spread * (random.NextDouble() * 2 - 1))).ToArray());
        }

        _weights = Allocate(program.Definition.WeightFloats);
        foreach (PackedTensor tensor in program.Definition.PackedTensors)
        {
            Pack(tensor);
        }
    }

    public Dictionary<string, float[]> Weights { get; } = [];

    /// <summary>The weight arena.</summary>
    public float* Packed => _weights;

    public ModelDefinition Definition => _program.Definition;

    /// <summary>Runs a pass with a team of threads; everything that the pass does not write stays NaN.</summary>
    public PassResult Run(SimdWidth width, int workers, TestTexts texts, bool allResults = true, int onlyHead = -1)
    {
        ModelDefinition model = _program.Definition;
        int tokens = texts.Offsets[^1];
        int selected = texts.Selected.Length;
        int textCount = texts.Offsets.Length - 1;
        float* arena = Allocate(model.Arena.Floats(tokens, textCount, selected, workers) + Guard);
        PassResult result = new()
        {
            Hidden = Unwritten(tokens * model.Encoder.HiddenSize),
            Pooled = Unwritten(textCount * model.Encoder.HiddenSize),
            Outputs = model.Heads.Select(head => Unwritten(head.Outputs * head.Kind switch
            {
                HeadKind.TokenClassification or HeadKind.EntityRecognition or HeadKind.QuestionAnswering => tokens,
                HeadKind.MaskedLanguageModel => selected,
                _ => textCount,
            })).ToArray(),
        };
        GCHandle[] handles = [.. result.Outputs.Select(output => GCHandle.Alloc(output, GCHandleType.Pinned))];
        float** outputs = stackalloc float*[model.Heads.Count];
        for (int head = 0; head < model.Heads.Count; head++)
        {
            outputs[head] = allResults || head == onlyHead ? (float*)handles[head].AddrOfPinnedObject() : null;
        }

        bool hasPooler = model.Parameters.Any(parameter => parameter.Name == "bert.pooler.dense.weight");
        fixed (int* ids = texts.Ids, types = texts.Types, offsets = texts.Offsets, selectedTokens = texts.Selected)
        fixed (float* vectors = texts.Vectors, hidden = result.Hidden, pooled = result.Pooled)
        {
            ForwardPass pass = new()
            {
                Weights = _weights,
                Arena = arena,
                TextCount = textCount,
                TokenCount = tokens,
                TextOffsets = offsets,
                InputIds = ids,
                TokenTypeIds = types,
                Vectors = vectors,
                SelectedTokens = selectedTokens,
                SelectedCount = selected,
                HiddenStates = allResults ? hidden : null,
                Pooled = allResults && hasPooler ? pooled : null,
                Outputs = outputs,
            };
            ForwardPass* shared = &pass;
            if (workers == 1)
            {
                _program.Forward(width, Worker.Alone, shared);
            }
            else
            {
                TeamBarrier barrier = new(workers);
                Thread[] threads = [.. Enumerable.Range(0, workers).Select(rank => new Thread(() => _program.Forward(width, new Worker(rank, workers, barrier), shared)))];
                Array.ForEach(threads, thread => thread.Start());
                Array.ForEach(threads, thread => thread.Join());
            }
        }

        long end = model.Arena.Floats(tokens, textCount, selected, workers);
        for (long i = end; i < end + Guard; i++)
        {
            Assert.True(float.IsNaN(arena[i]), "The pass wrote behind the arena's end.");
        }

        Array.ForEach(handles, handle => handle.Free());
        NativeMemory.AlignedFree(arena);
        return result;
    }

    public void Dispose() => NativeMemory.AlignedFree(_weights);

    private const int Guard = 256;

    private static float[] Unwritten(int length)
    {
        float[] values = new float[length];
        Array.Fill(values, float.NaN);
        return values;
    }

    internal static float* Allocate(long floats)
    {
        float* memory = (float*)NativeMemory.AlignedAlloc((nuint)(4 * floats), 64);
        new Span<float>(memory, checked((int)floats)).Fill(float.NaN);
        return memory;
    }

    /// <summary>By the words of <see cref="PackedTensor"/>, element by element.</summary>
    private void Pack(PackedTensor tensor)
    {
        ParameterDefinition[] sources = [.. tensor.Sources.Select(name => _program.Definition.Parameters.Single(parameter => parameter.Name == name))];
        float* target = _weights + tensor.Offset;
        new Span<float>(target, (int)tensor.Floats).Clear();
        int inputs = sources[0].Shape.Length > 1 ? sources[0].Shape[1] : 1;
        if (tensor.Order == PackedOrder.Table)
        {
            for (int i = 0; i < Weights[sources[0].Name].Length; i++)
            {
                target[i / inputs * tensor.RowStride + i % inputs] = Weights[sources[0].Name][i];
            }

            return;
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
                        target[(packed / 16 * inputs + input) * 16 + packed % 16] = Weights[source.Name][(group * outputs + output) * inputs + input];
                    }
                }

                column += PackedPanels.RoundUp(outputs);
            }
        }

        Assert.Equal(tensor.Floats, (long)column * inputs);
    }
}

/// <summary>What a pass wrote.</summary>
internal sealed class PassResult
{
    public required float[] Hidden { get; init; }

    public required float[] Pooled { get; init; }

    public required float[][] Outputs { get; init; }
}

/// <summary>Texts of random tokens or vectors.</summary>
internal sealed class TestTexts
{
    public required int[] Offsets { get; init; }

    public required int[] Ids { get; init; }

    public required int[] Types { get; init; }

    public required float[] Vectors { get; init; }

    public required int[] Selected { get; init; }

    public static TestTexts Random(EncoderDefinition encoder, int seed, params int[] lengths)
    {
        Random random = new(seed);
        int[] offsets = new int[lengths.Length + 1];
        for (int text = 0; text < lengths.Length; text++)
        {
            offsets[text + 1] = offsets[text] + lengths[text];
        }

        int tokens = offsets[^1];
        return new TestTexts
        {
            Offsets = offsets,
            Ids = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(Math.Max(1, encoder.VocabularySize)))],
            Types = [.. Enumerable.Range(0, tokens).Select(_ => random.Next(Math.Max(1, encoder.TokenTypes)))],
            Vectors = [.. Enumerable.Range(0, (tokens - lengths.Length) * encoder.Features).Select(_ => (float)(random.NextDouble() * 2 - 1))],
            Selected = [.. Enumerable.Range(0, tokens).Where(token => token % 3 == 1)],
        };
    }

    /// <summary>One of the texts alone.</summary>
    public TestTexts Alone(int text, int features)
    {
        (int start, int end) = (Offsets[text], Offsets[text + 1]);
        return new TestTexts
        {
            Offsets = [0, end - start],
            Ids = Ids[start..end],
            Types = Types[start..end],
            Vectors = Vectors[((start - text) * features)..((end - text - 1) * features)],
            Selected = [.. Selected.Where(token => token >= start && token < end).Select(token => token - start)],
        };
    }
}
