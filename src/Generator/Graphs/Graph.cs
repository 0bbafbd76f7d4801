using System.Collections.Immutable;

namespace BertGen.Generator.Graphs;

/// <summary>A result that the caller of a pass may ask for.</summary>
/// <param name="Kind">Which result.</param>
/// <param name="Head">Index of the head, or of the gradient, or -1.</param>
/// <param name="Value">The value.</param>
internal sealed record GraphOutput(OutputKind Kind, int Head, Value Value)
{
    public string Name => Kind switch
    {
        OutputKind.HiddenStates => "hidden states",
        OutputKind.Pooled => "pooled",
        OutputKind.Head => $"head {Head}",
        OutputKind.Loss => $"loss {Head}",
        OutputKind.Gradient => $"gradient {Head}",
        _ => throw new InvalidOperationException($"Unknown output {Kind}."),
    };
}

internal enum OutputKind
{
    HiddenStates,
    Pooled,
    Head,

    /// <summary>The loss of a head, as the gradient of its logits.</summary>
    Loss,

    /// <summary>A contribution to the gradient of a parameter.</summary>
    Gradient,
}

/// <summary>A model as values in an order in which each comes after what it is made of.</summary>
internal sealed class Graph
{
    private readonly Dictionary<Value, int> _ids = [];
    private readonly Dictionary<Value, List<Value>> _consumers = [];
    private readonly HashSet<Value> _outputs = [];

    private Graph(ImmutableArray<GraphOutput> outputs)
    {
        Outputs = outputs;
        ImmutableArray<Value>.Builder values = ImmutableArray.CreateBuilder<Value>();
        foreach (GraphOutput output in outputs)
        {
            _outputs.Add(output.Value);
            Visit(output.Value, values);
        }

        Values = values.ToImmutable();
        foreach (Value value in Values)
        {
            foreach (Value input in value.Inputs)
            {
                if (!_consumers.TryGetValue(input, out List<Value>? consumers))
                {
                    _consumers.Add(input, consumers = []);
                }

                consumers.Add(value);
            }
        }
    }

    public ImmutableArray<GraphOutput> Outputs { get; }

    public ImmutableArray<Value> Values { get; }

    /// <summary>The graph of everything that the outputs need.</summary>
    public static Graph Of(IEnumerable<GraphOutput> outputs) => new(outputs.ToImmutableArray());

    public int IdOf(Value value) => _ids[value];

    /// <summary>The values made from <paramref name="value"/>, one entry for each use.</summary>
    public IReadOnlyList<Value> ConsumersOf(Value value) => _consumers.TryGetValue(value, out List<Value>? consumers) ? consumers : [];

    /// <summary>Whether the value is one of this graph.</summary>
    public bool Contains(Value value) => _ids.ContainsKey(value);

    public bool IsOutput(Value value) => _outputs.Contains(value);

    /// <summary>The one consumer of a value that is no output, or null.</summary>
    public Value? OnlyConsumer(Value value) => ConsumersOf(value) is [Value consumer] && !IsOutput(value) ? consumer : null;

    // The depth of the recursion is the depth of the model: at most about 30 values a layer.
    private void Visit(Value value, ImmutableArray<Value>.Builder values)
    {
        if (_ids.ContainsKey(value))
        {
            return;
        }

        foreach (Value input in value.Inputs)
        {
            Visit(input, values);
        }

        _ids.Add(value, values.Count);
        values.Add(value);
    }
}
