using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tests.Compiler.Differentiation;

/// <summary>Runs a graph, forward or backward, in double precision and as plainly as possible: no fusion, no blocks, no vectors.</summary>
/// <param name="chunk">The texts.</param>
/// <param name="given">Tensors of values that are not computed: parameters and inputs.</param>
internal sealed class GraphInterpreter(TextChunk chunk, Func<Value, Tensor?> given)
{
    private readonly Dictionary<Value, Tensor> _known = [];

    public Tensor this[Value value]
    {
        get
        {
            if (!_known.TryGetValue(value, out Tensor? tensor))
            {
                tensor = given(value) ?? Compute(value, [.. value.Inputs.Select(input => this[input])]);
                Assert.Equal(chunk.SizesOf(value.Shape), tensor.Sizes);
                _known.Add(value, tensor);
            }

            return tensor;
        }
    }

    /// <summary>The loss of a head, summed over its rows with their weights.</summary>
    public double Loss(Value lossGradient) =>
        Losses.Of((LossGradient)lossGradient.Operator, this[lossGradient.Inputs[0]], chunk);

    private Tensor Compute(Value value, Tensor[] x) => value.Operator switch
    {
        Add => x[0].Map(x[1], (a, b) => a + b),
        Subtract => x[0].Map(x[1], (a, b) => a - b),
        Multiply => x[0].Map(x[1], (a, b) => a * b),
        Sum => x.Skip(1).Aggregate(x[0], (sum, next) => sum.Map(next, (a, b) => a + b)),
        Activate activate => x[0].Map(argument => Elementary.Apply(activate.Function, argument)),
        ActivateDerivative derivative => x[0].Map(argument => Elementary.Derivative(derivative.Function, argument)),
        Dropout dropout => Dropped(value.Layer, dropout, x[0]),
        LayerNorm norm => Normalized(x[0], x[1], x[2], norm.Epsilon),
        RowStatistics statistics => x[0].MapRows(2, (row, y, _) => (y[0], y[1]) = Statistics(row, statistics.Epsilon)),
        Standardize => x[0].MapRows(x[0].Columns, (row, y, number) => Fill(y, column => (row[column] - x[1][number, 0]) * x[1][number, 1])),
        StandardizeGradient => x[0].MapRows(x[0].Columns, (row, y, number) => Unstandardize(row, x[1].Row(number), x[2].Row(number), y)),
        SumRows => SumOfRows(x[0]),
        SumColumns => x[0].MapRows(1, (row, y, _) => y[0] = row.Sum()),
        Linear => x[0].MapRows(x[1].Rows, (row, y, _) => Fill(y, output => row.Zip(x[1].Row(output), (a, b) => a * b).Sum())),
        LinearWeightGradient => WeightGradient(x[0], x[1]),
        TransposeWeights transpose => Transposed(x, transpose.Heads),
        Gather => Rows(x[0], x[1].Data.Select(id => (int)id)),
        ScatterAdd scatter => Scattered(x[0], x[1], chunk.SizesOf(scatter.Table)),
        FirstTokens => Rows(x[0], chunk.Offsets.Take(chunk.Lengths.Length)),
        SelectTokens => Rows(x[0], chunk.Selected),
        SpreadRows => Spread(x[0], value.Inputs[0].Shape.Rows == Axis.Texts ? chunk.Offsets : chunk.Selected),
        PrependRow => Prepended(x[0], x[1]),
        Operators.VectorRows => Rows(x[0], Enumerable.Range(0, chunk.TokenCount).Where(token => chunk.PositionOf(token) > 0)),
        WindowMean window => Window(x[0], window.Window, (sum, token, neighbour, count) => sum.AddRow(token, x[0].Row(neighbour).Select(element => element / count))),
        WindowMeanGradient window => Window(x[0], window.Window, (sum, token, neighbour, count) => sum.AddRow(neighbour, x[0].Row(token).Select(element => element / count))),
        SplitHeads or MergeHeads or PackHeads or UnpackHeads or AttentionScores or Operators.Softmax or AttentionContext or AttentionQueryGradient or AttentionKeyGradient =>
            AttentionOperators.Compute(value.Operator, x, chunk),
        LossGradient loss => Losses.Gradient(loss, x[0], chunk),
        _ => throw new NotSupportedException($"{value.Operator.Name} has no reference."),
    };

    private static void Fill(Span<double> row, Func<int, double> element)
    {
        for (int column = 0; column < row.Length; column++)
        {
            row[column] = element(column);
        }
    }

