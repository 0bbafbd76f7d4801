using System.Runtime.CompilerServices;
using BertGen.CompilerServices;

namespace BertGen.Tests.Kernels;

public sealed class TeamTests
{
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3), InlineData(9)]
    public void Every_worker_runs_once(int workers)
    {
        using var team = new Team(workers);
        var counter = new Counter(workers);
        for (int run = 1; run <= 200; run++)
        {
            team.Run(workers, counter);
            Assert.All(counter.Runs, runs => Assert.Equal(run, runs));
        }
    }

    [Fact]
    public void A_narrow_run_leaves_the_other_workers_alone()
    {
        using var team = new Team(4);
        var counter = new Counter(4);
        team.Run(2, counter);
        team.Run(4, counter);
        team.Run(1, counter);
        Assert.Equal([3, 2, 1, 1], counter.Runs);
    }

    [Theory]
    [InlineData(2), InlineData(8)]
    public void A_barrier_shows_what_the_others_wrote_before_it(int workers)
    {
        // More workers than processors: they cannot all be awake.
        using var team = new Team(workers);
        var relay = new Relay(workers, rounds: 1500);
        team.Run(workers, relay);
        Assert.Equal(0, relay.Mistakes);
    }

    [Fact]
    public void A_barrier_wakes_workers_that_have_parked()
    {
        using var team = new Team(3);
        team.Run(3, new Action(worker =>
        {
            for (int round = 0; round < 5; round++)
            {
                if (round % worker.Count == worker.Rank)
                {
                    Thread.Sleep(5);
                }

                worker.Barrier();
            }
        }));
        Thread.Sleep(5);
        var counter = new Counter(3);
        team.Run(3, counter);
        Assert.Equal([1, 1, 1], counter.Runs);
    }

    [Theory]
    [InlineData(0), InlineData(2)]
    public void A_failure_reaches_the_caller_and_frees_those_at_the_barrier(int failing)
    {
        using var team = new Team(3);
        var failure = Assert.Throws<InvalidOperationException>(() => team.Run(3, new Action(worker =>
        {
            worker.Barrier();
            if (worker.Rank == failing)
            {
                throw new InvalidOperationException("first");
            }

            worker.Barrier();
            worker.Barrier();
        })));
        Assert.Equal("first", failure.Message);

        // And the team is whole again.
        var relay = new Relay(3, rounds: 10);
        team.Run(3, relay);
        Assert.Equal(0, relay.Mistakes);
    }

    [Fact]
    public async Task A_call_that_finds_the_team_at_work_runs_alone()
    {
        using var team = new Team(2);
        using var started = new ManualResetEventSlim();
        using var finish = new ManualResetEventSlim();
        Task first = Task.Run(() => team.Run(2, new Action(_ =>
        {
            started.Set();
            finish.Wait();
        })), TestContext.Current.CancellationToken);
        started.Wait(TestContext.Current.CancellationToken);
        int count = 0;
        team.Run(2, new Action(worker => count = worker.Count));
        finish.Set();
        await first;
        Assert.Equal(1, count);
    }

    [Fact]
    public void Calls_from_many_threads_all_finish()
    {
        using var team = new Team(2);
        int total = 0;
        Parallel.For(0, 2000, _ => team.Run(2, new Action(worker =>
        {
            worker.Barrier();
            if (worker.Rank == 0)
            {
                Interlocked.Increment(ref total);
            }
        })));
        Assert.Equal(2000, total);
    }

    [Fact]
    public void A_run_allocates_nothing()
    {
        using var team = new Team(2);
        var relay = new Relay(2, rounds: 3);
        team.Run(2, relay);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int run = 0; run < 100; run++)
        {
            team.Run(2, relay);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Disposal_ends_the_threads()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<Thread>();
        var team = new Team(4);
        team.Run(4, new Action(_ => seen.Add(Thread.CurrentThread)));
        team.Dispose();
        Assert.Equal(4, seen.Distinct().Count());
        Assert.All(seen.Where(thread => thread != Thread.CurrentThread), thread => Assert.False(thread.IsAlive));
        Assert.Throws<ObjectDisposedException>(() => team.Run(1, new Counter(1)));
        team.Dispose();
    }

    [Fact]
    public void A_team_that_nobody_holds_ends_its_threads()
    {
        Thread[] threads = Abandon();
        for (int round = 0; round < 100 && threads.Any(thread => thread.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }

        Assert.Equal(2, threads.Length);
        Assert.All(threads, thread => Assert.False(thread.IsAlive));

        // Of its own: a local of the test might hold the team to the end.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static Thread[] Abandon()
        {
            var seen = new System.Collections.Concurrent.ConcurrentBag<Thread>();
            new Team(3).Run(3, new Action(_ => seen.Add(Thread.CurrentThread)));
            return [.. seen.Where(thread => thread != Thread.CurrentThread)];
        }
    }

    private sealed class Action(Action<Worker> run) : ITeamAction
    {
        public void Run(Worker worker) => run(worker);
    }

    private sealed class Counter(int workers) : ITeamAction
    {
        public int[] Runs { get; } = new int[workers];

        public void Run(Worker worker) => Runs[worker.Rank]++;
    }

    /// <summary>Each worker writes a plain number, and after the barrier reads everybody's.</summary>
    private sealed class Relay(int workers, int rounds) : ITeamAction
    {
        private readonly int[] _written = new int[workers];
        private int _mistakes;

        public int Mistakes => _mistakes;

        public void Run(Worker worker)
        {
            for (int round = 1; round <= rounds; round++)
            {
                _written[worker.Rank] = round;
                worker.Barrier();
                foreach (int written in _written)
                {
                    if (written != round)
                    {
                        Interlocked.Increment(ref _mistakes);
                    }
                }

                worker.Barrier();
            }
        }
    }
}
