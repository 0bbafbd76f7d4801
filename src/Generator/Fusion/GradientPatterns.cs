using System.Collections.Immutable;
using BertGen.Generator.Differentiation;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Groups the gradients of a training graph into kernels, beside the kernels of the forward pass.</summary>
internal sealed class GradientPatterns
{
    private readonly TrainingGraph _training;
    private readonly Graph _graph;
    private readonly List<Kernel> _kernels = [];
    private readonly HashSet<Value> _taken = [];

    /// <summary>The forward kernel that computes a value, or a parameter's.</summary>
    private readonly Dictionary<Value, Kernel> _owners = [];
    private readonly Dictionary<Value, Value> _gradientOf = [];

    private GradientPatterns(TrainingGraph training, ImmutableArray<Kernel> forward)
    {
        _training = training;
        _graph = training.Graph;
        foreach (Kernel kernel in forward)
        {
            foreach (Value value in kernel.Values)
            {
                _owners.Add(value, kernel);
                foreach (Value parameter in value.Inputs.Where(input => input.Operator is Parameter))
                {
                    _owners[parameter] = kernel;
                }
            }
        }

        foreach ((Value parameter, Value gradient) in training.Gradients)
        {
            if (_gradientOf.ContainsKey(parameter))
            {
                throw new NotSupportedException($"{parameter.Operator.Attributes} is one value used twice; each use needs a value of its own.");
            }

            _gradientOf.Add(parameter, gradient);
        }
    }

    /// <summary>The kernels of all gradients, in no particular order.</summary>
    public static IReadOnlyList<Kernel> Group(TrainingGraph training, ImmutableArray<Kernel> forward)
    {
        GradientPatterns patterns = new(training, forward);
        foreach (AttentionKernel attention in forward.OfType<AttentionKernel>())
        {
            patterns.Claim(patterns.Attention(attention));
        }

        foreach (Value value in patterns.Gradients.Where(value => value.Operator is Linear))
        {
            patterns.Claim(patterns.Transpose(value));
            patterns.Claim(patterns.InputGradient(value));
        }

        foreach (Kernel kernel in forward)
        {
            patterns.ClaimParameters(kernel);
        }

        foreach (Value sum in patterns.Gradients.Where(value => value.Operator is Sum))
        {
            patterns.Claim(new ClearKernel { Name = Kernel.PascalCase($"clear {sum.Name ?? "sum"}"), Layer = sum.Layer, Values = [sum] });
        }

        patterns._kernels.AddRange(RowGradientPattern.Group(patterns._graph, patterns.Gradients.Where(value => !patterns._taken.Contains(value)), patterns._owners));
        return patterns._kernels;
    }

    /// <summary>What the backward pass computes.</summary>
    private IEnumerable<Value> Gradients => _graph.Values.Where(value => value.Operator is not (Parameter or Input) && !_owners.ContainsKey(value));

    private void Claim(Kernel kernel)
    {
        _kernels.Add(kernel);
        _taken.UnionWith(kernel.Values);
    }

    private ImmutableArray<Value> InOrder(IEnumerable<Value> values) => [.. values.OrderBy(_graph.IdOf)];

    /// <summary>From the gradient of the merged heads back to that of queries, keys and values; scores and probabilities are computed again on the way.</summary>
    private AttentionGradientKernel Attention(AttentionKernel attention)
    {
        Value contextGradient = _training.GradientOf[attention.Outputs[0]];
        Value packed = _graph.ConsumersOf(_training.GradientOf[attention.Queries]).FirstOrDefault(value => value.Operator is PackHeads)
            ?? throw new NotSupportedException($"{attention.Name}: queries, keys and values do not come from one product.");
        HashSet<Value> values = [];
        Collect(packed);
        return new AttentionGradientKernel
        {
            Name = $"{attention.Name}Gradient",
            Layer = attention.Layer,
            Values = InOrder(values),
            Queries = attention.Queries,
            Keys = attention.Keys,
            TokenValues = attention.TokenValues,
            ContextGradient = contextGradient,
            Scale = attention.Scale,
            Dropout = attention.Dropout,
        };

        void Collect(Value value)
        {
            if (value != contextGradient && (!_owners.ContainsKey(value) || Recomputation.IsComputedAgain(value)) && values.Add(value))
            {
                foreach (Value input in value.Inputs)
                {
                    Collect(input);
                }
            }
        }
    }

    private TransposeKernel Transpose(Value linear)
    {
        Value transposed = linear.Inputs[1];
        return new TransposeKernel
        {
            Name = $"{_owners[transposed.Inputs[0]].Name}Transpose",
            Layer = transposed.Layer,
            Values = [transposed],
            Weights = transposed.Inputs,
            Heads = ((TransposeWeights)transposed.Operator).Heads,
        };
    }

