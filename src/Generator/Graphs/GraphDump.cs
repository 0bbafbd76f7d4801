using System.Text;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Graphs;

/// <summary>A graph as text, a line a value.</summary>
internal static class GraphDump
{
    public static string Write(Graph graph) =>
        WriteValues(graph) + string.Concat(graph.Outputs.Select(output => $"{output.Name} = %{graph.IdOf(output.Value)}\n"));

    public static string WriteValues(Graph graph)
    {
        StringBuilder text = new();
        foreach (Value value in graph.Values)
        {
            string layer = value.Layer is int index ? $"layer {index} " : "";
            string inputs = string.Join(", ", value.Inputs.Select(input => $"%{graph.IdOf(input)}"));
            string attributes = value.Operator.Attributes is { Length: > 0 } shown ? $" {{{shown}}}" : "";
            string name = value.Name is null ? "" : $"  # {layer}{value.Name}";
            text.Append($"%{graph.IdOf(value)} {value.Shape} = {value.Operator.Name}({inputs}){attributes}{name}\n");
        }

        return text.ToString();
    }
}
