using System.Collections.Immutable;

namespace BertGen.Generator.Graphs;

/// <summary>A dimension that is known only when the model runs.</summary>
internal enum Axis
{
    /// <summary>Not free: a constant.</summary>
    Constant,

    /// <summary>Tokens of all texts of a pass, one text after another.</summary>
    Tokens,

    /// <summary>Texts of a pass.</summary>
    Texts,

    /// <summary>Tokens that reach the vocabulary product.</summary>
    Selected,

    /// <summary>Input vectors: the tokens without [CLS].</summary>
    Vectors,

    /// <summary>Tokens of the text that a query belongs to.</summary>
    Keys,
}

/// <summary>One dimension of a shape: a constant size, or a free axis.</summary>
internal readonly record struct Dimension(Axis Axis, int Size)
{
    public static implicit operator Dimension(int size) => new(Axis.Constant, size);

    public static implicit operator Dimension(Axis axis) => new(axis, 0);

    public override string ToString() => Axis switch
    {
        Axis.Constant => Size.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Axis.Tokens => "tokens",
        Axis.Texts => "texts",
        Axis.Selected => "selected",
        Axis.Vectors => "vectors",
        Axis.Keys => "keys",
        _ => throw new InvalidOperationException($"Unknown axis {Axis}."),
    };
}

/// <summary>The dimensions of a value, outermost first. Compares by content.</summary>
internal sealed class Shape(params Dimension[] dimensions) : IEquatable<Shape>
{
    public ImmutableArray<Dimension> Dimensions { get; } = ImmutableArray.Create(dimensions);

    public int Rank => Dimensions.Length;

    /// <summary>The last dimension, which must be a constant: the length of a row.</summary>
    public int Columns => Dimensions[Rank - 1] is { Axis: Axis.Constant } last
        ? last.Size
        : throw new InvalidOperationException($"The rows of {this} have no constant length.");

    /// <summary>What the rows of a matrix are.</summary>
    public Axis Rows => Dimensions[0].Axis;

    /// <summary>The same shape with rows of another length.</summary>
    public Shape WithColumns(int columns) => new([.. Dimensions.Take(Rank - 1), columns]);

    /// <summary>The same rows along another axis.</summary>
    public Shape WithRows(Axis rows) => new([rows, .. Dimensions.Skip(1)]);

    /// <summary>Product of the constant dimensions.</summary>
    public long ConstantElements => Dimensions.Aggregate(1L, (product, dimension) => dimension.Axis == Axis.Constant ? product * dimension.Size : product);

    public bool Equals(Shape? other) =>
        ReferenceEquals(this, other) || (other is not null && Dimensions.AsSpan().SequenceEqual(other.Dimensions.AsSpan()));

    public override bool Equals(object? obj) => Equals(obj as Shape);

    public override int GetHashCode() => Dimensions.Aggregate(17, (hash, dimension) => unchecked(hash * 31 + dimension.GetHashCode()));

    public override string ToString() => $"[{string.Join(", ", Dimensions)}]";
}
