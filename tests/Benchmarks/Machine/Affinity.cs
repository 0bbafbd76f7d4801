using System.Globalization;
using System.Runtime.InteropServices;

namespace BertGen.Benchmarks;

/// <summary>Ties threads to processors, so that both sides of a comparison run on the same ones.</summary>
/// <remarks>Linux only; elsewhere nothing is pinned, and the report says so.</remarks>
internal static partial class Affinity
{
    private const int MaskBytes = 128;

    /// <summary>The processors that this process may use, in ascending order, as the machine numbers them.</summary>
    public static IReadOnlyList<int> Processors { get; } = ReadProcessors();

    /// <summary>True where threads can be pinned.</summary>
    public static bool IsAvailable => OperatingSystem.IsLinux();

    /// <summary>The processors for a team of <paramref name="threads"/>: the last ones, since interrupts tend to land on the first.</summary>
    public static IReadOnlyList<int> ForTeam(int threads) => [.. Processors.Skip(Math.Max(0, Processors.Count - threads))];

    /// <summary>Pins the calling thread.</summary>
    public static void PinCurrentThread(int processor) => Set(0, [processor]);

    /// <summary>Lets the calling thread run on every processor again; threads that it starts inherit this.</summary>
    public static void UnpinCurrentThread() => Set(0, Processors);

    /// <summary>Pins the threads of this process whose name starts with <paramref name="prefix"/>, one processor each, in order of creation.</summary>
    /// <returns>The number of threads pinned.</returns>
    public static int PinThreadsNamed(string prefix, IReadOnlyList<int> processors)
    {
        if (!IsAvailable)
        {
            return 0;
        }

        int pinned = 0;
        foreach (int thread in Threads())
        {
            string name = File.ReadAllText(FormattableString.Invariant($"/proc/self/task/{thread}/comm")).Trim();
            if (name.StartsWith(prefix, StringComparison.Ordinal) && pinned < processors.Count)
            {
                Set(thread, [processors[pinned++]]);
            }
        }

        return pinned;
    }

    /// <summary>The threads of this process, in order of creation.</summary>
    public static IReadOnlyList<int> Threads() => !IsAvailable ? [] :
        [.. Directory.GetDirectories("/proc/self/task").Select(folder => int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture)).Order()];

    /// <summary>Pins threads, one processor each.</summary>
    public static void PinThreads(IEnumerable<int> threads, IReadOnlyList<int> processors)
    {
        foreach ((int thread, int processor) in threads.Zip(processors))
        {
            Set(thread, [processor]);
        }
    }

    private static unsafe void Set(int thread, IReadOnlyList<int> processors)
    {
        if (!IsAvailable)
        {
            return;
        }

        byte* mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        foreach (int processor in processors)
        {
            mask[processor / 8] |= (byte)(1 << (processor % 8));
        }

        if (SetAffinity(thread, MaskBytes, mask) != 0)
        {
            throw new InvalidOperationException($"sched_setaffinity failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private static unsafe int[] ReadProcessors()
    {
        if (!IsAvailable)
        {
            return [.. Enumerable.Range(0, Environment.ProcessorCount)];
        }

        byte* mask = stackalloc byte[MaskBytes];
        new Span<byte>(mask, MaskBytes).Clear();
        if (GetAffinity(0, MaskBytes, mask) != 0)
        {
            throw new InvalidOperationException($"sched_getaffinity failed with error {Marshal.GetLastPInvokeError()}.");
        }

        List<int> processors = [];
        for (int i = 0; i < MaskBytes * 8; i++)
        {
            if ((mask[i / 8] >> (i % 8) & 1) != 0)
            {
                processors.Add(i);
            }
        }

        return [.. processors];
    }

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    private static unsafe partial int SetAffinity(int thread, nint size, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    private static unsafe partial int GetAffinity(int thread, nint size, byte* mask);
}
