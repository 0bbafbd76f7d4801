namespace BertGen.CompilerServices;

/// <summary>Threads that stay: a run hands each worker its share at once, without making or, in a stream of calls, waking a thread.</summary>
/// <remarks>
/// The calling thread is worker 0. The others start with the first run that needs them, wait awake for a moment after each run and then park.
/// Results do not depend on the number of workers, so a call that finds the team at work runs alone instead of queueing.
/// The threads hold the <see cref="Crew"/> and not the team: a team that nobody holds any more is collected, and ends them.
/// </remarks>
internal sealed class Team : IDisposable
{
    private readonly Crew _crew;
    private int _busy;

    /// <summary>A team of <paramref name="size"/> workers, the caller of each run included.</summary>
    /// <param name="size">Number of workers, at least 1.</param>
    public Team(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        _crew = new Crew(size);
    }

    ~Team() => _crew?.Stop();

    /// <summary>Most workers that a run can have.</summary>
    public int Size => _crew.Size;

    /// <summary>Runs the action on up to <paramref name="workers"/> workers and returns when all are done.</summary>
    /// <exception cref="ObjectDisposedException">The team has been disposed of.</exception>
    /// <exception cref="Exception">What the first worker to fail threw; the others were stopped at their next barrier.</exception>
    public void Run(int workers, ITeamAction action)
    {
        ObjectDisposedException.ThrowIf(_crew.IsStopped, this);
        workers = Math.Min(workers, Size);
        if (workers <= 1 || Interlocked.Exchange(ref _busy, 1) != 0)
        {
            action.Run(Worker.Alone);
            return;
        }

        try
        {
            ObjectDisposedException.ThrowIf(_crew.IsStopped, this);
            _crew.Run(workers, action);
        }
        finally
        {
            Volatile.Write(ref _busy, 0);
        }
    }

    /// <summary>Waits for a running call, then ends the threads.</summary>
    public void Dispose()
    {
        var patience = new Patience();
        while (Interlocked.Exchange(ref _busy, 1) != 0)
        {
            if (!patience.Wait())
            {
                Thread.Sleep(1);
            }
        }

        _crew.Stop();
        _crew.Join();
        Volatile.Write(ref _busy, 0);
        GC.SuppressFinalize(this);
    }
}
