using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Groups of texts of which each thread takes one after another, alone.</summary>
internal sealed unsafe class GroupsAction(CompiledProgram program, SimdWidth width, Pool<WorkerMemory> memories) : ITeamAction
{
    private readonly ModelDefinition _definition = program.Definition;
    private ForwardPass* _call;
    private CancellationToken _cancellation;
    private int _next;

    /// <summary>How the texts are cut.</summary>
    public GroupPlan Plan { get; } = new();

    /// <summary>Makes the planned groups of a call ready to be taken.</summary>
    public void Start(ForwardPass* call, CancellationToken cancellationToken)
    {
        _call = call;
        _cancellation = cancellationToken;
        _next = 0;
    }

    /// <summary>Forgets the call: its arguments lie on a stack, and its token may hold much else.</summary>
    public void Clear()
    {
        _call = null;
        _cancellation = default;
    }

    public void Run(Worker worker)
    {
        WorkerMemory memory = memories.Rent();
        try
        {
            for (int group = Take(); group < Plan.Count; group = Take())
            {
                _cancellation.ThrowIfCancellationRequested();
                (int start, int end) = Plan.Texts(group);
                ForwardPass pass = memory.Slice(_call, start, end, _definition);
                memory.Provide(&pass, _definition.Arena, workers: 1);
                program.Forward(width, Worker.Alone, &pass);
            }
        }
        catch
        {
            // The others stop after the group they have.
            Volatile.Write(ref _next, Plan.Count);
            throw;
        }
        finally
        {
            memory.Trim();
            memories.Return(memory);
        }
    }

    private int Take() => Interlocked.Increment(ref _next) - 1;
}
