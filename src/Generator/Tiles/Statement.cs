using System.Collections.Immutable;

namespace BertGen.Generator.Tiles;

/// <summary>One step of a kernel, for any target.</summary>
internal abstract record Statement;

/// <summary>Why the next statements are there, or their mathematics.</summary>
internal sealed record Remark(string Text) : Statement;

/// <summary>An integer local.</summary>
internal sealed record Let(string Name, Index Value) : Statement;

/// <summary>An integer read from memory, such as an id.</summary>
internal sealed record LetElement(string Name, string Pointer, Index Offset) : Statement;

/// <summary>A pointer to a row.</summary>
internal sealed record LetRow(string Name, Address Row) : Statement;

/// <summary>A pointer to one row or another: <paramref name="First"/> where <paramref name="Selector"/> is 0.</summary>
internal sealed record SelectRow(string Name, Index Selector, Address First, Address Other) : Statement;

/// <summary>Steps of one.</summary>
internal sealed record Loop(string Variable, Index Start, Index End, ImmutableArray<Statement> Body) : Statement;

/// <summary>The body, where two values differ.</summary>
internal sealed record Unless(Index Value, Index Other, ImmutableArray<Statement> Body) : Statement;

/// <summary>Blocks of at most <paramref name="Step"/> items; the body sees the first and how many.</summary>
/// <param name="Variable">First item of the block.</param>
/// <param name="Count">Items in the block.</param>
/// <param name="Start">First item.</param>
/// <param name="End">After the last item.</param>
/// <param name="Step">Most items in a block.</param>
/// <param name="Even">Blocks of nearly equal size rather than a small last one.</param>
/// <param name="Body">What runs for each block.</param>
internal sealed record BlockLoop(string Variable, string Count, Index Start, Index End, Index Step, bool Even, ImmutableArray<Statement> Body) : Statement;

/// <summary>c = a · b + bias by the target's micro-kernel; b in panels of 16 columns.</summary>
internal sealed record ProductTile(
    Index Rows, Index Columns, Index Inner,
    Address A, Index AStride,
    Address B, Index BRowStride, Index BPanelStride,
    Address Bias,
    Address C, Index CStride) : Statement;

/// <summary>Rows to panels: [rows, columns] becomes [rows / 16][columns][16], zeros behind the last row.</summary>
internal sealed record TransposeToPanels(Index Rows, Index Columns, Address Source, Index Stride, Address Panels) : Statement;

internal enum ReduceKind
{
    Sum,
    Max,
}

/// <summary>A number made of a whole row, in a fixed order of lanes.</summary>
/// <param name="Name">Name of the number.</param>
/// <param name="Kind">Sum or largest.</param>
/// <param name="Column">Name of the column within <paramref name="Value"/>.</param>
/// <param name="Length">Length of the row.</param>
/// <param name="Value">The element.</param>
internal sealed record Reduce(string Name, ReduceKind Kind, string Column, Index Length, Expression Value) : Statement;

/// <summary>A number computed from others, the same for the whole row.</summary>
internal sealed record Define(string Name, Expression Value) : Statement;

/// <summary>A count as a number.</summary>
internal sealed record DefineCount(string Name, Index Value) : Statement;

/// <summary>Writes a row, element by element.</summary>
/// <param name="Column">Name of the column within the addresses.</param>
/// <param name="Length">Length of the row.</param>
/// <param name="Destination">Where the elements go.</param>
/// <param name="Value">The element.</param>
/// <param name="IsExact">Nothing may be written behind the row's end; otherwise up to a multiple of 16 may be.</param>
/// <param name="Sum">Name for the sum of what was written, or null.</param>
internal sealed record Map(string Column, Index Length, Address Destination, Expression Value, bool IsExact = false, string? Sum = null) : Statement;

/// <summary>Copies elements.</summary>
internal sealed record Copy(Address Destination, Address Source, Index Count) : Statement;

/// <summary>Writes one number to many elements.</summary>
internal sealed record Fill(Address Destination, Index Count, double Value) : Statement;

/// <summary>Keeps a row's number for later.</summary>
internal sealed record StoreNumber(Address Destination, string Name) : Statement;

/// <summary>Reads a number that was kept.</summary>
internal sealed record LoadNumber(string Name, Address Source) : Statement;

/// <summary>c += a · b by the target's micro-kernel: the tile's own sums are formed first, then added; b as in <see cref="ProductTile"/>.</summary>
internal sealed record ProductAddTile(
    Index Rows, Index Columns, Index Inner,
    Address A, Index AStride,
    Address B, Index BRowStride, Index BPanelStride,
    Address C, Index CStride) : Statement;

/// <summary>Rows to columns: target[column · stride + row] = source[row · stride + column].</summary>
internal sealed record TransposeTile(Index Rows, Index Columns, Address Source, Index SourceStride, Address Target, Index TargetStride) : Statement;

/// <summary>Panels of a weight, [outputs / 16][inputs][16], to panels of its transpose, [inputs / 16][outputs][16]: input panels from <paramref name="Start"/> to before <paramref name="End"/>.</summary>
internal sealed record TransposePanels(Index Start, Index End, Index Outputs, Index Inputs, Address Panels, Address Transposed) : Statement;

/// <summary>Elements of a row set to zero at random, the others divided by what is left, in place: the same elements whenever the numbers are the same.</summary>
/// <param name="Row">The row.</param>
/// <param name="Columns">Elements of the row.</param>
/// <param name="Names">Parameters of the function: key, step, site and rate.</param>
/// <param name="Place">Added to the site: the attention head, or 0.</param>
/// <param name="Number">Number of the row within the step.</param>
internal sealed record DropoutRow(Address Row, Index Columns, DropoutNames Names, Index Place, Index Number) : Statement;

/// <summary>Names of the parameters that a dropout takes.</summary>
internal sealed record DropoutNames(string Seed, string Step, string Site, string Rate);

/// <summary>The body, where the caller gave memory for it.</summary>
internal sealed record WhenGiven(string Pointer, ImmutableArray<Statement> Body) : Statement;
