using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using BertGen.CompilerServices;
using BertGen.Training;
using BertGen.Weights;

namespace BertGen.Benchmarks;

/// <summary>What a training step adds to the products of the forward pass: gradients of weights and inputs, dropout, optimizer.</summary>
/// <remarks>
/// Weight gradients are measured as the backward pass computes them: a block of tokens of x is transposed, panels of dy are gathered, and the product
/// is added to the gradients; that is in the time. Input gradients include the transpose of the weights, done once for all tokens.
/// </remarks>
internal static class TrainingKernelsBenchmark
{
    private static readonly int[] TokenCounts = [1024, 2048];

    public static void Run(Options options)
    {
        SimdWidth width = SimdWidths.Best;
        Console.WriteLine($"Training, {width}, one thread: GFLOP/s and share of the FMA peak");
        Console.WriteLine("model      matrix      tokens   weights' gradient  inputs' gradient");
        Affinity.PinCurrentThread(Affinity.ForTeam(1)[0]);
        switch (width)
        {
            case SimdWidth.Vector512: Run<V512>(options); break;
            case SimdWidth.Vector256: Run<V256>(options); break;
            default: Run<V128>(options); break;
        }

        Affinity.UnpinCurrentThread();
    }

    private static void Run<V>(Options options) where V : struct, ISimd<V>
    {
        foreach (BenchmarkModel model in options.Models)
        {
            foreach ((int inputs, int outputs) in ((int, int)[])
                [(model.HiddenSize, 3 * model.HiddenSize), (model.HiddenSize, model.HiddenSize), (model.HiddenSize, model.IntermediateSize), (model.IntermediateSize, model.HiddenSize)])
            {
                foreach (int tokens in TokenCounts)
                {
                    using var gradients = new ProductGradients<V>(tokens, inputs, outputs);
                    double[] seconds = Seconds(options, gradients.OfWeights, gradients.OfInputs);
                    double flops = 2.0 * tokens * inputs * outputs;
                    Console.WriteLine(FormattableString.Invariant(
                        $"{model.Name,-10} {inputs,5}x{outputs,-5} {tokens,6}   {Speed(flops / seconds[0])}      {Speed(flops / seconds[1])}"));
                }
            }
        }

        Elements<V>(options);
    }

    private static unsafe void Elements<V>(Options options) where V : struct, ISimd<V>
    {
        // A layer's activations stay in the caches; weights do not.
        const int Rows = 256, Columns = 384, Weights = 24 * 1024 * 1024;
        using var row = new Floats(Rows * Columns, 0.01f);
        using var pre = new Floats(Rows * Columns, 0.01f);
        double[] seconds = Seconds(
            options,
            () =>
            {
                for (int i = 0; i < Rows; i++)
                {
                    V.Dropout(row.Pointer + (i * Columns), Columns, 42, 1, 2, (uint)i, 0.1f);
                }
            },
            () => GeluDerivatives<V>(Rows * Columns, pre.Pointer, row.Pointer));
        Console.WriteLine(FormattableString.Invariant($"dropout {seconds[0] / (Rows * Columns) * 1e9:F3} ns an element; derivative of GELU {seconds[1] / (Rows * Columns) * 1e9:F3}"));

        using WeightArena weights = WeightArena.Allocate(Weights), gradients = WeightArena.Allocate(Weights), first = WeightArena.Allocate(Weights), second = WeightArena.Allocate(Weights);
        var step = new AdamWStep(1, 1e-4, 0.01);
        double sum = 0;
        seconds = Seconds(
            options,
            () => AdamW<V>.Update(Weights, weights.Pointer, gradients.Pointer, first.Pointer, second.Pointer, in step, step.LearningRate, step.WeightDecay),
            () => sum += SquareSums.Of(gradients.Pointer, Weights));
        GC.KeepAlive(sum);
        Console.WriteLine(FormattableString.Invariant(
            $"AdamW {seconds[0] / Weights * 1e9:F3} ns a weight ({32.0 * Weights / seconds[0] / 1e9:F1} GB/s); gradient norm {seconds[1] / Weights * 1e9:F3} ({4.0 * Weights / seconds[1] / 1e9:F1} GB/s)"));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void GeluDerivatives<V>(nint count, float* source, float* target) where V : struct, ISimd<V>
    {
        for (nint i = 0; i < count; i += V.Width)
        {
            V.GeluDerivative(V.Load(source + i)).Store(target + i);
        }
    }

    private static double[] Seconds(Options options, params Action[] contenders) =>
        [.. Measurement.Interleave(options.Rounds, options.SecondsEachRound / 4, contenders).Select(Measurement.Median)];

    private static string Speed(double flops) => FormattableString.Invariant($"{flops / 1e9,7:F1} {flops / 1e9 / FmaPeak.OneThread,5:P0}");
}

/// <summary>Floats in native memory, 64-byte aligned.</summary>
internal sealed unsafe class Floats : IDisposable
{
    public Floats(nint length, float value)
    {
        Pointer = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);
        for (nint i = 0; i < length; i++)
        {
            Pointer[i] = (i % 13 - 6) * value;
        }
    }

    public float* Pointer { get; }

    public void Dispose() => NativeMemory.AlignedFree(Pointer);
}
