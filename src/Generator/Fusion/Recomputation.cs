using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>What of the forward pass the backward pass computes again instead of keeping it: decided here and nowhere else.</summary>
/// <remarks>The masks of dropout are never kept: they are a function of seed, place, row and column, and each kernel that needs one computes it.</remarks>
internal static class Recomputation
{
    /// <summary>Operations that a core does in the time in which it moves a byte to memory or back: about 100 GFLOP/s against 20 GB/s.</summary>
    private const double FlopsPerByte = 5;

    public static bool IsComputedAgain(Value value) => value.Operator switch
    {
        // [heads, tokens, keys]: they would take memory with the square of a text's length, and queries and keys are kept anyway.
        AttentionScores or Softmax => true,
        Dropout => value.Shape.Rank == 3,

        // Copies of rows that are kept.
        FirstTokens or SelectTokens => true,

        // The derivative reads the argument, so that is kept anyway. Rows of texts and of selected tokens are few.
        Activate activate => value.Shape.Rows == Axis.Tokens && !ActivateDerivative.IsOfResult(activate.Function) && CostsLessThanMemory(value),
        _ => false,
    };

    /// <summary>Computing the value again takes less time than to write and to read it.</summary>
    private static bool CostsLessThanMemory(Value value) =>
        value.Operator.CostOf(value).Flops <= FlopsPerByte * 2 * sizeof(float) * value.Shape.ConstantElements;
}
