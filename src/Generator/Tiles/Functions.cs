using BertGen.Generator.Operators;

namespace BertGen.Generator.Tiles;

/// <summary>Functions of one element as arithmetic.</summary>
internal static class Functions
{
    public static Expression Apply(Function function, Expression x) => function switch
    {
        // 0.5 · x · (1 + erf(x / √2)): one function of the vectors, whose polynomials take in the scales.
        Function.Gelu => Expression.Apply(UnaryFunction.Gelu, x),

        // 0.5 · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))
        Function.GeluTanh => 0.5 * x * (1.0 + Expression.Apply(UnaryFunction.Tanh, Math.Sqrt(2 / Math.PI) * Expression.MultiplyAdd(0.044715 * x * x, x, x))),
        Function.Relu => Expression.Max(x, 0.0),
        Function.Tanh => Expression.Apply(UnaryFunction.Tanh, x),
        _ => throw new NotSupportedException($"Unknown function {function}."),
    };

    /// <summary>f'(x) from the function's argument x, or from its result where the operator takes that.</summary>
    public static Expression Derivative(Function function, Expression x)
    {
        switch (function)
        {
            case Function.Gelu:
                return Expression.Apply(UnaryFunction.GeluDerivative, x);
            case Function.GeluTanh:
                // With t = tanh(u(x)): 0.5 · (1 + t) · (1 + (1 - t) · x · u'(x)).
                double scale = Math.Sqrt(2 / Math.PI);
                Expression t = Expression.Apply(UnaryFunction.Tanh, scale * Expression.MultiplyAdd(0.044715 * x * x, x, x));
                Expression slope = Expression.MultiplyAdd(3 * 0.044715 * scale * x, x, scale);
                return 0.5 * (1.0 + t) * Expression.MultiplyAdd((1.0 - t) * x, slope, 1.0);
            case Function.Relu:
                return Expression.Apply(UnaryFunction.Positive, x);
            case Function.Tanh:
                return 1.0 - x * x;
            default:
                throw new NotSupportedException($"Unknown function {function}.");
        }
    }
}
