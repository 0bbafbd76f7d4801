using System.Globalization;
using BertGen.CompilerServices;
using BertGen.Weights;

namespace BertGen.Training;

/// <summary>A range of the arena that an optimizer treats alike: one packed tensor.</summary>
/// <param name="Start">First float; a multiple of 16.</param>
/// <param name="End">One past the last float, padding included; a multiple of 16.</param>
/// <param name="Parameters">The published parameters in it: one, or those of a layer's queries, keys and values.</param>
/// <param name="Depth">0 for the embeddings, 1 … layers for the layers, layers + 1 for pooler and heads.</param>
/// <param name="IsCopy">True where another range holds the same parameter and is the one that is trained.</param>
internal sealed record ParameterRange(long Start, long End, IReadOnlyList<ParameterDefinition> Parameters, int Depth, bool IsCopy)
{
    /// <summary>True where weight decay applies: matrices and embeddings, not biases and normalizations.</summary>
    public bool Decays => Parameters[0].Role is ParameterRole.Weight or ParameterRole.Embedding;

    /// <summary>Published names.</summary>
    public string Name => string.Join(", ", Parameters.Select(parameter => parameter.Name));
}

/// <summary>Two places of one parameter: gradients of the copy go to the one that is trained, whose values come back after a step.</summary>
/// <param name="Trained">The place that is trained.</param>
/// <param name="Copy">The place that follows.</param>
/// <param name="TrainedRange">Index of the range of <paramref name="Trained"/>.</param>
internal readonly record struct WeightCopy(PackedSource Trained, PackedSource Copy, int TrainedRange);

/// <summary>The arena of weights (and so of gradients and moments) as ranges of parameters.</summary>
internal sealed class ParameterLayout
{
    private const string LayerMark = ".layer.";

    /// <summary>Reads the ranges from a definition.</summary>
    /// <exception cref="InvalidOperationException">The compiled definition contradicts itself.</exception>
    public ParameterLayout(ModelDefinition definition)
    {
        var parameters = definition.Parameters.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        var layout = new WeightLayout(definition);
        PackedTensor[] tensors = [.. definition.PackedTensors.OrderBy(tensor => tensor.Offset)];
        var ranges = new ParameterRange[tensors.Length];
        var copies = new List<WeightCopy>();
        for (int i = 0; i < tensors.Length; i++)
        {
            PackedTensor tensor = tensors[i];
            PackedSource trained = Trained(layout, tensor.Sources[0]);
            bool isCopy = trained.Tensor != tensor;
            if (tensor.Sources.Length > 1 && Array.Exists(tensor.Sources, source => layout.Places(source).Count > 1))
            {
                throw new InvalidOperationException($"The compiled model is inconsistent: '{tensor.Sources[0]}' is packed with others and has another place too.");
            }

            ParameterDefinition[] sources = Array.ConvertAll(tensor.Sources, name => parameters[name]);
            ranges[i] = new ParameterRange(tensor.Offset, tensor.Offset + tensor.Floats, sources, DepthOf(sources[0], definition.Encoder.Layers), isCopy);
            if (isCopy)
            {
                copies.Add(new WeightCopy(trained, layout.Places(tensor.Sources[0]).First(place => place.Tensor == tensor), Array.IndexOf(tensors, trained.Tensor)));
            }
        }

        Ranges = ranges;
        Copies = copies;
    }

    /// <summary>All ranges by place. They do not overlap.</summary>
    public IReadOnlyList<ParameterRange> Ranges { get; }

    /// <summary>Ranges that hold another range's parameter once more.</summary>
    public IReadOnlyList<WeightCopy> Copies { get; }

    // Products are where most of the gradient of a tied matrix comes from; a table has some rows alone.
    private static PackedSource Trained(WeightLayout layout, string name)
    {
        IReadOnlyList<PackedSource> places = layout.Places(name);
        return places.FirstOrDefault(place => place.Tensor.Order == PackedOrder.Panels) ?? places[0];
    }

    private static int DepthOf(ParameterDefinition parameter, int layers)
    {
        int mark = parameter.Name.IndexOf(LayerMark, StringComparison.Ordinal);
        if (parameter.Head >= 0 || parameter.Name.Contains(".pooler.", StringComparison.Ordinal))
        {
            return layers + 1;
        }

        if (mark < 0)
        {
            return 0;
        }

        ReadOnlySpan<char> rest = parameter.Name.AsSpan(mark + LayerMark.Length);
        return 1 + int.Parse(rest[..rest.IndexOf('.')], NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
