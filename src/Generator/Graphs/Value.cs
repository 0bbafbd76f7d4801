using System.Collections.Immutable;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Graphs;

/// <summary>A tensor of the model and how it comes to be: an operator applied to other values.</summary>
/// <remarks>Immutable; two values are the same only where they are the same object. A model is what its outputs reach.</remarks>
internal sealed class Value
{
    private Value(Operator @operator, ImmutableArray<Value> inputs, string? name, int? layer)
    {
        Operator = @operator;
        Inputs = inputs;
        Name = name;
        Layer = layer;
        Shape = @operator.Infer(inputs.Select(input => input.Shape).ToArray());
    }

    public Operator Operator { get; }

    public ImmutableArray<Value> Inputs { get; }

    public Shape Shape { get; }

    /// <summary>What the value is in the model, such as <c>queries</c>; null for an unnamed intermediate.</summary>
    public string? Name { get; }

    /// <summary>The encoder layer it belongs to, or null outside the layers.</summary>
    public int? Layer { get; }

    public static Value Of(Operator @operator, params Value[] inputs) => Of(null, null, @operator, inputs);

    public static Value Of(string? name, int? layer, Operator @operator, params Value[] inputs) =>
        new(@operator, ImmutableArray.Create(inputs), name, layer);

    public static Value operator +(Value left, Value right) => Of(new Add(), left, right);

    public static Value operator -(Value left, Value right) => Of(new Subtract(), left, right);

    public static Value operator *(Value left, Value right) => Of(new Multiply(), left, right);

    /// <summary>The same operator on other inputs, and under another name and layer where these are given.</summary>
    public Value With(ImmutableArray<Value> inputs, string? name = null, int? layer = null) => new(Operator, inputs, name ?? Name, layer ?? Layer);

    public override string ToString() => $"{Name ?? Operator.Name} {Shape}";
}
