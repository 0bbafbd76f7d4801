using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Memory;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Programs;

/// <summary>Orders the calls of a training pass, with barriers: layers forward, heads, layers backward, embeddings.</summary>
internal static class TrainingProgramBuilder
{
    public static ProgramPlan Build(TrainingTilePlan tiles, MemoryPlan memory)
    {
        BarrierPlanner barriers = new(memory);
        List<Step> steps = [.. barriers.Place(Calls(tiles.Before))];
        if (tiles.Kernels.Forward is LayerLoop forward)
        {
            steps.Add(Layers(barriers, forward.Count, tiles.Forward, isBackward: false));
        }

        foreach (HeadTiles head in tiles.Heads)
        {
            // The layers read the gradient of the hidden states even where no head adds to it.
            if (head.Kernel.Kernel is ClearKernel)
            {
                steps.AddRange(barriers.Place(Calls([head.Kernel])));
                continue;
            }

            BarrierPlanner.State skipped = barriers.Current;
            ImmutableArray<Step> body = barriers.Place(Calls([head.Kernel]));
            barriers.Merge(skipped);
            Add(steps, head.Heads, body);
        }

        if (tiles.Kernels.Backward is LayerLoop backward)
        {
            BarrierPlanner.State skipped = barriers.Current;
            steps.Add(Layers(barriers, backward.Count, tiles.Backward, isBackward: true));
            barriers.Merge(skipped);
        }

        if (tiles.After.Length > 0)
        {
            steps.Add(new Step.WhenEmbeddings(barriers.Place(Calls(tiles.After))));
        }

        return new ProgramPlan(steps.ToImmutableArray());
    }

    private static Step Layers(BarrierPlanner barriers, int count, ImmutableArray<TileKernel> kernels, bool isBackward)
    {
        // Twice: the second pass knows what a previous layer may have left, as well as what was before the first.
        Step.Call[] body = [.. Calls(kernels)];
        BarrierPlanner.State before = barriers.Current;
        barriers.Place(body);
        barriers.Merge(before);
        return new Step.Layers(count, barriers.Place(body), isBackward);
    }

    /// <summary>Neighbours of the same heads share a condition.</summary>
    private static void Add(List<Step> steps, ImmutableArray<int> heads, ImmutableArray<Step> body)
    {
        if (body.Length == 0)
        {
            return;
        }

        if (steps.Count > 0 && steps[steps.Count - 1] is Step.WhenHeads last && last.Heads.SequenceEqual(heads))
        {
            steps[steps.Count - 1] = new Step.WhenHeads(heads, last.Body.AddRange(body));
        }
        else
        {
            steps.Add(new Step.WhenHeads(heads, body));
        }
    }

    private static IEnumerable<Step.Call> Calls(IEnumerable<TileKernel> kernels) =>
        kernels.SelectMany(kernel => kernel.Calls.Select(call => new Step.Call(kernel, call, call.Split)));
}
