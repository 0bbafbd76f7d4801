using System.Globalization;

namespace BertGen.Generator.Tiles;

internal enum UnaryFunction
{
    Exp,
    Erf,
    Gelu,
    GeluDerivative,

    /// <summary>1 where the argument is above 0, else 0.</summary>
    Positive,
    Tanh,
    Sqrt,

    /// <summary>Natural logarithm, of a row's number alone.</summary>
    Log,
}

internal enum BinaryFunction
{
    Add,
    Subtract,
    Multiply,
    Divide,
    Max,

    /// <summary>1 where the left is not less than the right, else 0; of a row's numbers alone.</summary>
    AtLeast,
}

/// <summary>Arithmetic on one element of a row. The tree is the order of rounding: printers never rearrange it.</summary>
internal abstract record Expression
{
    public static implicit operator Expression(double value) => new Constant(value);

    public static implicit operator Expression(string scalar) => new Scalar(scalar);

    /// <summary>A constant of the model under the name that it has in generated code.</summary>
    public static Expression Named(string name, double value) => new Constant(value, name);

    public static Expression operator +(Expression left, Expression right) => new Binary(BinaryFunction.Add, left, right);

    public static Expression operator -(Expression left, Expression right) => new Binary(BinaryFunction.Subtract, left, right);

    public static Expression operator *(Expression left, Expression right) => new Binary(BinaryFunction.Multiply, left, right);

    public static Expression operator /(Expression left, Expression right) => new Binary(BinaryFunction.Divide, left, right);

    public static Expression Max(Expression left, Expression right) => new Binary(BinaryFunction.Max, left, right);

    public static Expression AtLeast(Expression left, Expression right) => new Binary(BinaryFunction.AtLeast, left, right);

    /// <summary>a · b + c with one rounding.</summary>
    public static Expression MultiplyAdd(Expression a, Expression b, Expression c) => new Fused(a, b, c);

    public static Expression Apply(UnaryFunction function, Expression argument) => new Unary(function, argument);

    internal sealed record Constant(double Value, string? Name = null) : Expression
    {
        public override string ToString() => Value.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>A number computed before, the same for the whole row.</summary>
    internal sealed record Scalar(string Name) : Expression
    {
        public override string ToString() => Name;
    }

    /// <summary>The element of memory at the statement's column.</summary>
    internal sealed record Load(Address Address) : Expression
    {
        public override string ToString() => Address.ToString();
    }

    internal sealed record Unary(UnaryFunction Function, Expression Argument) : Expression
    {
        public override string ToString() => $"{Function.ToString().ToLowerInvariant()}({Argument})";
    }

    internal sealed record Binary(BinaryFunction Function, Expression Left, Expression Right) : Expression
    {
        public override string ToString() => Function switch
        {
            BinaryFunction.Add => $"({Left} + {Right})",
            BinaryFunction.Subtract => $"({Left} - {Right})",
            BinaryFunction.Multiply => $"({Left} * {Right})",
            BinaryFunction.Divide => $"({Left} / {Right})",
            BinaryFunction.Max => $"max({Left}, {Right})",
            BinaryFunction.AtLeast => $"({Left} >= {Right})",
            _ => throw new NotSupportedException($"Unknown function {Function}."),
        };
    }

    internal sealed record Fused(Expression A, Expression B, Expression C) : Expression
    {
        public override string ToString() => $"fma({A}, {B}, {C})";
    }
}
