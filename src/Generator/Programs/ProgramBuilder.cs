using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Schedules;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Programs;

/// <summary>Orders the calls, skips what no asked result needs, and puts a barrier wherever workers touch each other's memory.</summary>
internal static class ProgramBuilder
{
    public static ProgramPlan Build(TilePlan tiles, MemoryPlan memory, Schedule schedule)
    {
        BarrierPlanner barriers = new(memory);
        List<Step> steps = [.. barriers.Place(Calls(tiles.Before))];
        if (tiles.Kernels.Layers is { } loop)
        {
            // Rows keep a worker by itself from attention to the next layer; with few rows each would read all weights for little work.
            BarrierPlanner.State entry = barriers.Current;
            ImmutableArray<Step> rows = Layers(barriers, loop, Calls(tiles.Body));
            BarrierPlanner.State afterRows = barriers.Current;
            barriers.Return(entry);
            ImmutableArray<Step> columns = Layers(barriers, loop, Calls(tiles.Body).Select(ByColumns));
            barriers.Merge(afterRows);
            steps.Add(new Step.Few(schedule.ColumnSplitTokens, columns, rows));
        }

        foreach (TileKernel kernel in tiles.After)
        {
            BarrierPlanner.State skipped = barriers.Current;
            ImmutableArray<Step> body = barriers.Place(Calls([kernel]));
            barriers.Merge(skipped);
            steps.Add(new Step.When(ResultsOf(tiles, kernel), body));
        }

        return new ProgramPlan(Joined(steps));
    }

    private static ImmutableArray<Step> Layers(BarrierPlanner barriers, LayerLoop loop, IEnumerable<Step.Call> calls)
    {
        // Twice: the second pass knows what a previous layer may have left, as well as what was before the first.
        Step.Call[] body = calls.ToArray();
        BarrierPlanner.State before = barriers.Current;
        barriers.Place(body);
        barriers.Merge(before);
        return [new Step.Layers(loop.Count, barriers.Place(body))];
    }

    private static Step.Call ByColumns(Step.Call call) =>
        call.Split == Split.Rows && call.Tile.Arguments.Any(argument => argument is Operand.Share { Split: Split.Columns }) ? call with { Split = Split.Columns } : call;

    private static IEnumerable<Step.Call> Calls(IEnumerable<TileKernel> kernels) =>
        kernels.SelectMany(kernel => kernel.Calls.Select(call => new Step.Call(kernel, call, call.Split)));

    /// <summary>The results that need a kernel behind the layers.</summary>
    private static ImmutableArray<GraphOutput> ResultsOf(TilePlan tiles, TileKernel kernel)
    {
        if (kernel.Kernel is CopyKernel copy)
        {
            return [copy.Output];
        }

        return tiles.Kernels.Graph.Outputs.Where(output => output.Kind != OutputKind.HiddenStates && Reaches(output.Value, kernel.Kernel.Outputs[0])).ToImmutableArray();
    }

    // Heads are short chains; the walk ends at the hidden states.
    private static bool Reaches(Value value, Value target) => value == target || (value.Layer is null && value.Inputs.Any(input => Reaches(input, target)));

    /// <summary>Neighbouring steps with one condition under one condition.</summary>
    private static ImmutableArray<Step> Joined(List<Step> steps)
    {
        List<Step> joined = [];
        foreach (Step step in steps)
        {
            if (step is Step.When next && joined.Count > 0 && joined[joined.Count - 1] is Step.When last && last.Results.SequenceEqual(next.Results))
            {
                joined[joined.Count - 1] = new Step.When(last.Results, last.Body.AddRange(next.Body));
            }
            else
            {
                joined.Add(step);
            }
        }

        return joined.ToImmutableArray();
    }
}
