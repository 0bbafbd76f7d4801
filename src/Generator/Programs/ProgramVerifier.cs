using System.Collections.Immutable;
using BertGen.Generator.Memory;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Programs;

/// <summary>Walks every way through a program, layers twice, and proves that no two workers meet in memory without a barrier between.</summary>
/// <remarks>It shares no judgement with the planner of barriers: it compares the very floats that each worker of an example touches.</remarks>
internal static class ProgramVerifier
{
    /// <summary>Throws <see cref="InvalidOperationException"/> naming the first thing wrong.</summary>
    public static void Verify(ProgramPlan program, TilePlan tiles, MemoryPlan memory) =>
        new Walk(new Footprints(tiles.Kernels.Graph, tiles.Layouts, memory)).Visit(program.Steps, ImmutableHashSet<Footprint>.Empty);

    /// <summary>The same of a training pass; and that each packed weight's gradient is the business of one call, in which workers divide it.</summary>
    public static void Verify(ProgramPlan program, TrainingTilePlan tiles, MemoryPlan memory)
    {
        new Walk(new Footprints(tiles.Kernels.Graph, tiles.Layouts, memory)).Visit(program.Steps, ImmutableHashSet<Footprint>.Empty);
        Dictionary<string, int> calls = tiles.All.SelectMany(kernel => kernel.Calls).SelectMany(call => call.Arguments).OfType<Operand.Gradient>()
            .GroupBy(gradient => gradient.Packed.Name).ToDictionary(group => group.Key, group => group.Count());
        foreach (PackedWeight weight in tiles.Weights.All)
        {
            // An embedding's head has no loss, and a pooler that only it would use does not exist.
            int count = calls.TryGetValue(weight.Name, out int known) ? known : 0;
            if (count != 1)
            {
                throw new InvalidOperationException($"The gradient of {weight.Name} is computed by {count} calls.");
            }
        }
    }

    private sealed class Walk(Footprints footprints)
    {
        public ImmutableHashSet<Footprint> Visit(IEnumerable<Step> steps, ImmutableHashSet<Footprint> state)
        {
            foreach (Step step in steps)
            {
                state = Visit(step, state);
            }

            return state;
        }

        private ImmutableHashSet<Footprint> Visit(Step step, ImmutableHashSet<Footprint> state)
        {
            switch (step)
            {
                case Step.Barrier:
                    return state.Clear();
                case Step.Layers layers:
                    return Visit(layers.Body, Visit(layers.Body, state).Union(state));
                case Step.Few few:
                    return Visit(few.IfFew, state).Union(Visit(few.Otherwise, state));
                case Step.When conditional:
                    return Visit(conditional.Body, state).Union(state);
                case Step.WhenHeads heads:
                    return Visit(heads.Body, state).Union(state);
                case Step.WhenEmbeddings embeddings:
                    return Visit(embeddings.Body, state).Union(state);
                case Step.Call call:
                    Footprint[] own = footprints.Of(call);
                    foreach (Footprint footprint in own)
                    {
                        if (state.Any(footprint.Meets))
                        {
                            throw new InvalidOperationException($"{call.Kernel.Kernel.Name}.{call.Tile.Function.Name} touches {footprint.Value}, which other workers may still use.");
                        }
                    }

                    return state.Union(own);
                default:
                    throw new NotSupportedException($"{step.GetType().Name} cannot be verified.");
            }
        }
    }
}
