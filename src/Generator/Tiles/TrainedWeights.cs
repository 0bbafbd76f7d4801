using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tiles;

/// <summary>The packed weights of inference by what they are made of: training reads them where they lie and leaves gradients in the same order.</summary>
internal sealed class TrainedWeights
{
    private readonly Dictionary<string, PackedWeight> _weights = [];

    public TrainedWeights(TilePlan inference)
    {
        foreach (Operand.Weight weight in inference.All.SelectMany(kernel => kernel.Calls).SelectMany(call => call.Arguments).OfType<Operand.Weight>())
        {
            _weights[KeyOf(weight.Packed)] = weight.Packed;
        }
    }

    /// <summary>The weight of the same order and sources; throws where inference has none.</summary>
    public PackedWeight Find(PackedWeight weight) =>
        _weights.TryGetValue(KeyOf(weight), out PackedWeight? known) ? known : throw new InvalidOperationException($"{weight.Name} of training is no weight of inference: {KeyOf(weight)}.");

    /// <summary>Every packed weight, once.</summary>
    public IEnumerable<PackedWeight> All => _weights.Values;

    /// <summary>The table that holds a product's weight row by row, where the model has both; or null.</summary>
    public PackedWeight? TableOf(Value weight) => _weights.TryGetValue(KeyOf(PackedWeights.Table(weight)), out PackedWeight? table) ? table : null;

    // Any layer stands for all.
    private static string KeyOf(PackedWeight weight) =>
        $"{weight.Order} {weight.Groups} {string.Join(" ", weight.Sources.Select(KeyOf))}";

    private static string KeyOf(Value source)
    {
        string key = ((Parameter)source.Operator).Key;
        return source.Layer is int layer ? key.Replace($".{layer}.", ".0.") : key;
    }
}
