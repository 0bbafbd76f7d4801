using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Memory;

/// <summary>Proves of the training arena that what a step reads is what the step that computed it wrote: the pass is walked turn by turn.</summary>
/// <remarks>It shares no judgement with the planner: it keeps for every range of memory who wrote it last.</remarks>
internal static class TrainingMemoryVerifier
{
    /// <summary>Turns of the loops that are walked: the first, one between, the last.</summary>
    private const int Turns = 3;

    /// <summary>Throws <see cref="InvalidOperationException"/> naming the first thing wrong.</summary>
    public static void Verify(TrainingTilePlan tiles, MemoryPlan memory) => new Walk(tiles, memory).Run();

    private sealed class Walk(TrainingTilePlan tiles, MemoryPlan memory)
    {
        /// <summary>What lies where: the value, and in which turn it was written.</summary>
        private readonly List<(Axis Axis, long Start, long End, Value Value, int Turn)> _contents = [];

        public void Run()
        {
            foreach (Placement place in memory.Activations.Values)
            {
                Require(place.Offset >= 0 && place.Floats >= tiles.Layouts.FloatsPerRow(place.Value), $"{place.Value} has too little room.");
            }

            Steps(tiles.Before, 0);
            int turns = Math.Min(Turns, tiles.Kernels.Forward?.Count ?? 0);
            for (int turn = 0; turn < turns; turn++)
            {
                Steps(tiles.Forward, turn);
            }

            Steps(tiles.Heads.Select(head => head.Kernel), turns);
            for (int turn = turns - 1; turn >= 0; turn--)
            {
                Steps(tiles.Backward, turn);
            }

            Steps(tiles.After, 0);
        }

        private void Steps(IEnumerable<TileKernel> kernels, int turn)
        {
            foreach (TileCall call in kernels.SelectMany(kernel => kernel.Calls))
            {
                foreach (Access access in call.Accesses.Where(access => !access.IsWrite && memory.Activations.ContainsKey(access.Value)))
                {
                    (long start, long end) = RangeOf(access.Value, turn);
                    (Value value, int written) = Identity(access.Value, turn);
                    Axis axis = memory.Activations[access.Value].Axis;
                    bool isThere = _contents.Any(content => content.Axis == axis && content.Start == start && content.End == end && content.Value == value && content.Turn == written);
                    Require(isThere, $"{call.Function.Name} reads {access.Value}, which is no longer there.");
                }

                foreach (Access access in call.Accesses.Where(access => access.IsWrite && memory.Activations.ContainsKey(access.Value)))
                {
                    Axis axis = memory.Activations[access.Value].Axis;
                    (long start, long end) = RangeOf(access.Value, turn);
                    (Value value, int written) = Identity(access.Value, turn);
                    _contents.RemoveAll(content => content.Axis == axis && content.Start < end && start < content.End);
                    _contents.Add((axis, start, end, value, written));
                    long extent = axis switch
                    {
                        Axis.Tokens => memory.PerToken,
                        Axis.Texts => memory.PerText,
                        Axis.Selected => memory.PerSelected,
                        _ => memory.Fixed,
                    };
                    Require(end <= extent, $"{access.Value} lies outside its region.");
                }
            }
        }

        /// <summary>The floats of a row; those of kept values are a layer's own.</summary>
        private (long Start, long End) RangeOf(Value value, int turn)
        {
            Placement place = memory.Activations[value];
            int layer = place.IsKept ? Identity(value, turn).Turn : 0;
            long start = place.Offset + layer * memory.KeptPerLayer;
            return (start, start + place.Floats);
        }

        private int Last => Math.Min(Turns, tiles.Kernels.Forward?.Count ?? 0);

        /// <summary>What a turn's value is by name and turn: hidden states and their gradients go by one name from turn to turn.</summary>
        private (Value Value, int Turn) Identity(Value value, int turn)
        {
            if (tiles.Kernels.Forward is LayerLoop forward && (value == forward.CarriedIn || value == forward.CarriedOut || value == forward.Result))
            {
                return (forward.CarriedIn, value == forward.Result && value != forward.CarriedOut ? Last : value == forward.CarriedOut ? Math.Min(turn + 1, Last) : turn);
            }

            if (tiles.Kernels.Backward is LayerLoop backward && (value == backward.CarriedIn || value == backward.CarriedOut || value == backward.Result))
            {
                // The gradient of the hidden states in front of a layer.
                bool isInput = value == backward.CarriedOut;
                return (backward.CarriedIn, value == backward.Result && value != backward.CarriedIn ? Last : isInput ? turn : Math.Min(turn + 1, Last));
            }

            return (value, value.Layer is null ? -1 : turn);
        }
    }

    private static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new InvalidOperationException(message);
        }
    }
}