    private Tensor Dropped(int? layer, Dropout dropout, Tensor x)
    {
        Tensor y = new(x.Sizes);
        for (int i = 0; i < y.Data.Length; i++)
        {
            y.Data[i] = x.Data[i] * chunk.Mask(layer, dropout, i);
        }

        return y;
    }

    private static (double Mean, double Rstd) Statistics(double[] row, double epsilon)
    {
        double mean = row.Average();
        return (mean, 1 / Math.Sqrt(row.Average(x => (x - mean) * (x - mean)) + epsilon));
    }

    private static Tensor Normalized(Tensor x, Tensor gamma, Tensor beta, double epsilon) => x.MapRows(x.Columns, (row, y, _) =>
    {
        (double mean, double rstd) = Statistics(row, epsilon);
        Fill(y, column => (row[column] - mean) * rstd * gamma.Data[column] + beta.Data[column]);
    });

    private static void Unstandardize(double[] x, double[] statistics, double[] g, Span<double> dx)
    {
        double[] xhat = [.. x.Select(element => (element - statistics[0]) * statistics[1])];
        double mean = g.Average();
        double product = g.Zip(xhat, (a, b) => a * b).Average();
        Fill(dx, column => statistics[1] * (g[column] - mean - xhat[column] * product));
    }

    private static Tensor SumOfRows(Tensor x)
    {
        Tensor sum = new(x.Columns);
        for (int row = 0; row < x.Rows; row++)
        {
            sum.AddRow(0, x.Row(row));
        }

        return sum;
    }

    private static Tensor WeightGradient(Tensor dy, Tensor x)
    {
        Tensor gradient = new(dy.Columns, x.Columns);
        for (int row = 0; row < dy.Rows; row++)
        {
            for (int output = 0; output < dy.Columns; output++)
            {
                gradient.AddRow(output, x.Row(row).Select(element => element * dy[row, output]));
            }
        }

        return gradient;
    }

    private static Tensor Transposed(Tensor[] weights, int heads)
    {
        int outputs = weights[0].Rows;
        Tensor transposed = new(weights[0].Columns, heads > 0 ? PackHeads.Columns(weights.Length, heads, outputs / heads) : outputs);
        for (int part = 0; part < weights.Length; part++)
        {
            for (int output = 0; output < outputs; output++)
            {
                int column = heads > 0 ? AttentionOperators.PackedColumn(part, weights.Length, outputs / heads, output) : output;
                for (int input = 0; input < weights[part].Columns; input++)
                {
                    transposed[input, column] = weights[part][output, input];
                }
            }
        }

        return transposed;
    }

    private static Tensor Scattered(Tensor rows, Tensor ids, int[] sizes)
    {
        Tensor table = new(sizes);
        for (int row = 0; row < rows.Rows; row++)
        {
            table.AddRow((int)ids.Data[row], rows.Row(row));
        }

        return table;
    }

    private static Tensor Rows(Tensor x, IEnumerable<int> places)
    {
        int[] rows = [.. places];
        Tensor y = new(rows.Length, x.Columns);
        for (int row = 0; row < rows.Length; row++)
        {
            y.AddRow(row, x.Row(rows[row]));
        }

        return y;
    }

    private Tensor Spread(Tensor x, IReadOnlyList<int> places)
    {
        Tensor y = new(chunk.TokenCount, x.Columns);
        for (int row = 0; row < x.Rows; row++)
        {
            y.AddRow(places[row], x.Row(row));
        }

        return y;
    }

    private Tensor Prepended(Tensor vectors, Tensor first)
    {
        Tensor y = new(chunk.TokenCount, vectors.Columns);
        for (int token = 0, vector = 0; token < chunk.TokenCount; token++)
        {
            y.AddRow(token, chunk.PositionOf(token) == 0 ? first.Data : vectors.Row(vector++));
        }

        return y;
    }

    private Tensor Window(Tensor x, int window, Action<Tensor, int, int, int> add)
    {
        Tensor y = new(x.Sizes);
        for (int token = 0; token < chunk.TokenCount; token++)
        {
            int[] neighbours = [.. Enumerable.Range(0, chunk.TokenCount).Where(other => other != token && chunk.TextOf(other) == chunk.TextOf(token) && Math.Abs(other - token) <= window)];
            foreach (int neighbour in neighbours)
            {
                add(y, token, neighbour, neighbours.Length);
            }
        }

        return y;
    }
}
