using System.Globalization;
using BertGen.Generator.Tiles;
using Index = BertGen.Generator.Tiles.Index;

namespace BertGen.Generator.Emission;

/// <summary>Expressions as C#: of vectors, or of single elements where a row ends. Parentheses follow the tree.</summary>
/// <param name="pointer">Prints a pointer.</param>
/// <param name="index">Prints an integer.</param>
/// <param name="named">Prints a named constant.</param>
internal sealed class SimdExpressions(Func<Address, string> pointer, Func<Index, string> index, Func<string, double, string> named)
{
    public string Vector(Expression expression) => expression switch
    {
        Expression.Constant constant => $"V.Broadcast({Text(constant)})",
        Expression.Scalar scalar => $"V.Broadcast({scalar.Name})",
        Expression.Load load => $"V.Load({pointer(load.Address)})",
        Expression.Fused fused => $"V.MultiplyAdd({Vector(fused.A)}, {Vector(fused.B)}, {Vector(fused.C)})",
        Expression.Unary { Function: not UnaryFunction.Log } unary => $"V.{unary.Function}({Vector(unary.Argument)})",
        Expression.Binary { Function: BinaryFunction.Max } maximum => $"V.Max({Vector(maximum.Left)}, {Vector(maximum.Right)})",
        Expression.Binary binary => $"{Operand(binary.Left, Vector)} {Symbol(binary.Function)} {Operand(binary.Right, Vector)}",
        _ => throw new NotSupportedException($"{expression.GetType().Name} cannot be printed."),
    };

    public string Scalar(Expression expression) => expression switch
    {
        Expression.Constant constant => Text(constant),
        Expression.Scalar scalar => scalar.Name,
        Expression.Load load => $"{load.Address.Pointer}[{index(load.Address.Offset)}]",
        Expression.Fused fused => $"global::System.MathF.FusedMultiplyAdd({Scalar(fused.A)}, {Scalar(fused.B)}, {Scalar(fused.C)})",
        // The vector's own exp, in all lanes: the C library's rounds otherwise, and differently on each system.
        Expression.Unary { Function: UnaryFunction.Exp } power => $"V.Maximum(V.Exp(V.Broadcast({Scalar(power.Argument)})))",
        Expression.Unary { Function: UnaryFunction.Sqrt } root => $"global::System.MathF.Sqrt({Scalar(root.Argument)})",
        // Losses alone use it, and only to tell people: gradients do without.
        Expression.Unary { Function: UnaryFunction.Log } logarithm => $"(float)global::System.Math.Log({Scalar(logarithm.Argument)})",
        // All lanes hold the same: what a lane gives is what the vector gives.
        Expression.Unary unary => $"V.Maximum(V.{unary.Function}(V.Broadcast({Scalar(unary.Argument)})))",
        Expression.Binary { Function: BinaryFunction.Max } maximum => $"global::System.Math.Max({Scalar(maximum.Left)}, {Scalar(maximum.Right)})",
        Expression.Binary { Function: BinaryFunction.AtLeast } order => $"({Scalar(order.Left)} >= {Scalar(order.Right)} ? 1f : 0f)",
        Expression.Binary binary => $"{Operand(binary.Left, Scalar)} {Symbol(binary.Function)} {Operand(binary.Right, Scalar)}",
        _ => throw new NotSupportedException($"{expression.GetType().Name} has no form for a single element."),
    };

    public static string Number(double value)
    {
        float number = (float)value;
        return float.IsNegativeInfinity(number) ? "float.NegativeInfinity" : number.ToString("R", CultureInfo.InvariantCulture) + "f";
    }

    private string Text(Expression.Constant constant) => constant.Name is null ? Number(constant.Value) : named(constant.Name, constant.Value);

    private static string Operand(Expression expression, Func<Expression, string> print) =>
        expression is Expression.Binary { Function: not (BinaryFunction.Max or BinaryFunction.AtLeast) } ? $"({print(expression)})" : print(expression);

    private static string Symbol(BinaryFunction function) => function switch
    {
        BinaryFunction.Add => "+",
        BinaryFunction.Subtract => "-",
        BinaryFunction.Multiply => "*",
        BinaryFunction.Divide => "/",
        _ => throw new NotSupportedException($"{function} is no operator."),
    };
}
