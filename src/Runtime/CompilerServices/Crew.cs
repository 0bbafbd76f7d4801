using System.Runtime.ExceptionServices;

namespace BertGen.CompilerServices;

/// <summary>The threads of a <see cref="Team"/> and what they share: one run at a time.</summary>
internal sealed class Crew(int size)
{
    private readonly Seat?[] _seats = new Seat?[size];
    private readonly TeamBarrier _barrier = new(1);
    private readonly Signal _done = new();
    private ITeamAction? _action;
    private int _workers;
    private int _running;
    private Exception? _failure;
    private volatile bool _stopped;

    /// <summary>Most workers that a run can have.</summary>
    public int Size => _seats.Length;

    /// <summary>True when the threads have been told to end.</summary>
    public bool IsStopped => _stopped;

    /// <summary>Runs the action on so many workers, the caller one of them, and returns when all are done.</summary>
    public void Run(int workers, ITeamAction action)
    {
        for (int rank = 1; rank < workers; rank++)
        {
            _seats[rank] ??= Seat.Start(this, rank);
        }

        int done = _done.Value;
        _barrier.Reset(workers);
        (_action, _workers, _failure) = (action, workers, null);
        Volatile.Write(ref _running, workers - 1);
        for (int rank = 1; rank < workers; rank++)
        {
            _seats[rank]!.Turn.Advance();
        }

        RunShare(0);
        _done.WaitWhile(done);
        Exception? failure = _failure;
        (_action, _failure) = (null, null);
        if (failure is not null)
        {
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Tells the threads to end; no run may be on.</summary>
    public void Stop()
    {
        _stopped = true;
        foreach (Seat? seat in _seats)
        {
            seat?.Turn.Advance();
        }
    }

    /// <summary>Waits until the threads have ended.</summary>
    public void Join()
    {
        foreach (Seat? seat in _seats)
        {
            seat?.Thread.Join();
        }
    }

    private void RunShare(int rank)
    {
        try
        {
            _action!.Run(new Worker(rank, _workers, _barrier));
        }
        catch (Exception exception)
        {
            if (exception is not BrokenBarrierException)
            {
                Interlocked.CompareExchange(ref _failure, exception, null);
            }

            _barrier.Break();
        }

        if (rank > 0 && Interlocked.Decrement(ref _running) == 0)
        {
            _done.Advance();
        }
    }

    /// <summary>A thread of the crew and what tells it that it is its turn.</summary>
    private sealed class Seat
    {
        private readonly Crew _crew;
        private readonly int _rank;

        private Seat(Crew crew, int rank)
        {
            (_crew, _rank) = (crew, rank);
            Thread = new Thread(Serve) { IsBackground = true, Name = $"BertGen worker {rank}" };
        }

        public Thread Thread { get; }

        public Signal Turn { get; } = new();

        public static Seat Start(Crew crew, int rank)
        {
            var seat = new Seat(crew, rank);
            seat.Thread.UnsafeStart();
            return seat;
        }

        private void Serve()
        {
            for (int turn = 0; ; turn++)
            {
                Turn.WaitWhile(turn);
                if (_crew._stopped)
                {
                    return;
                }

                _crew.RunShare(_rank);
            }
        }
    }
}
