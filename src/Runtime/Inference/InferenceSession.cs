using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Runs calls over the compiled program: cuts batches into groups, spreads them over threads, and lends working memory.</summary>
/// <remarks>What is computed for a text depends on the text alone, so nothing here can change a result.</remarks>
internal sealed unsafe class InferenceSession : IDisposable
{
    /// <summary>Work, in floating-point operations, that is worth another thread: some 70 µs of one, where waking a parked thread takes up to 50.</summary>
    public const double WorthwhileFlops = 6e6;

    private readonly ModelDefinition _definition;
    private float* _weights;
    private readonly double _flopsPerWorker;
    private readonly double _flopsPerToken;
    private readonly double _flopsPerTokenPair;
    private readonly Team _team;
    private readonly Pool<WorkerMemory> _memories = new(static () => new WorkerMemory());
    private readonly Pool<PassAction> _passes;
    private readonly Pool<GroupsAction> _groups;

    public InferenceSession(CompiledProgram program, float* weights, SimdWidth width, int threads, double flopsPerWorker = WorthwhileFlops)
    {
        _definition = program.Definition;
        _weights = weights;
        _flopsPerWorker = flopsPerWorker;
        _flopsPerToken = program.Description.FlopsPerToken;
        _flopsPerTokenPair = program.Description.FlopsPerTokenPair;
        _team = new Team(threads);
        _passes = new Pool<PassAction>(() => new PassAction(program, width));
        _groups = new Pool<GroupsAction>(() => new GroupsAction(program, width, _memories));
    }

    /// <summary>The weights have moved; to be called while no call runs.</summary>
    public void Rebind(float* weights) => _weights = weights;

    /// <summary>Runs a call: all arguments but weights and working memory are given, for all texts at once.</summary>
    public void Run(ForwardPass* call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        call->Weights = _weights;
        int workers = WorkersFor(call);
        if (call->TextCount == 1 || (workers == 1 && call->TokenCount <= _definition.GroupTokens))
        {
            RunPass(call, workers);
        }
        else
        {
            RunGroups(call, workers, cancellationToken);
        }
    }

    /// <summary>Bytes of working memory that wait for the next call.</summary>
    public long IdleBytes
    {
        get
        {
            IReadOnlyList<WorkerMemory> idle = _memories.Drain();
            long bytes = 0;
            foreach (WorkerMemory memory in idle)
            {
                bytes += memory.Bytes;
                _memories.Return(memory);
            }

            return bytes;
        }
    }

    public void Dispose()
    {
        _team.Dispose();
        foreach (WorkerMemory memory in _memories.Drain())
        {
            memory.Dispose();
        }
    }

    private int WorkersFor(ForwardPass* call)
    {
        double tokens = call->TokenCount;
        double flops = tokens * (_flopsPerToken + _flopsPerTokenPair * (tokens / call->TextCount));
        return Math.Clamp((int)(flops / _flopsPerWorker), 1, _team.Size);
    }

    /// <summary>One pass over all texts of a call, by the team where there is enough to share.</summary>
    private void RunPass(ForwardPass* call, int workers)
    {
        WorkerMemory memory = _memories.Rent();
        PassAction action = _passes.Rent();
        try
        {
            memory.Provide(call, _definition.Arena, workers);
            action.Pass = call;
            _team.Run(workers, action);
        }
        finally
        {
            action.Pass = null;
            _passes.Return(action);
            Return(memory);
        }
    }

    private void RunGroups(ForwardPass* call, int workers, CancellationToken cancellationToken)
    {
        ReadOnlySpan<int> offsets = new(call->TextOffsets, call->TextCount + 1);
        GroupsAction action = _groups.Rent();
        try
        {
            action.Plan.Cut(offsets, _definition.GroupTokens, workers);
            if (action.Plan.IsBalanced(offsets, workers))
            {
                action.Start(call, cancellationToken);
                _team.Run(workers, action);
            }
            else
            {
                // Threads alone would wait for the longest text: rather take each group together.
                action.Plan.Cut(offsets, _definition.GroupTokens, threads: 1);
                RunTogether(call, action.Plan, cancellationToken);
            }
        }
        finally
        {
            action.Clear();
            _groups.Return(action);
        }
    }

    private void RunTogether(ForwardPass* call, GroupPlan plan, CancellationToken cancellationToken)
    {
        WorkerMemory memory = _memories.Rent();
        try
        {
            for (int group = 0; group < plan.Count; group++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                (int start, int end) = plan.Texts(group);
                ForwardPass pass = memory.Slice(call, start, end, _definition);
                RunPass(&pass, WorkersFor(&pass));
            }
        }
        finally
        {
            Return(memory);
        }
    }

    private void Return(WorkerMemory memory)
    {
        memory.Trim();
        _memories.Return(memory);
    }
}
