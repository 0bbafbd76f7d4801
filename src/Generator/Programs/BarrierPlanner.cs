using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Programs;

/// <summary>Finds where a worker would touch memory that another may still read or write.</summary>
internal sealed class BarrierPlanner(MemoryPlan memory)
{
    /// <summary>A worker's touch of a place.</summary>
    /// <param name="Place">The place.</param>
    /// <param name="IsWrite">Written rather than read.</param>
    /// <param name="Own">How the place is cut among the workers, or null where one touches what others own.</param>
    /// <param name="Rows">What is cut, for a cut by rows.</param>
    internal sealed record Touch(Placement Place, bool IsWrite, Split? Own, Axis Rows);

    /// <summary>Touches since the last barrier, on any way that leads here.</summary>
    internal sealed record State(ImmutableHashSet<Touch> Touches);

    public State Current { get; private set; } = new(ImmutableHashSet<Touch>.Empty);

    /// <summary>The calls with barriers between.</summary>
    public ImmutableArray<Step> Place(IEnumerable<Step.Call> calls)
    {
        List<Step> steps = [];
        foreach (Step.Call call in calls)
        {
            Touch[] touches = TouchesOf(call).ToArray();
            if (FirstConflict(touches) is (Touch earlier, Touch later))
            {
                steps.Add(new Step.Barrier(Reason(earlier, later)));
                Current = new State(Current.Touches.Clear());
            }

            Current = new State(Current.Touches.Union(touches));
            steps.Add(call);
        }

        return steps.ToImmutableArray();
    }

    /// <summary>The steps since <paramref name="skipped"/> may not have run.</summary>
    public void Merge(State skipped) => Current = new State(Current.Touches.Union(skipped.Touches));

    /// <summary>Goes back to where another way begins.</summary>
    public void Return(State state) => Current = state;

    /// <summary>What a call touches; a function whose columns are divided reads whole rows and owns columns of what it writes.</summary>
    public IEnumerable<Touch> TouchesOf(Step.Call call)
    {
        foreach (Access access in call.Tile.Accesses)
        {
            if (memory.Activations.TryGetValue(access.Value, out Placement? place))
            {
                Split? own = call.Split == Split.Columns && access.Own == Split.Rows ? (access.IsWrite ? Split.Columns : null) : access.Own;
                yield return new Touch(place, access.IsWrite, own, call.Tile.Function.Rows);
            }
        }
    }

    private (Touch, Touch)? FirstConflict(Touch[] touches)
    {
        foreach (Touch later in touches)
        {
            foreach (Touch earlier in Current.Touches)
            {
                if (Conflict(earlier, later))
                {
                    return (earlier, later);
                }
            }
        }

        return null;
    }

    internal static bool Conflict(Touch earlier, Touch later)
    {
        if (!(earlier.IsWrite || later.IsWrite) || !earlier.Place.OverlapsInMemory(later.Place))
        {
            return false;
        }

        // The same cut of the same place: every worker meets only itself.
        bool isSameCut = earlier.Own is not null && earlier.Own == later.Own && earlier.Rows == later.Rows
            && earlier.Place.Offset == later.Place.Offset && earlier.Place.Floats == later.Place.Floats;
        return !isSameCut;
    }

    // Sets have no order: the reason names only what does not depend on which conflict was found first.
    private static string Reason(Touch earlier, Touch later) =>
        later.IsWrite ? "Other workers may still use this memory." : $"Reads what other workers wrote: {later.Place.Value.Name ?? "rows"}.";
}