    /// <summary>The product, then what only its result needs.</summary>
    private InputGradientKernel InputGradient(Value linear)
    {
        List<Value> values = [linear];
        List<Value> epilogue = [];
        Value current = linear;
        while (_graph.OnlyConsumer(current) is Value next && next.Inputs[0] == current && next.Layer == linear.Layer && Follows(next))
        {
            if (next.Operator is Multiply)
            {
                values.Add(next.Inputs[1]);
            }

            values.Add(next);
            epilogue.Add(current = next);
        }

        Value? spread = _graph.OnlyConsumer(current) is { Operator: SpreadRows } rows ? rows : null;
        if (spread is not null)
        {
            values.Add(current = spread);
        }

        return new InputGradientKernel
        {
            Name = $"{_owners[linear.Inputs[1].Inputs[0]].Name}InputGradient",
            Layer = linear.Layer,
            Values = values.ToImmutableArray(),
            Source = linear.Inputs[0],
            Transposed = linear.Inputs[1],
            Epilogue = epilogue.ToImmutableArray(),
            Spread = spread,
            AddsTo = _graph.OnlyConsumer(current) is { Operator: Sum } sum ? sum : null,
        };
    }

    private bool Follows(Value next) => next.Operator switch
    {
        Dropout => true,
        Add => next.Inputs[1].Shape.Equals(next.Shape),
        Multiply => next.Inputs[1].Operator is ActivateDerivative && _graph.OnlyConsumer(next.Inputs[1]) == next,
        _ => false,
    };

    /// <summary>The gradients of what a forward kernel learned: matrices and biases, scales and shifts, tables.</summary>
    private void ClaimParameters(Kernel kernel)
    {
        if (kernel is DenseKernel dense)
        {
            Claim(WeightGradient(dense));
        }

        foreach (Value value in kernel.Values)
        {
            switch (value.Operator)
            {
                case LayerNorm:
                    Claim(ColumnSums($"{kernel.Name}ColumnSums", value.Inputs[1], value.Inputs[2]));
                    break;
                case PrependRow:
                    Claim(ColumnSums(NameOf(value.Inputs[1]), value.Inputs[1]));
                    break;
                case Gather:
                    Claim(Scatter(value));
                    break;
            }
        }
    }

    private WeightGradientKernel WeightGradient(DenseKernel dense)
    {
        Value[] weights = [.. dense.Products.Select(product => _gradientOf[product.Weight])];
        Value[] biases = [.. dense.Products.Where(product => product.Bias is not null).Select(product => _gradientOf[product.Bias!])];
        Value x = weights[0].Inputs[1];
        Value gradient = weights[0].Inputs[0];
        List<Value> values = [.. weights, .. biases];
        if (dense.Heads > 0)
        {
            values.AddRange(weights.Select(weight => weight.Inputs[0]));
            gradient = gradient.Inputs[0];
        }

        bool isComputedAgain = Recomputation.IsComputedAgain(x);
        if (isComputedAgain)
        {
            values.Add(x);
        }

        return new WeightGradientKernel
        {
            Name = $"{dense.Name}WeightGradient",
            Layer = dense.Layer,
            Values = InOrder(values),
            Source = isComputedAgain ? x.Inputs[0] : x,
            Gather = dense.Gather,
            Activation = isComputedAgain && dense.Gather is null ? x : null,
            Gradient = gradient,
            Weights = [.. dense.Products.Select(product => product.Weight)],
            Biases = [.. dense.Products.Where(product => product.Bias is not null).Select(product => product.Bias!)],
            Heads = dense.Heads,
        };
    }

    /// <summary>Sums over all rows, with what is computed for each row on the way to them.</summary>
    private ColumnSumKernel ColumnSums(string name, params Value[] parameters)
    {
        Value[] sums = [.. parameters.Select(parameter => _gradientOf[parameter])];
        HashSet<Value> values = [.. sums];
        foreach (Value sum in sums)
        {
            Collect(sum);
        }

        return new ColumnSumKernel
        {
            Name = name,
            Layer = sums[0].Layer,
            Values = InOrder(values),
            Sums = [.. sums],
            Parameters = [.. parameters],
        };

        void Collect(Value value)
        {
            foreach (Value input in value.Inputs)
            {
                if (!_owners.ContainsKey(input) && input.Operator is Multiply or Standardize or FirstTokens && _graph.OnlyConsumer(input) == value && values.Add(input))
                {
                    Collect(input);
                }
            }
        }
    }

    private ScatterKernel Scatter(Value gather)
    {
        Value scatter = _gradientOf[gather.Inputs[0]];
        return new ScatterKernel
        {
            Name = NameOf(gather.Inputs[0]),
            Layer = scatter.Layer,
            Values = [scatter],
            Gradient = scatter.Inputs[0],
            Ids = scatter.Inputs[1],
            Table = gather.Inputs[0],
        };
    }

    private static string NameOf(Value parameter) => Kernel.PascalCase($"{((Parameter)parameter.Operator).Key.Replace(".weight", "").Replace("bert.", "")} gradient");
}
