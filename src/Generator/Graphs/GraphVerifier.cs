using BertGen.Generator.Operators;
using static BertGen.Generator.Specs.Verification;

namespace BertGen.Generator.Graphs;

/// <summary>What every graph must satisfy, whatever pass made it.</summary>
internal static class GraphVerifier
{
    /// <summary>Throws <see cref="InvalidOperationException"/> naming the first thing wrong.</summary>
    public static void Verify(Graph graph)
    {
        Dictionary<string, Parameter> parameters = [];
        for (int id = 0; id < graph.Values.Length; id++)
        {
            Value value = graph.Values[id];
            foreach (Value input in value.Inputs)
            {
                Require(graph.IdOf(input) < id, $"%{id} {value} uses a value that comes after it.");
            }

            Shape inferred = value.Operator.Infer(value.Inputs.Select(input => input.Shape).ToArray());
            Require(inferred.Equals(value.Shape), $"%{id} {value} should have the shape {inferred}.");
            if (value.Operator is Parameter parameter)
            {
                Require(
                    !parameters.TryGetValue(parameter.Key, out Parameter? known) || known == parameter,
                    $"Weight '{parameter.Key}' has the shapes {known?.Shape} and {parameter.Shape}.");
                parameters[parameter.Key] = parameter;
            }
        }

        Require(graph.Outputs.Select(output => (output.Kind, output.Head)).Distinct().Count() == graph.Outputs.Length, "Two outputs have one name.");
    }
}
