using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Memory;

/// <summary>From lifetimes to offsets. Values that never live together share memory.</summary>
internal static class MemoryPlanner
{
    public static MemoryPlan Place(TilePlan tiles)
    {
        ImmutableDictionary<Value, Placement> activations = Activations.Place(tiles);
        long Extent(Axis axis) => activations.Values.Where(placement => placement.Axis == axis).Select(placement => placement.Offset + placement.Floats).DefaultIfEmpty(0).Max();

        (ImmutableDictionary<(TileCall, string), long> scratch, long perWorker) = Scratch(tiles.All);
        (ImmutableArray<WeightPlacement> weights, long layerOffset, long layerFloats, long total) = WeightPlanner.Place(tiles);
        return new MemoryPlan(
            activations, scratch, weights, layerOffset, layerFloats, total,
            Math.Max(Extent(Axis.Tokens), 0), Extent(Axis.Texts), Extent(Axis.Selected), perWorker);
    }

    /// <summary>Offsets of each call's scratch, and the length that holds any call's.</summary>
    public static (ImmutableDictionary<(TileCall Call, string Name), long> Offsets, long PerWorker) Scratch(IEnumerable<TileKernel> kernels)
    {
        // Scratch lives as long as one call: all calls begin at the same place.
        ImmutableDictionary<(TileCall, string), long>.Builder scratch = ImmutableDictionary.CreateBuilder<(TileCall, string), long>(CallIdentity.Instance);
        long perWorker = 0;
        foreach (TileCall call in kernels.SelectMany(kernel => kernel.Calls))
        {
            long offset = 0;
            foreach (Operand.Scratch need in call.Arguments.OfType<Operand.Scratch>())
            {
                scratch.Add((call, need.Name), offset);
                offset += (need.Floats + 15) / 16 * 16;
            }

            perWorker = Math.Max(perWorker, offset);
        }

        return (scratch.ToImmutable(), perWorker);
    }

    /// <summary>A call is itself and nothing that looks like it.</summary>
    private sealed class CallIdentity : IEqualityComparer<(TileCall Call, string Name)>
    {
        public static CallIdentity Instance { get; } = new();

        public bool Equals((TileCall Call, string Name) x, (TileCall Call, string Name) y) => ReferenceEquals(x.Call, y.Call) && x.Name == y.Name;

        public int GetHashCode((TileCall Call, string Name) pair) =>
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(pair.Call) ^ StringComparer.Ordinal.GetHashCode(pair.Name);
    }
}
