using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Tiles;
using static BertGen.Generator.Specs.Verification;

namespace BertGen.Generator.Memory;

/// <summary>Proves that nothing is overwritten while it is still needed: lifetimes are found anew, from the calls.</summary>
internal static class MemoryVerifier
{
    /// <summary>Throws <see cref="InvalidOperationException"/> naming the first thing wrong.</summary>
    public static void Verify(TilePlan tiles, MemoryPlan memory)
    {
        VerifyActivations(tiles, memory);
        VerifyWeights(tiles, memory);
    }

    private static void VerifyActivations(TilePlan tiles, MemoryPlan memory)
    {
        // What a step writes must not touch what a later step reads and did not get from here.
        TileKernel[] steps = tiles.All.ToArray();
        int loopStart = tiles.Before.Length;
        int loopEnd = loopStart + tiles.Body.Length;
        Dictionary<Value, (int First, int Last)> lives = [];
        for (int step = 0; step < steps.Length; step++)
        {
            foreach (Value value in steps[step].Calls.SelectMany(call => call.Accesses).Select(access => tiles.Kernels.Resolve(access.Value)).Where(memory.Activations.ContainsKey))
            {
                lives[value] = lives.TryGetValue(value, out (int First, int Last) life) ? (life.First, step) : (step, step);
            }
        }

        // Read in the loop but written before it: needed in every layer, unless the loop carries it.
        foreach (Value value in lives.Keys.ToArray())
        {
            (int first, int last) = lives[value];
            if (first < loopStart && last >= loopStart && last < loopEnd && value != tiles.Kernels.Layers?.CarriedIn)
            {
                lives[value] = (first, loopEnd - 1);
            }
        }

        Placement[] places = lives.Keys.Select(value => memory.Activations[value]).ToArray();
        foreach (Placement place in places)
        {
            long extent = place.Axis switch
            {
                Axis.Tokens => memory.PerToken,
                Axis.Texts => memory.PerText,
                Axis.Selected => memory.PerSelected,
                _ => throw new InvalidOperationException($"{place.Value} has no region."),
            };
            Require(place.Offset >= 0 && place.Offset % 16 == 0 && place.Offset + place.Floats <= extent, $"{place.Value} lies at {place.Offset}, outside its region or askew.");
            Require(place.Floats >= tiles.Layouts.FloatsPerRow(place.Value), $"{place.Value} has too little room.");
        }

        for (int i = 0; i < places.Length; i++)
        {
            for (int j = i + 1; j < places.Length; j++)
            {
                (Placement one, Placement other) = (places[i], places[j]);
                (int First, int Last) a = lives[one.Value];
                (int First, int Last) b = lives[other.Value];
                bool meet = a.First <= b.Last && b.First <= a.Last;
                Require(!meet || !one.OverlapsInMemory(other), $"{one.Value} and {other.Value} live together and overlap.");
            }
        }

        if (tiles.Kernels.Layers is { } loop)
        {
            Require(memory.Activations[loop.CarriedIn].Offset == memory.Activations[loop.CarriedOut].Offset, "The layers do not hand on their hidden states in place.");
        }
    }

    private static void VerifyWeights(TilePlan tiles, MemoryPlan memory)
    {
        long layers = memory.LayerWeightsOffset + memory.LayerWeightFloats * (tiles.Kernels.Layers?.Count ?? 0);
        foreach (WeightPlacement weight in memory.Weights)
        {
            Require(weight.Offset % 16 == 0 && weight.Floats % 16 == 0, $"{weight.Packed.Name} is askew.");
            Require(
                weight.IsOfLayer ? weight.Offset + weight.Floats <= memory.LayerWeightFloats : weight.Offset + weight.Floats <= memory.LayerWeightsOffset || weight.Offset >= layers,
                $"{weight.Packed.Name} lies in the weights of a layer, or outside them.");
        }

        foreach (IGrouping<bool, WeightPlacement> region in memory.Weights.GroupBy(weight => weight.IsOfLayer))
        {
            long end = 0;
            foreach (WeightPlacement weight in region.OrderBy(weight => weight.Offset))
            {
                Require(weight.Offset >= end, $"{weight.Packed.Name} overlaps the weight before it.");
                end = weight.Offset + weight.Floats;
            }
        }
    }
}
