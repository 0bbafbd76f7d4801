using BertGen.Generator.Operators;

namespace BertGen.Generator.Tests.Compiler.Differentiation;

/// <summary>Functions of one element and their derivatives, from their definitions.</summary>
internal static class Elementary
{
    private static readonly double s_tanhScale = Math.Sqrt(2 / Math.PI);

    public static double Apply(Function function, double x) => function switch
    {
        Function.Gelu => 0.5 * x * (1 + ReferenceModel.Erf(x / Math.Sqrt(2))),
        Function.GeluTanh => 0.5 * x * (1 + Math.Tanh(s_tanhScale * (x + 0.044715 * x * x * x))),
        Function.Relu => Math.Max(x, 0),
        Function.Tanh => Math.Tanh(x),
        _ => throw new NotSupportedException($"Unknown function {function}."),
    };

    /// <summary>f'(x); of tanh from its result.</summary>
    public static double Derivative(Function function, double x)
    {
        switch (function)
        {
            case Function.Gelu:
                return 0.5 * (1 + ReferenceModel.Erf(x / Math.Sqrt(2))) + x * Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
            case Function.GeluTanh:
                double tanh = Math.Tanh(s_tanhScale * (x + 0.044715 * x * x * x));
                return 0.5 * (1 + tanh) + 0.5 * x * (1 - tanh * tanh) * s_tanhScale * (1 + 3 * 0.044715 * x * x);
            case Function.Relu:
                return x > 0 ? 1 : 0;
            case Function.Tanh:
                return 1 - x * x;
            default:
                throw new NotSupportedException($"Unknown function {function}.");
        }
    }
}
