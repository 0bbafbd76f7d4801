using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Memory;

/// <summary>A value's place in the arena.</summary>
/// <param name="Value">The value.</param>
/// <param name="Axis">What it has rows for.</param>
/// <param name="Offset">Floats before it, for each row of its axis.</param>
/// <param name="Floats">Floats for each row.</param>
/// <param name="First">First step that touches it.</param>
/// <param name="Last">Last step that touches it.</param>
/// <param name="SharesWith">The value that the next layer reads in this place, or null.</param>
internal sealed record Placement(Value Value, Axis Axis, long Offset, long Floats, int First, int Last, Value? SharesWith)
{
    /// <summary>The value has a place for each layer, this being the first layer's; the others follow at <see cref="MemoryPlan.KeptPerLayer"/>.</summary>
    public bool IsKept { get; init; }

    public bool OverlapsInMemory(Placement other) => Axis == other.Axis && Offset < other.Offset + other.Floats && other.Offset < Offset + Floats;

    public bool OverlapsInTime(Placement other) => First <= other.Last && other.First <= Last;
}

/// <summary>A packed weight's place.</summary>
/// <param name="Packed">The weight; in a layer it stands for that of every layer.</param>
/// <param name="Offset">First float, from the start of the weights or of the layer's weights.</param>
/// <param name="Floats">Length with padding.</param>
/// <param name="IsOfLayer">Lies in each layer.</param>
internal sealed record WeightPlacement(PackedWeight Packed, long Offset, long Floats, bool IsOfLayer);

/// <summary>Offsets of everything: activations for each token, text and selected row, scratch for each worker, weights.</summary>
/// <param name="Activations">Where values lie.</param>
/// <param name="Scratch">Offset of each scratch buffer by call and name.</param>
/// <param name="Weights">Where weights lie.</param>
/// <param name="LayerWeightsOffset">First float of the first layer's weights.</param>
/// <param name="LayerWeightFloats">Floats of one layer's weights.</param>
/// <param name="WeightFloats">Length of the weights.</param>
/// <param name="PerToken">Floats for each token.</param>
/// <param name="PerText">Floats for each text.</param>
/// <param name="PerSelected">Floats for each selected row.</param>
/// <param name="PerWorker">Floats for each worker.</param>
internal sealed record MemoryPlan(
    ImmutableDictionary<Value, Placement> Activations,
    ImmutableDictionary<(TileCall Call, string Name), long> Scratch,
    ImmutableArray<WeightPlacement> Weights,
    long LayerWeightsOffset,
    long LayerWeightFloats,
    long WeightFloats,
    long PerToken,
    long PerText,
    long PerSelected,
    long PerWorker)
{
    /// <summary>Floats whatever the work: transposed weights.</summary>
    public long Fixed { get; init; }

    /// <summary>Floats for each token from a layer's kept values to the next layer's.</summary>
    public long KeptPerLayer { get; init; }
}
