using System.Globalization;
using BertGen.Data;
using BertGen.Tests;

namespace BertGen.Benchmarks;

/// <summary>Peak memory of one side's training, in a process of its own.</summary>
internal static class TrainingMemory
{
    private const string Ours = "ours";
    private const string Peer = "peer";

    // The second step has what the first one left behind; no later one needs more.
    private const int Steps = 3;

    /// <summary>Bytes of resident memory at the peak (VmHWM) of our side and of libtorch's.</summary>
    public static (long Ours, long Peer) Measure(TrainingTask task, Workload workload, int threads) => (Start(Ours, task, workload, threads), Start(Peer, task, workload, threads));

    /// <summary>The process: a few steps, then a line when they are done.</summary>
    public static void Run(string[] arguments)
    {
        TrainingTask task = TrainingTask.All.Single(one => one.Name == arguments[1]);
        Workload workload = task.Workloads.Single(one => one.Name == arguments[2]);
        int threads = int.Parse(arguments[3], CultureInfo.InvariantCulture);
        TrainingBatch batch = TrainingBatch.Of(task, workload, seed: 1);
        string weights = TrainingWeights.Ensure(task);
        if (arguments[0] == Ours)
        {
            IReadOnlyList<EncodedExample> examples = OurTraining.Prepare(task, batch);
            using OurTraining ours = new(task, weights, threads, TrainingTask.Dropout);
            for (int step = 0; step < Steps; step++)
            {
                ours.Step(examples);
            }
        }
        else
        {
            if (!TorchLibrary.IsAvailable)
            {
                throw new InvalidOperationException(TorchLibrary.Advice);
            }

            TorchThreads.Use(threads);
            using TorchTraining peer = new(task, weights, TorchSetup.Best);
            using TorchBatch tensors = new(batch);
            for (int step = 0; step < Steps; step++)
            {
                peer.Step(tensors);
            }
        }

        Console.WriteLine("done");
        Console.In.ReadLine();
    }

    private static long Start(string side, TrainingTask task, Workload workload, int threads) =>
        ProgramRun.Start(Environment.ProcessPath!, [.. OwnAssembly(), "trainingmemory", side, task.Name, workload.Name, threads.ToString(CultureInfo.InvariantCulture)]).PeakBytes;

    // Under `dotnet x.dll` the process is the host, which wants the assembly.
    private static string[] OwnAssembly() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [Path.Combine(AppContext.BaseDirectory, "BertGen.Benchmarks.dll")] : [];
}
