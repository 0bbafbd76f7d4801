using System.Globalization;
using System.Runtime.CompilerServices;
using BertGen.Generator.Graphs;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Operators;

/// <summary>What an operator costs, for each row of its output; attention counts for each pair of tokens.</summary>
internal readonly record struct Cost(long Flops)
{
    public static Cost Free => default;
}

/// <summary>A function of tensors: its shape rule, its gradient rule and its cost. One file each.</summary>
internal abstract record Operator
{
    /// <summary>Name in dumps.</summary>
    public virtual string Name => GetType().Name;

    /// <summary>Attributes in dumps, such as <c>epsilon = 1e-12</c>.</summary>
    public virtual string Attributes => "";

    /// <summary>The output's shape; throws <see cref="ShapeException"/> where the inputs do not fit.</summary>
    public abstract Shape Infer(IReadOnlyList<Shape> inputs);

    /// <summary>Gradient of each input from the gradient of the output; null for an input that has none.</summary>
    /// <remarks>Made of operators, so that differentiation is a pass over the graph.</remarks>
    public virtual Value?[] Gradients(Value output, Value dy) =>
        throw new NotSupportedException($"{Name} has no gradient rule.");

    /// <summary>Floating-point operations for each row of the output.</summary>
    public virtual Cost CostOf(Value output) => Cost.Free;

    protected static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] FailureMessage message)
    {
        if (!condition)
        {
            throw new ShapeException(message.ToString());
        }
    }

    protected static void Require(bool condition, string message)
    {
        if (!condition)
        {
            throw new ShapeException(message);
        }
    }

    protected static string Invariant(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}

/// <summary>Shapes that do not fit an operator: an error of the compiler, since declarations are checked before.</summary>
internal sealed class ShapeException(string message) : Exception(message);
