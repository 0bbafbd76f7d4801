namespace BertGen.Tests.Training;

public class GateTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_alone_waits_for_others_and_holds_later_ones_back()
    {
        CallGate gate = new("Model");
        gate.Enter();
        using ManualResetEventSlim alone = new(), done = new();
        Task writer = Task.Run(() =>
        {
            gate.Enter();
            gate.EnterAlone();
            alone.Set();
            done.Wait(s_patience);
            gate.ExitAlone();
            gate.Exit();
        }, Now);

        // Long enough for one that does not wait.
        await Task.Delay(50, Now);
        Assert.False(alone.IsSet);
        gate.Exit();
        Assert.True(alone.Wait(s_patience, Now));
        Task reader = Task.Run(gate.Enter, Now);
        await Task.Delay(50, Now);
        Assert.False(reader.IsCompleted);
        done.Set();
        await reader.WaitAsync(s_patience, Now);
        await writer.WaitAsync(s_patience, Now);
        gate.Exit();
        Assert.True(gate.Close());
    }

    [Fact]
    public async Task Calls_never_see_a_weight_that_is_being_written()
    {
        // Two numbers that are equal but for moments in which the writer is alone.
        CallGate gate = new("Model");
        long first = 0, second = 0, seen = 0;
        bool stop = false;
        Task[] readers = [.. Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
        {
            while (!Volatile.Read(ref stop))
            {
                gate.Enter();
                long a = Volatile.Read(ref first);
                Thread.SpinWait(20);
                Assert.Equal(a, Volatile.Read(ref second));
                Interlocked.Increment(ref seen);
                gate.Exit();
            }
        }, Now))];
        for (int i = 0; i < 3000; i++)
        {
            gate.Enter();
            gate.EnterAlone();
            Volatile.Write(ref first, i);
            Thread.SpinWait(20);
            Volatile.Write(ref second, i);
            gate.ExitAlone();
            gate.Exit();
        }

        Volatile.Write(ref stop, true);
        await Task.WhenAll(readers).WaitAsync(s_patience, Now);
        Assert.True(gate.Close());
        Assert.Throws<ObjectDisposedException>(gate.Enter);
    }

    [Fact]
    public async Task Closing_waits_for_the_call_that_is_alone_and_turns_away_those_it_held_back()
    {
        CallGate gate = new("Model");
        gate.Enter();
        gate.EnterAlone();
        Task reader = Task.Run(gate.Enter, Now);
        bool isClosed = false;
        Thread close = new(() => isClosed = gate.Close());
        close.Start();
        Assert.True(SpinWait.SpinUntil(() => close.ThreadState.HasFlag(ThreadState.WaitSleepJoin), s_patience));
        Assert.False(isClosed);
        gate.ExitAlone();
        gate.Exit();
        Assert.True(close.Join(s_patience) && isClosed);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reader.WaitAsync(s_patience, Now));
    }

    [Fact]
    public async Task Inference_goes_on_between_and_during_steps()
    {
        using BagModel model = BagModels.Create(new BagProgram(BagModels.Colors), threads: 2);
        using var trainer = model.CreateTrainer(new() { Epochs = 20, BatchSize = 4, LearningRate = 0.01f });
        using CancellationTokenSource stop = new();
        long calls = 0;
        Task reader = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Assert.All(model.Run([2, 7, 9, 3]).Logits("classifier").ToArray(), logit => Assert.True(float.IsFinite(logit)));
                calls++;
            }
        }, Now);
        long before = 0;
        foreach (TrainingStep step in trainer.Fit(BagModels.Examples(80)))
        {
            before = step.IsLast ? Volatile.Read(ref calls) : before;
        }

        Assert.True(before > 0);
        stop.Cancel();
        await reader.WaitAsync(s_patience, Now);
    }

    [Fact]
    public async Task Dispose_waits_for_the_step_that_is_being_taken()
    {
        using ManualResetEventSlim entered = new(), proceed = new();
        BagProgram program = new(BagModels.Colors)
        {
            OnPass = _ =>
            {
                entered.Set();
                proceed.Wait(s_patience);
            },
        };
        BagModel model = BagModels.Create(program);
        using var trainer = model.CreateTrainer(new() { BatchSize = 4 });
        Task<TrainingStep> step = Task.Run(() => trainer.Fit(BagModels.Examples(4)).First(), Now);
        Assert.True(entered.Wait(s_patience, Now));
        Task disposeModel = Task.Run(model.Dispose, Now), disposeTrainer = Task.Run(trainer.Dispose, Now);
        await Task.Delay(50, Now);
        Assert.False(disposeModel.IsCompleted || disposeTrainer.IsCompleted);
        proceed.Set();
        Assert.Equal(1, (await step.WaitAsync(s_patience, Now)).Number);
        await Task.WhenAll(disposeModel, disposeTrainer).WaitAsync(s_patience, Now);
    }

    [Fact]
    public async Task Two_trainers_do_not_step_at_once()
    {
        using ManualResetEventSlim entered = new(), proceed = new();
        BagProgram program = new(BagModels.Colors)
        {
            OnPass = _ =>
            {
                entered.Set();
                proceed.Wait(s_patience);
            },
        };
        using BagModel model = BagModels.Create(program);
        using var first = model.CreateTrainer(new() { BatchSize = 4 });
        using var second = model.CreateTrainer(new() { BatchSize = 4 });
        Task<TrainingStep> step = Task.Run(() => first.Fit(BagModels.Examples(4)).First(), Now);
        Assert.True(entered.Wait(s_patience, Now));
        Assert.Contains("one trainer at a time", Assert.Throws<InvalidOperationException>(() => second.Fit(BagModels.Examples(4)).First()).Message);
        proceed.Set();
        await step.WaitAsync(s_patience, Now);
        Assert.Equal(1, second.Fit(BagModels.Examples(4)).First().Number);
    }
}
