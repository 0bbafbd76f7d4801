using System.Collections.Immutable;
using BertGen.Generator.Graphs;

namespace BertGen.Generator.Differentiation;

/// <summary>Forward pass, losses and gradients of a model as one graph.</summary>
/// <param name="Forward">The forward pass with its losses; its values are values of <paramref name="Graph"/> too.</param>
/// <param name="Graph">Everything: its outputs are <paramref name="Gradients"/>.</param>
/// <param name="Gradients">The gradients of the parameters, in the order in which the backward pass finishes them.</param>
/// <param name="GradientOf">The gradient of each value of the forward pass that has one and is no parameter.</param>
internal sealed record TrainingGraph(
    Graph Forward,
    Graph Graph,
    ImmutableArray<ParameterGradient> Gradients,
    IReadOnlyDictionary<Value, Value> GradientOf)
{
    /// <summary>The encoder's result, where the heads begin.</summary>
    public Value Hidden => Forward.Outputs.First(output => output.Kind == OutputKind.HiddenStates).Value;

    public static TrainingGraph Of(Graph forward, IEnumerable<ParameterGradient> gradients, IReadOnlyDictionary<Value, Value> gradientOf)
    {
        ImmutableArray<ParameterGradient> contributions = gradients.ToImmutableArray();
        Graph graph = Graph.Of(contributions.Select((contribution, index) => new GraphOutput(OutputKind.Gradient, index, contribution.Gradient)));
        return new TrainingGraph(forward, graph, contributions, gradientOf);
    }
}

/// <summary>A contribution to the gradient of a parameter: one for each use, so that a tied table's dense and scattered gradients stay apart.</summary>
/// <param name="Parameter">The parameter, a value of the forward pass.</param>
/// <param name="Gradient">A value of the parameter's shape.</param>
internal sealed record ParameterGradient(Value Parameter, Value Gradient);
