using BertGen.Tests;
using TorchSharp;

namespace BertGen.Benchmarks;

/// <summary>libtorch alone, in each of its set-ups: which one the comparison takes, and where its time goes.</summary>
internal static class TrainingPeerBenchmark
{
    public static void Run(Options options)
    {
        if (!TorchLibrary.IsAvailable)
        {
            Console.WriteLine($"trainingpeer: skipped. {TorchLibrary.Advice}");
            return;
        }

        Console.WriteLine("libtorch alone: medians over interleaved rounds of a training step, and of clipping and AdamW alone");
        Console.WriteLine("model      shape      T    step ms  update ms  GFLOP/s    %  set-up");
        foreach (TrainingTask task in options.TrainingTasks)
        {
            string weights = TrainingWeights.Ensure(task);
            foreach (Workload workload in options.TrainingWorkloads(task))
            {
                TrainingBatch batch = TrainingBatch.Of(task, workload, seed: 1);
                foreach (int threads in options.Threads)
                {
                    Compare(task, weights, workload, batch, threads, options);
                }
            }
        }
    }

    // Without dropout every set-up computes the same losses, and they fall.
    private static void RequireSameLosses(TorchSetup[] setups, TorchTraining[] peers, TorchBatch batch)
    {
        const int Steps = 3;
        const double Tolerance = 1e-4;
        double[][] losses = [.. peers.Select(peer =>
        {
            peer.Dropout = 0;
            double[] steps = [.. Enumerable.Range(0, Steps).Select(_ => (double)peer.Step(batch))];
            peer.Dropout = TrainingTask.Dropout;
            return steps;
        })];
        for (int i = 0; i < peers.Length; i++)
        {
            if (losses[i].Zip(losses[0]).Any(pair => !(Math.Abs(pair.First - pair.Second) <= Tolerance * pair.Second)) || losses[i][^1] >= losses[i][0])
            {
                throw new InvalidOperationException($"{setups[i]} has the losses {string.Join(", ", losses[i])}; {setups[0]} has {string.Join(", ", losses[0])}.");
            }
        }
    }

    private static void Compare(TrainingTask task, string weights, Workload workload, TrainingBatch batch, int threads, Options options)
    {
        TorchThreads.Use(threads);
        TorchSetup[] setups = [.. TorchSetup.All];
        TorchTraining[] peers = [.. setups.Select(setup => new TorchTraining(task, weights, setup))];
        using TorchBatch tensors = new(batch);
        RequireSameLosses(setups, peers, tensors);
        double[][] updateRounds = [.. peers.Select(_ => new double[options.Rounds])];
        double[][] stepRounds = [.. peers.Select(_ => new double[options.Rounds])];
        for (int round = -1; round < options.Rounds; round++)
        {
            for (int i = 0; i < peers.Length; i++)
            {
                double start = Clock.Seconds;
                peers[i].Backward(tensors);
                double middle = Clock.Seconds;
                peers[i].Update();
                double end = Clock.Seconds;
                if (round >= 0)
                {
                    (stepRounds[i][round], updateRounds[i][round]) = (end - start, end - middle);
                }
            }
        }

        for (int i = 0; i < peers.Length; i++)
        {
            double step = Measurement.Median(stepRounds[i]), gigaflops = task.Flops(batch) / step / 1e9;
            Console.WriteLine(FormattableString.Invariant(
                $"{task.Name,-10} {workload.Name,-10} {threads} {step * 1e3,10:F1} {Measurement.Median(updateRounds[i]) * 1e3,10:F1} {gigaflops,8:F1} {gigaflops / FmaPeak.OneThread / threads,4:P0}  {setups[i]}"));
            peers[i].Dispose();
        }
    }
}

/// <summary>libtorch's threads.</summary>
internal static class TorchThreads
{
    private static IReadOnlyList<int> s_pool = [];

    /// <summary>Sets their number and ties each to a processor, the calling one among them.</summary>
    public static void Use(int threads)
    {
        // Threads of the pool inherit the place of the one that starts them.
        Affinity.UnpinCurrentThread();
        IReadOnlyList<int> before = Affinity.Threads();
        torch.set_num_threads(threads);
        using (torch.Tensor large = torch.ones(1 << 20))
        using (torch.Tensor sum = large.exp())
        {
            // Work enough for every thread: the pool starts with the first such call.
        }

        int[] started = [.. Affinity.Threads().Except(before)];
        s_pool = started.Length > 0 ? started : s_pool;
        IReadOnlyList<int> processors = Affinity.ForTeam(threads);
        Affinity.PinThreads(s_pool, [.. processors.Skip(1)]);
        Affinity.PinCurrentThread(processors[0]);
    }
}
