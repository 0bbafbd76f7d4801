using System.Text;
using BertGen.Generator.Graphs;

namespace BertGen.Generator.Differentiation;

/// <summary>A training graph as text: its values, a line each, and which is whose gradient.</summary>
internal static class TrainingGraphDump
{
    public static string Write(TrainingGraph training)
    {
        StringBuilder text = new();
        text.Append(GraphDump.WriteValues(training.Graph));
        foreach (GraphOutput output in training.Forward.Outputs.Where(output => output.Kind == OutputKind.Loss))
        {
            text.Append($"{output.Name} = %{training.Graph.IdOf(output.Value)}\n");
        }

        foreach (ParameterGradient contribution in training.Gradients)
        {
            text.Append($"gradient of %{training.Graph.IdOf(contribution.Parameter)} {contribution.Parameter.Operator.Attributes} += %{training.Graph.IdOf(contribution.Gradient)}\n");
        }

        return text.ToString();
    }
}
