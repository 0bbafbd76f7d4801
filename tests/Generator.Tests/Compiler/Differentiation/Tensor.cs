namespace BertGen.Generator.Tests.Compiler.Differentiation;

/// <summary>Numbers in double precision, row major.</summary>
internal sealed class Tensor(params int[] sizes)
{
    public int[] Sizes { get; } = sizes;

    public double[] Data { get; } = new double[sizes.Aggregate(1, (product, size) => product * size)];

    public int Columns => Sizes[^1];

    /// <summary>Everything but the last dimension.</summary>
    public int Rows => Columns == 0 ? 0 : Data.Length / Columns;

    public double this[int row, int column]
    {
        get => Data[row * Columns + column];
        set => Data[row * Columns + column] = value;
    }

    /// <summary>An element of [heads, rows, columns].</summary>
    public double this[int head, int row, int column]
    {
        get => Data[(head * Sizes[1] + row) * Columns + column];
        set => Data[(head * Sizes[1] + row) * Columns + column] = value;
    }

    public static Tensor Random(Random random, params int[] sizes)
    {
        Tensor tensor = new(sizes);
        for (int i = 0; i < tensor.Data.Length; i++)
        {
            // Sum of uniform numbers: about normal, and never far out.
            tensor.Data[i] = random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5;
        }

        return tensor;
    }

    public static Tensor Of(IEnumerable<int> values)
    {
        double[] numbers = [.. values.Select(value => (double)value)];
        Tensor tensor = new(numbers.Length);
        numbers.CopyTo(tensor.Data, 0);
        return tensor;
    }

    public Tensor Map(Func<double, double> function)
    {
        Tensor result = new(Sizes);
        for (int i = 0; i < Data.Length; i++)
        {
            result.Data[i] = function(Data[i]);
        }

        return result;
    }

    /// <summary>Element by element with another tensor: of the same sizes, one row for all rows, or one number for each row.</summary>
    public Tensor Map(Tensor other, Func<double, double, double> function)
    {
        Tensor result = new(Sizes);
        for (int i = 0; i < Data.Length; i++)
        {
            int place =
                other.Sizes.SequenceEqual(Sizes) ? i
                : other.Sizes.Length == 1 ? i % Columns
                : other.Columns == 1 ? i / Columns
                : throw new ArgumentException("The sizes do not fit.", nameof(other));
            result.Data[i] = function(Data[i], other.Data[place]);
        }

        return result;
    }

    /// <summary>Row by row: <paramref name="function"/> fills a row of the result, which has <paramref name="columns"/> elements.</summary>
    public Tensor MapRows(int columns, Action<double[], Span<double>, int> function)
    {
        Tensor result = new([.. Sizes[..^1], columns]);
        for (int row = 0; row < Rows; row++)
        {
            function(Row(row), result.Data.AsSpan(row * columns, columns), row);
        }

        return result;
    }

    public double[] Row(int row) => Data[(row * Columns)..((row + 1) * Columns)];

    public void AddRow(int row, IEnumerable<double> values)
    {
        int column = 0;
        foreach (double value in values)
        {
            Data[row * Columns + column++] += value;
        }
    }

    public double Dot(Tensor other)
    {
        Assert.Equal(Sizes, other.Sizes);
        return Data.Zip(other.Data, (a, b) => a * b).Sum();
    }

    public Tensor Plus(double factor, Tensor direction) => Map(direction, (x, d) => x + factor * d);
}
