using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tiles;

/// <summary>How a function's work is divided among the workers of a team.</summary>
internal enum Split
{
    /// <summary>Tokens, texts or selected rows, by <see cref="TileFunction.Rows"/>.</summary>
    Rows,

    /// <summary>Columns of a product; of a gradient, whatever its call divides.</summary>
    Columns,

    /// <summary>Attention heads.</summary>
    Heads,
}

internal enum ParameterType
{
    Floats,
    Integers,
    Count,

    /// <summary>64 bits without a sign.</summary>
    Key,

    /// <summary>32 bits without a sign.</summary>
    Counter,

    /// <summary>One float.</summary>
    Number,
}

/// <summary>What the caller passes for a parameter.</summary>
internal abstract record Operand
{
    /// <summary>A value's place in memory.</summary>
    internal sealed record Buffer(Value Value) : Operand;

    /// <summary>A result's place in the caller's memory: rows without padding.</summary>
    internal sealed record Result(GraphOutput Output) : Operand;

    /// <summary>A packed weight.</summary>
    internal sealed record Weight(PackedWeight Packed) : Operand;

    /// <summary>Rows of an axis in the pass.</summary>
    internal sealed record RowCount(Axis Rows) : Operand;

    /// <summary>The gradient of a packed weight, in its order.</summary>
    internal sealed record Gradient(PackedWeight Packed) : Operand;

    /// <summary>Number of a dropout's place: of the layer's own, or of one outside the layers.</summary>
    internal sealed record Site(Dropout Dropout, bool IsOfLayer) : Operand;

    /// <summary>What a head is to learn, or where its losses go.</summary>
    internal sealed record Target(int Head, TargetField Field) : Operand;

    /// <summary>Memory of each worker for the time of one call.</summary>
    internal sealed record Scratch(string Name, long Floats) : Operand;

    /// <summary>A field of the pass, such as the ids.</summary>
    internal sealed record Pass(PassField Field) : Operand;

    /// <summary>Begin or end of the caller's share.</summary>
    internal sealed record Share(Split Split, bool IsEnd) : Operand;
}

internal enum PassField
{
    TextOffsets,
    InputIds,
    TokenTypeIds,
    Vectors,
    SelectedTokens,
    TokenCount,
    TextCount,
    FirstToken,
    FirstText,
    DropoutSeed,
    DropoutStep,
    HiddenDropout,
    AttentionDropout,
}

/// <summary>Members of a head's targets.</summary>
internal enum TargetField
{
    Classes,
    Values,
    Weights,
    Losses,
    Hits,
    Smoothing,
}

/// <summary>A weight in the order in which kernels read it.</summary>
/// <param name="Name">Name of its offset in generated code.</param>
/// <param name="Sources">The published weights it is made of.</param>
/// <param name="Order">Panels of a product, a vector, or a table.</param>
/// <param name="Groups">Groups of interleaved outputs: the heads of a projection, or 1.</param>
internal sealed record PackedWeight(string Name, ImmutableArray<Value> Sources, PackedWeightOrder Order, int Groups = 1);

/// <summary>The members of the runtime's enum.</summary>
internal enum PackedWeightOrder
{
    Panels,
    Vector,
    Table,
}

/// <param name="Name">Name in the kernel.</param>
/// <param name="Type">Pointer or count.</param>
/// <param name="Note">Shape and direction for the header; empty for shares.</param>
internal sealed record TileParameter(string Name, ParameterType Type, string Note);

/// <summary>One function of a kernel: a loop nest over a share of the work.</summary>
/// <param name="Name">Name within the kernel.</param>
/// <param name="Summary">A sentence.</param>
/// <param name="Rows">What its rows are.</param>
/// <param name="Parameters">What it is given.</param>
/// <param name="Body">What it does.</param>
internal sealed record TileFunction(string Name, string Summary, Axis Rows, ImmutableArray<TileParameter> Parameters, ImmutableArray<Statement> Body);

/// <summary>A call of a function: what stands for each parameter and what it reads and writes, for the barriers.</summary>
/// <param name="Function">The function.</param>
/// <param name="Split">How its work is divided.</param>
/// <param name="Arguments">What stands for each parameter.</param>
/// <param name="Accesses">What it touches.</param>
/// <param name="Columns">What is divided by columns, where that is possible.</param>
internal sealed record TileCall(TileFunction Function, Split Split, ImmutableArray<Operand> Arguments, ImmutableArray<Access> Accesses, ColumnShare? Columns = null);

/// <summary>Columns to be divided among workers.</summary>
/// <param name="Total">How many.</param>
/// <param name="Step">Each share but the last is a multiple of it.</param>
internal sealed record ColumnShare(Index Total, Index Step);

/// <summary>Memory that a call touches.</summary>
/// <param name="Value">The value whose memory it is.</param>
/// <param name="IsWrite">Written rather than read.</param>
/// <param name="Own">How a worker's part is cut: an equal cut of the same axis by the next call needs no barrier. Null where a worker touches what others own.</param>
internal sealed record Access(Value Value, bool IsWrite, Split? Own);

/// <summary>A kernel as tiles: its functions, and how the program calls them.</summary>
internal sealed record TileKernel(Fusion.Kernel Kernel, ImmutableArray<TileCall> Calls)
{
    /// <summary>Name of the generated class: that of the first kernel with the same tiles.</summary>
    public string Name { get; init; } = Kernel.Name;

    /// <summary>It is the kernel that the class is named and written for.</summary>
    public bool IsClass { get; init; } = true;
}
