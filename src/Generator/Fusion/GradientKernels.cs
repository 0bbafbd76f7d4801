using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>The transpose of a product's weights, made anew in each step, so that dy · W reads panels as every product does.</summary>
internal sealed record TransposeKernel : Kernel
{
    /// <summary>The parameters whose outputs lie side by side: one, or queries, keys and values.</summary>
    public required ImmutableArray<Value> Weights { get; init; }

    /// <summary>Attention heads that the outputs are grouped by, or 0.</summary>
    public int Heads { get; init; }

    /// <summary>[inputs, packed outputs], in panels of 16 inputs.</summary>
    public override ImmutableArray<Value> Outputs => [Values[Values.Length - 1]];

    public override string Formula => "y = Wᵀ in panels";
}

/// <summary>dx = dy · W with what follows: other gradients of the same value added, the derivative of an activation, dropout.</summary>
internal sealed record InputGradientKernel : Kernel
{
    /// <summary>dy: [rows, outputs], or the projections' gradient [tokens, packed outputs].</summary>
    public required Value Source { get; init; }

    /// <summary>The output of the <see cref="TransposeKernel"/> of the same weights.</summary>
    public required Value Transposed { get; init; }

    /// <summary>Values after the product, in order: sums with other gradients, products with the derivative of an activation, dropout.</summary>
    public ImmutableArray<Value> Epilogue { get; init; } = [];

    /// <summary>The gradient of a gather of rows (first or selected tokens), or null: row i of the result goes to the row of its token.</summary>
    public Value? Spread { get; init; }

    /// <summary>The sum of many heads' gradients whose memory the result is added to, or null where it is written.</summary>
    public Value? AddsTo { get; init; }

    public override ImmutableArray<Value> Outputs => [AddsTo ?? Values[Values.Length - 1]];

    public override string Formula => $"dx {(AddsTo is null ? "=" : "+=")} dy · W{(Epilogue.Length > 0 ? " …" : "")}";
}

/// <summary>dW += dyᵀ · x and db += the sum of dy's rows, for one product or for queries, keys and values.</summary>
internal sealed record WeightGradientKernel : Kernel
{
    /// <summary>The left side of the forward product, or what it is made of where that is computed again: [rows, inputs].</summary>
    public required Value Source { get; init; }

    /// <summary>First or selected tokens of <see cref="Source"/>, gathered again; or null.</summary>
    public Value? Gather { get; init; }

    /// <summary>The activation that is applied to <see cref="Source"/> again, or null.</summary>
    public Value? Activation { get; init; }

    /// <summary>dy: [rows, outputs], or the projections' gradient [tokens, packed outputs].</summary>
    public required Value Gradient { get; init; }

    /// <summary>The parameters whose gradients these are: one, or queries, keys and values.</summary>
    public required ImmutableArray<Value> Weights { get; init; }

    /// <summary>Their biases; empty where there are none.</summary>
    public required ImmutableArray<Value> Biases { get; init; }

    /// <summary>Attention heads that the outputs are grouped by, or 0.</summary>
    public int Heads { get; init; }

    /// <summary>Gradients of parameters have no place in the arena.</summary>
    public override ImmutableArray<Value> Outputs => [];

    public override string Formula => "dW += dyᵀ · x; db += sum of dy";
}

/// <summary>Attention backward for each text and head: the probabilities are computed again, block by block.</summary>
internal sealed record AttentionGradientKernel : Kernel
{
    public required Value Queries { get; init; }

    public required Value Keys { get; init; }

    public required Value TokenValues { get; init; }

    /// <summary>[tokens, hidden]: the gradient of the merged heads.</summary>
    public required Value ContextGradient { get; init; }

    public required double Scale { get; init; }

    /// <summary>The dropout of the probabilities, or null.</summary>
    public Dropout? Dropout { get; init; }

    /// <summary>[tokens, packed outputs]: the gradients of queries, keys and values in the order of the projection's packed outputs, padding zero.</summary>
    public override ImmutableArray<Value> Outputs => [Values[Values.Length - 1]];

    public override string Formula => "dq, dk, dv of y = dropout(softmax(scale · q · kᵀ)) · v, for each text and head";
}

/// <summary>Row-wise operators of the backward pass, such as a layer normalization's: several results of the same rows.</summary>
internal sealed record RowGradientKernel : Kernel
{
    public required ImmutableArray<Value> Results { get; init; }

    /// <summary>The sum of many heads' gradients whose memory the result is added to, or null where it is written.</summary>
    public Value? AddsTo { get; init; }

    public override ImmutableArray<Value> Outputs => AddsTo is null ? Results : [AddsTo];

    public override string Formula => string.Join(", ", Results.Select(result => $"{result.Name ?? "dx"} by {result.Operator.Name}"));
}

/// <summary>Sums over all rows that go to parameters: a normalization's scale and shift, the [CLS] vector of a model without a vocabulary.</summary>
internal sealed record ColumnSumKernel : Kernel
{
    /// <summary>The <see cref="SumRows"/> values, one a parameter.</summary>
    public required ImmutableArray<Value> Sums { get; init; }

    /// <summary>The parameters whose gradients they are, in the same order.</summary>
    public required ImmutableArray<Value> Parameters { get; init; }

    public override ImmutableArray<Value> Outputs => [];

    public override string Formula => "dgamma += sum of dy · xhat; dbeta += sum of dy";
}

/// <summary>The gradient of a table: each token's row is added to the row that it looked up, token by token.</summary>
internal sealed record ScatterKernel : Kernel
{
    public required Value Gradient { get; init; }

    /// <summary>The ids, an <see cref="Operators.Input"/>.</summary>
    public required Value Ids { get; init; }

    public required Value Table { get; init; }

    public override ImmutableArray<Value> Outputs => [];

    public override string Formula => "dtable[id] += dy";
}

/// <summary>A head's losses and the gradient of its logits, in one kernel and in place: probabilities are never kept.</summary>
internal sealed record LossKernel : Kernel
{
    public required Value Logits { get; init; }

    public required int Head { get; init; }

    public required LossKind Kind { get; init; }

    /// <summary>Shares the place of <see cref="Logits"/>.</summary>
    public override ImmutableArray<Value> Outputs => [Values[Values.Length - 1]];

    public override string Formula => $"dlogits of {Kind}";
}

/// <summary>Zeros, before heads add their gradients to a sum, each where it takes part.</summary>
internal sealed record ClearKernel : Kernel
{
    /// <summary>Nothing: the kernels that add to the sum come after.</summary>
    public override IEnumerable<Value> Inputs => [];

    public override ImmutableArray<Value> Outputs => [Values[Values.Length - 1]];

    public override string Formula => "y = 0";
}
