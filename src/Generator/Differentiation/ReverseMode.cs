using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Differentiation;

/// <summary>Reverse-mode differentiation: one walk from the losses back that asks each operator for its own rule.</summary>
internal static class ReverseMode
{
    /// <summary>Forward pass and gradients of the parameters that the losses depend on.</summary>
    /// <exception cref="NotSupportedException">An operator on the way has no gradient rule.</exception>
    public static TrainingGraph Differentiate(Graph forward)
    {
        HashSet<Value> trained = ReachingParameters(forward);
        Dictionary<Value, List<Value>> contributions = [];
        Dictionary<Value, Value> gradientOf = [];
        List<ParameterGradient> gradients = [];
        void Contribute(Value value, Value gradient)
        {
            if (!contributions.TryGetValue(value, out List<Value>? parts))
            {
                contributions.Add(value, parts = []);
            }

            parts.Add(gradient);
        }

        foreach (GraphOutput output in forward.Outputs.Where(output => output.Kind == OutputKind.Loss))
        {
            Contribute(output.Value.Inputs[0], output.Value);
        }

        foreach (Value value in forward.Values.Reverse())
        {
            if (!contributions.TryGetValue(value, out List<Value>? parts))
            {
                continue;
            }

            if (value.Operator is Parameter)
            {
                gradients.AddRange(parts.Select(part => new ParameterGradient(value, part)));
                continue;
            }

            Value dy = Total(value, parts);
            gradientOf.Add(value, dy);
            Value?[] inputs = value.Operator.Gradients(value, dy);
            Placing placing = new(value, dy);
            for (int i = 0; i < inputs.Length; i++)
            {
                Value input = value.Inputs[i];
                if (inputs[i] is Value gradient && trained.Contains(input))
                {
                    Contribute(input, placing.Place(gradient, forward.ConsumersOf(input).Count == 1 ? NameOf(input) : null));
                }
            }
        }

        return TrainingGraph.Of(forward, gradients, gradientOf);
    }

    /// <summary>Gradients of a value that is used twice meet in a sum.</summary>
    private static Value Total(Value value, List<Value> parts) =>
        parts.Count == 1 ? parts[0] : Value.Of(NameOf(value), parts[0].Layer, new Sum(), [.. parts]);

    private static string? NameOf(Value value) => value.Name is null ? null : $"gradient of {value.Name}";

    /// <summary>The rest, ids and vectors of the pass, needs no gradient.</summary>
    private static HashSet<Value> ReachingParameters(Graph forward)
    {
        HashSet<Value> reaching = [];
        foreach (Value value in forward.Values)
        {
            if (value.Operator is Parameter || value.Inputs.Any(reaching.Contains))
            {
                reaching.Add(value);
            }
        }

        return reaching;
    }

    /// <summary>Puts what a rule made into the layer of the value whose rule it is.</summary>
    private sealed class Placing(Value value, Value dy)
    {
        private readonly Dictionary<Value, Value> _placed = [];

        public Value Place(Value made, string? name = null)
        {
            if (made == dy || made == value || value.Inputs.Contains(made))
            {
                return made;
            }

            if (!_placed.TryGetValue(made, out Value? placed))
            {
                placed = made.With([.. made.Inputs.Select(input => Place(input))], name, value.Layer);
                _placed.Add(made, placed);
            }

            return placed;
        }
    }
}
