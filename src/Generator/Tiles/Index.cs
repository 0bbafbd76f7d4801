using System.Globalization;

namespace BertGen.Generator.Tiles;

/// <summary>An integer: a place in a buffer, a bound of a loop.</summary>
internal abstract record Index
{
    public static implicit operator Index(long value) => new Number(value);

    /// <summary>A constant of the model under the name that it has in generated code.</summary>
    public static Index Named(string name, long value) => new Number(value, name);

    public static implicit operator Index(string variable) => new Variable(variable);

    public static Index operator +(Index left, Index right) => (left, right) switch
    {
        (Number { Value: 0 }, _) => right,
        (_, Number { Value: 0 }) => left,
        (Number { Name: null } a, Number { Name: null } b) => a.Value + b.Value,
        _ => new Binary('+', left, right),
    };

    public static Index operator -(Index left, Index right) => (left, right) switch
    {
        (_, Number { Value: 0 }) => left,
        (Number { Name: null } a, Number { Name: null } b) => a.Value - b.Value,
        _ => new Binary('-', left, right),
    };

    public static Index operator *(Index left, Index right) => (left, right) switch
    {
        (Number { Value: 0 }, _) or (_, Number { Value: 0 }) => 0,
        (Number { Value: 1 }, _) => right,
        (_, Number { Value: 1 }) => left,
        (Number { Name: null } a, Number { Name: null } b) => a.Value * b.Value,
        _ => new Binary('*', left, right),
    };

    public static Index Min(Index left, Index right) => new Extreme(IsLeast: true, left, right);

    public static Index Max(Index left, Index right) => new Extreme(IsLeast: false, left, right);

    /// <summary>The smallest multiple of 16 that holds a count.</summary>
    public static Index RoundUp(Index count) => count switch
    {
        Number number when number.Value % 16 == 0 => number,
        Number number => (number.Value + 15) / 16 * 16,
        _ => new Rounded(count),
    };

    internal sealed record Number(long Value, string? Name = null) : Index
    {
        public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
    }

    internal sealed record Variable(string Name) : Index
    {
        public override string ToString() => Name;
    }

    internal sealed record Binary(char Operation, Index Left, Index Right) : Index
    {
        public override string ToString() => Operation == '*'
            ? $"{Nested(Left)} * {Nested(Right)}"
            : $"{Left} {Operation} {(Right is Binary { Operation: not '*' } ? $"({Right})" : Right.ToString())}";

        private static string Nested(Index index) => index is Binary ? $"({index})" : index.ToString();
    }

    internal sealed record Extreme(bool IsLeast, Index Left, Index Right) : Index
    {
        public override string ToString() => $"{(IsLeast ? "min" : "max")}({Left}, {Right})";
    }

    internal sealed record Rounded(Index Count) : Index
    {
        public override string ToString() => $"roundUp16({Count})";
    }

    /// <summary>The largest multiple of 16 within a count.</summary>
    internal sealed record WholePanels(Index Count) : Index
    {
        public override string ToString() => $"roundDown16({Count})";
    }

    /// <summary>Columns of one call of the product: the target decides.</summary>
    internal sealed record TileColumns : Index
    {
        public override string ToString() => "tileColumns";
    }
}

/// <summary>A place in memory: an element of what a pointer leads to.</summary>
internal sealed record Address(string Pointer, Index Offset)
{
    public static Address operator +(Address address, Index offset) => new(address.Pointer, address.Offset + offset);

    public override string ToString() => $"{Pointer}[{Offset}]";
}
