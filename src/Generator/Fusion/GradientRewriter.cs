using System.Collections.Immutable;
using BertGen.Generator.Differentiation;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Brings gradients into the form that the kernels have; what they are stays the same.</summary>
/// <remarks>
/// Queries, keys and values are one product forward, so their gradients become one matrix and one product back. A sum in a layer becomes an addition
/// behind the product that comes last. Rows spread over the tokens alone become a sum of one, since zeros must be written first.
/// </remarks>
internal sealed class GradientRewriter
{
    private readonly TrainingGraph _training;
    private readonly Dictionary<Value, Value> _rewritten = [];
    private readonly Dictionary<Value, (DenseKernel Projections, int Part)> _parts = [];
    private readonly Dictionary<DenseKernel, Value> _packed = [];

    private GradientRewriter(TrainingGraph training, IEnumerable<DenseKernel> projections)
    {
        _training = training;
        foreach (DenseKernel kernel in projections)
        {
            for (int part = 0; part < kernel.Products.Length; part++)
            {
                _parts.Add(training.GradientOf[kernel.Products[part].Linear], (kernel, part));
            }
        }
    }

    /// <param name="training">The graph as differentiation made it.</param>
    /// <param name="projections">The forward products of queries, keys and values.</param>
    public static TrainingGraph Rewrite(TrainingGraph training, IEnumerable<DenseKernel> projections)
    {
        GradientRewriter rewriter = new(training, projections);
        ImmutableArray<ParameterGradient> gradients =
            [.. training.Gradients.Select(contribution => contribution with { Gradient = rewriter.Rewrite(contribution.Gradient) })];
        return TrainingGraph.Of(training.Forward, gradients, training.GradientOf.ToDictionary(pair => pair.Key, pair => rewriter.Rewrite(pair.Value)));
    }

    private Value Rewrite(Value value)
    {
        if (_training.Forward.Contains(value))
        {
            return value;
        }

        if (!_rewritten.TryGetValue(value, out Value? rewritten))
        {
            rewritten =
                _parts.TryGetValue(value, out (DenseKernel Projections, int Part) part) ? Unpacked(part.Projections, part.Part)
                : value.Operator is Sum ? RewrittenSum(value)
                : value.Operator is SpreadRows && _training.Graph.OnlyConsumer(value)?.Operator is not Sum ? Value.Of(value.Name, value.Layer, new Sum(), RewrittenInputs(value))
                : RewrittenInputs(value);
            _rewritten.Add(value, rewritten);
        }

        return rewritten;
    }

    private Value RewrittenInputs(Value value)
    {
        ImmutableArray<Value> inputs = [.. value.Inputs.Select(Rewrite)];
        return inputs.SequenceEqual(value.Inputs) ? value : value.With(inputs);
    }

    /// <summary>The gradients of queries, keys and values side by side.</summary>
    private Value Packed(DenseKernel projections)
    {
        if (!_packed.TryGetValue(projections, out Value? packed))
        {
            Value[] parts = [.. projections.Products.Select(product => Rewrite(_training.GradientOf[product.Output]))];
            packed = Value.Of("gradient of queries, keys and values", projections.Layer, new PackHeads(), parts);
            _packed.Add(projections, packed);
        }

        return packed;
    }

    private Value Unpacked(DenseKernel projections, int part)
    {
        int headSize = projections.Products[part].Output.Shape.Columns;
        return Value.Of(null, projections.Layer, new UnpackHeads(part, projections.Products.Length, projections.Heads, headSize), Packed(projections));
    }

    private Value RewrittenSum(Value sum)
    {
        List<Value> parts = [];
        HashSet<DenseKernel> joined = [];
        foreach (Value input in sum.Inputs)
        {
            if (input.Operator is Linear && _parts.TryGetValue(input.Inputs[0], out (DenseKernel Projections, int Part) part))
            {
                if (joined.Add(part.Projections))
                {
                    parts.Add(JointProduct(part.Projections));
                }
            }
            else
            {
                parts.Add(Rewrite(input));
            }
        }

        // In a layer the sum is written by the product, which is computed last.
        if (sum.Layer is not null && parts.Count == 2 && parts.Find(part => part.Operator is Linear) is Value product)
        {
            return Value.Of(sum.Name, sum.Layer, new Add(), product, parts[parts[0] == product ? 1 : 0]);
        }

        return Value.Of(sum.Name, sum.Layer, new Sum(), [.. parts]);
    }

    private Value JointProduct(DenseKernel projections)
    {
        Value[] weights = [.. projections.Products.Select(product => product.Weight)];
        Value transposed = Value.Of(null, projections.Layer, new TransposeWeights(projections.Heads), weights);
        return Value.Of(null, projections.Layer, new Linear(), Packed(projections), transposed);
    }
}
