using BertGen.Data;
using BertGen.Tests;

namespace BertGen.Benchmarks;

/// <summary>Training steps against libtorch with the same weights and texts: forward pass, loss, backward pass, clipping and AdamW, dropout on.</summary>
internal static class TrainingBenchmark
{
    // Without dropout both sides compute the same losses; single precision in another order of summation stays well within.
    private const double LossTolerance = 1e-3;
    private const int ComparedSteps = 2;

    // Enough of our steps that tiered compilation has settled.
    private const int WarmUpSteps = 3;

    public static void Run(Options options)
    {
        if (!TorchLibrary.IsAvailable)
        {
            Console.WriteLine($"training: skipped. {TorchLibrary.Advice}");
            return;
        }

        Console.WriteLine($"Training: median over interleaved rounds of a full step; % = share of the FMA peak; peer = libtorch through TorchSharp, {TorchSetup.Best}; mixed lengths padded by the peer");
        Console.WriteLine();
        Console.WriteLine("model      shape      T     ours ms  GFLOP/s    %     peer ms  GFLOP/s    %   ratio  tokens/s      losses ours / peer, dropout off");
        List<string> ratios = [];
        foreach (TrainingTask task in options.TrainingTasks)
        {
            string weights = TrainingWeights.Ensure(task);
            foreach (Workload workload in options.TrainingWorkloads(task))
            {
                TrainingBatch batch = TrainingBatch.Of(task, workload, seed: 1);
                foreach (int threads in options.Threads)
                {
                    ratios.Add(Compare(task, weights, workload, batch, threads, options));
                }

                ratios.Add(CompareMemory(task, workload, options.Threads[0]));
            }
        }

        Console.WriteLine();
        ratios.ForEach(Console.WriteLine);
    }

    private static string Compare(TrainingTask task, string weights, Workload workload, TrainingBatch batch, int threads, Options options)
    {
        IReadOnlyList<EncodedExample> examples = OurTraining.Prepare(task, batch);
        using TorchBatch tensors = new(batch);
        TorchThreads.Use(threads);
        string losses = CompareLosses(task, weights, threads, examples, tensors);

        // The team's threads must not inherit the place of the thread that starts them.
        Affinity.UnpinCurrentThread();
        using TorchTraining peer = new(task, weights, TorchSetup.Best);
        using OurTraining ours = new(task, weights, threads, TrainingTask.Dropout);
        for (int step = 0; step < WarmUpSteps; step++)
        {
            ours.Step(examples);
        }

        TorchThreads.Use(threads);
        double[][] seconds = Measurement.Interleave(options.Rounds, options.SecondsEachRound, () => ours.Step(examples), () => peer.Step(tensors));
        double ratio = Measurement.Ratio(seconds[0], seconds[1]);
        Console.WriteLine(FormattableString.Invariant(
            $"{task.Name,-10} {workload.Name,-10} {threads}{Speed(task, batch, threads, seconds[0])}{Speed(task, batch, threads, seconds[1])}  {ratio,6:F2}  {batch.Tokens / Measurement.Median(seconds[0]),8:F0}      {losses}"));
        return FormattableString.Invariant($"RATIO training {task.Name} {workload.Name} {threads} {ratio:F2}");
    }

    private static string CompareLosses(TrainingTask task, string weights, int threads, IReadOnlyList<EncodedExample> examples, TorchBatch tensors)
    {
        // One after the other: together with the pair that is timed they would take twice the memory.
        float[] ours, peer;
        using (OurTraining one = new(task, weights, threads, dropout: 0))
        {
            ours = [.. Enumerable.Range(0, ComparedSteps).Select(_ => one.Step(examples))];
        }

        using (TorchTraining one = new(task, weights, TorchSetup.Best) { Dropout = 0 })
        {
            peer = [.. Enumerable.Range(0, ComparedSteps).Select(_ => one.Step(tensors))];
        }

        string losses = FormattableString.Invariant($"{ours[0]:F4} {ours[^1]:F4} / {peer[0]:F4} {peer[^1]:F4}");
        return ours.Zip(peer).All(pair => Math.Abs(pair.First - pair.Second) <= LossTolerance * Math.Abs(pair.Second))
            ? losses
            : throw new InvalidOperationException($"{task.Name}: the losses differ: {losses}.");
    }

    private static string Speed(TrainingTask task, TrainingBatch batch, int threads, double[] seconds)
    {
        double median = Measurement.Median(seconds), gigaflops = task.Flops(batch) / median / 1e9;
        return FormattableString.Invariant($"  {median * 1e3,10:F1} {gigaflops,8:F1} {gigaflops / FmaPeak.OneThread / threads,4:P0}");
    }

    private static string CompareMemory(TrainingTask task, Workload workload, int threads)
    {
        (long ours, long peer) = TrainingMemory.Measure(task, workload, threads);
        Console.WriteLine(FormattableString.Invariant($"{task.Name,-10} {workload.Name,-10} peak memory {ours >> 20} MiB, peer {peer >> 20} MiB"));
        return FormattableString.Invariant($"RATIO trainingmemory {task.Name} {workload.Name} {(double)ours / peer:F2}");
    }
}
