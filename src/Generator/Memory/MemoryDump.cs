using System.Text;
using BertGen.Generator.Graphs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Memory;

/// <summary>A memory plan as text, a line a buffer.</summary>
internal static class MemoryDump
{
    public static string Write(MemoryPlan memory, TilePlan tiles)
    {
        StringBuilder text = new();
        WritePlaces(text, memory, tiles.Kernels.Graph);
        text.Append($"floats: {memory.PerToken} a token, {memory.PerText} a text, {memory.PerSelected} a selected token, {memory.PerWorker} a worker; {memory.WeightFloats} of weights\n");
        return text.ToString();
    }

    public static string Write(MemoryPlan memory, TrainingTilePlan tiles)
    {
        StringBuilder text = new();
        WritePlaces(text, memory, tiles.Kernels.Graph);
        text.Append($"kept for each layer: {memory.KeptPerLayer} floats a token; the next layer's input follows\n");
        text.Append($"floats: {memory.PerToken} a token, {memory.PerText} a text, {memory.PerSelected} a selected token, {memory.PerWorker} a worker, {memory.Fixed} in all\n");
        return text.ToString();
    }

    private static void WritePlaces(StringBuilder text, MemoryPlan memory, Graph graph)
    {
        foreach (Placement place in memory.Activations.Values.Distinct().OrderBy(place => place.Axis == Axis.Constant).ThenBy(place => place.Axis).ThenBy(place => !place.IsKept).ThenBy(place => place.First).ThenBy(place => graph.IdOf(place.Value)))
        {
            string shares = place.SharesWith is null ? "" : place.IsKept ? $", one layer on from {NameOf(place.SharesWith)}" : $", where the next layer reads {NameOf(place.SharesWith)}";
            string region = place.Axis == Axis.Constant ? "constant" : place.Axis.ToString().ToLowerInvariant();
            text.Append($"{region}{(place.IsKept ? " of each layer" : "")} [{place.Offset}, {place.Offset + place.Floats}) steps {place.First}-{place.Last}: {NameOf(place.Value)} {place.Value.Shape}{shares}\n");
        }

        string NameOf(Value value) => value.Name ?? $"%{graph.IdOf(value)}";
    }
}
