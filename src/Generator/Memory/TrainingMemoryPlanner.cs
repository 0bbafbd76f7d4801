using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Memory;

/// <summary>The arena of training: what the backward pass reads of each layer, one layer after another, and everything else by lifetime behind it.</summary>
/// <remarks>
/// A layer's kept values begin with its input, which is the output of the layer before: one more place, behind the last layer's values, holds the
/// last layer's output. Gradients of hidden states go from layer to layer in one place.
/// </remarks>
internal sealed class TrainingMemoryPlanner
{
    private readonly TrainingTilePlan _tiles;
    private readonly Dictionary<Value, (int First, int Last)> _lives;
    private readonly ImmutableDictionary<Value, Placement>.Builder _placed = ImmutableDictionary.CreateBuilder<Value, Placement>();

    private TrainingMemoryPlanner(TrainingTilePlan tiles)
    {
        _tiles = tiles;
        _lives = TrainingLifetimes.Of(tiles);
    }

    public static MemoryPlan Place(TrainingTilePlan tiles, MemoryPlan inference) => new TrainingMemoryPlanner(tiles).Place(inference);

    private MemoryPlan Place(MemoryPlan inference)
    {
        long keptPerLayer = PlaceKept();
        LayerLoop? forward = _tiles.Kernels.Forward;
        long kept = forward is null ? 0 : keptPerLayer * forward.Count + _tiles.Layouts.FloatsPerRow(forward.CarriedIn);
        PlaceOthers((kept + 15) / 16 * 16);
        (ImmutableDictionary<(TileCall, string), long> scratch, long perWorker) = MemoryPlanner.Scratch(_tiles.All);
        return inference with
        {
            Activations = _placed.ToImmutable(),
            Scratch = scratch,
            PerToken = Math.Max(Extent(Axis.Tokens), kept),
            PerText = Extent(Axis.Texts),
            PerSelected = Extent(Axis.Selected),
            PerWorker = perWorker,
            Fixed = (Extent(Axis.Constant) + 15) / 16 * 16,
            KeptPerLayer = keptPerLayer,
        };
    }

    private long Extent(Axis axis) =>
        _placed.Values.Where(placement => placement.Axis == axis).Select(placement => placement.Offset + placement.Floats).DefaultIfEmpty(0).Max();

    /// <summary>Values that the forward loop leaves for the backward loop; returns the floats of a layer.</summary>
    private long PlaceKept()
    {
        if (_tiles.Kernels.Forward is not LayerLoop forward)
        {
            return 0;
        }

        int start = _tiles.Before.Length;
        int end = start + _tiles.Forward.Length;
        IEnumerable<Value> values = _lives.Keys
            .Where(value => value != forward.CarriedIn && value != forward.CarriedOut && value != forward.Result && _lives[value].First >= start && _lives[value].First < end && _lives[value].Last >= end)
            .OrderByDescending(_tiles.Layouts.FloatsPerRow).ThenBy(_tiles.Kernels.Graph.IdOf);
        long offset = 0;
        foreach (Value value in values.Prepend(forward.CarriedIn))
        {
            long floats = _tiles.Layouts.FloatsPerRow(value);
            (int first, int last) = _lives[value];
            _placed.Add(value, new Placement(value, Axis.Tokens, offset, floats, first, last, null) { IsKept = true });
            offset += floats;
        }

        // The next layer's input is this one's output; the last layer's is what the heads read.
        Placement carried = _placed[forward.CarriedIn];
        _placed.Add(forward.CarriedOut, carried with { Value = forward.CarriedOut, SharesWith = forward.CarriedIn });
        if (forward.Result != forward.CarriedOut)
        {
            _placed.Add(forward.Result, carried with { Value = forward.Result, SharesWith = forward.CarriedIn });
        }

        return offset;
    }

    private void PlaceOthers(long start)
    {
        LayerLoop? loop = _tiles.Kernels.Backward;
        Value[] carried = loop is null ? [] : [.. new[] { loop.Result, loop.CarriedIn, loop.CarriedOut }.Distinct()];
        IEnumerable<Value> values = _lives.Keys.Where(value => !_placed.ContainsKey(value) && !carried.Skip(1).Contains(value));
        foreach (Value value in values.OrderByDescending(_tiles.Layouts.FloatsPerRow).ThenBy(value => _lives[value].First).ThenBy(_tiles.Kernels.Graph.IdOf).ToArray())
        {
            Value[] members = carried.Contains(value) ? carried : [value];
            Axis axis = Activations.AxisOf(value);
            long floats = _tiles.Layouts.FloatsPerRow(value);
            long offset = axis == Axis.Tokens ? start : 0;
            (int first, int last) = (members.Min(member => _lives[member].First), members.Max(member => _lives[member].Last));
            foreach (Placement other in _placed.Values.Where(other => other.Axis == axis && !other.IsKept && first <= other.Last && other.First <= last).OrderBy(other => other.Offset))
            {
                if (offset + floats <= other.Offset)
                {
                    break;
                }

                offset = Math.Max(offset, other.Offset + other.Floats);
            }

            foreach (Value member in members)
            {
                _placed.Add(member, new Placement(member, axis, offset, floats, first, last, member == value ? null : value));
            }
        }
    }
}
