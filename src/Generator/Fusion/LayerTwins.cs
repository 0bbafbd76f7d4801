using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Which value of each layer stands where a value of the first layer does.</summary>
internal sealed class LayerTwins(int count)
{
    private readonly Dictionary<Value, Value>[] _twins = Enumerable.Range(0, count).Select(_ => new Dictionary<Value, Value>()).ToArray();

    /// <summary>A pair that holds without a look: what comes from outside the layer.</summary>
    public void Add(int layer, Value known, Value value) => _twins[layer][known] = value;

    public Value Of(int layer, Value known) => _twins[layer][known];

    /// <summary>Checks that the kernels of a layer are those of the first one value by value.</summary>
    public void Match(int layer, List<Kernel> body, List<Kernel> kernels)
    {
        if (body.Count != kernels.Count)
        {
            throw new NotSupportedException($"Layer {layer} has {kernels.Count} kernels and the first {body.Count}.");
        }

        for (int k = 0; k < body.Count; k++)
        {
            if (body[k].Name != kernels[k].Name || body[k].GetType() != kernels[k].GetType() || body[k].Values.Length != kernels[k].Values.Length)
            {
                throw new NotSupportedException($"Layer {layer} differs from the first: {kernels[k].Name} is no {body[k].Name}.");
            }

            for (int v = 0; v < body[k].Values.Length; v++)
            {
                Match(layer, body[k].Values[v], kernels[k].Values[v]);
            }
        }
    }

    private void Match(int layer, Value known, Value value)
    {
        Dictionary<Value, Value> twins = _twins[layer];
        bool equal = known.Operator.Equals(value.Operator) && known.Inputs.Length == value.Inputs.Length;
        for (int i = 0; equal && i < known.Inputs.Length; i++)
        {
            equal = (known.Inputs[i].Operator, value.Inputs[i].Operator) is (Parameter own, Parameter other)
                ? own.Key.Replace(".0.", $".{layer}.") == other.Key && own.Shape.Equals(other.Shape)
                : twins.TryGetValue(known.Inputs[i], out Value? twin) && twin == value.Inputs[i];
        }

        // What is computed again has its twin already.
        if (!equal || (twins.TryGetValue(known, out Value? before) && before != value))
        {
            throw new NotSupportedException($"Layer {layer} differs from the first: {value} is no {known}.");
        }

        twins[known] = value;
    }
}
