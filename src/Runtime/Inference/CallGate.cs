using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Counts running calls, so that closing can wait for them and later calls are turned away; and lets one call be alone for a moment.</summary>
internal sealed class CallGate(string owner)
{
    private const int Closed = int.MinValue;
    private readonly ManualResetEventSlim _idle = new(false);

    // What calls wait for while one is alone, and what that one waits for until it is.
    private readonly Signal _opened = new();
    private readonly Signal _left = new();

    // Running calls, plus the sign bit once closed.
    private int _state;

    // 1 while a call is alone or waits to be.
    private int _alone;

    /// <summary>Begins a call; waits while another is alone.</summary>
    /// <exception cref="ObjectDisposedException">The gate is closed.</exception>
    public void Enter()
    {
        while (true)
        {
            int opened = _opened.Value;
            if (Interlocked.Increment(ref _state) < 0)
            {
                Exit();
                throw new ObjectDisposedException(owner);
            }

            // Both sides put a full fence between writing their own number and reading the other's: at least one sees the other.
            if (Volatile.Read(ref _alone) == 0)
            {
                return;
            }

            Exit();
            _opened.WaitWhile(opened);
        }
    }

    public void Exit()
    {
        int state = Interlocked.Decrement(ref _state);
        if (state == Closed)
        {
            _idle.Set();
        }
        else if (Volatile.Read(ref _alone) != 0)
        {
            _left.Advance();
        }
    }

    /// <summary>For a call that has entered: waits until all others have left and holds later ones back until <see cref="ExitAlone"/>.</summary>
    /// <remarks>One call at a time: two that wait to be alone would wait for each other.</remarks>
    public void EnterAlone()
    {
        Interlocked.Exchange(ref _alone, 1);
        while (true)
        {
            int left = _left.Value;
            if ((Volatile.Read(ref _state) & ~Closed) == 1)
            {
                return;
            }

            _left.WaitWhile(left);
        }
    }

    public void ExitAlone()
    {
        Interlocked.Exchange(ref _alone, 0);
        _opened.Advance();
    }

    /// <summary>Turns later calls away and waits for the running ones.</summary>
    /// <returns>False where it was closed before.</returns>
    public bool Close()
    {
        int before = Interlocked.Or(ref _state, Closed);
        if (before < 0)
        {
            return false;
        }

        if (before > 0)
        {
            _idle.Wait();
        }

        return true;
    }
}
