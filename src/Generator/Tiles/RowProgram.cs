using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tiles;

/// <summary>Lowers operators on one row: element-wise ones become one expression, those that need the whole row become reductions.</summary>
internal sealed class RowProgram(CallBuilder call, Fusion.Kernel kernel, RowPlaces places, Index columns, bool isExact)
{
    private const string Column = "column";
    private readonly Expression _width = Expression.Named(((Index.Number)columns).Name!, ((Index.Number)columns).Value);
    private readonly Dictionary<Value, Expression> _expressions = [];
    private readonly List<Statement> _statements = [];
    private int _reductions;

    /// <summary>The element of a row at the statement's column.</summary>
    public static Expression Element(Address row) => new Expression.Load(row + Column);

    public void Define(Value value, Expression expression) => _expressions[value] = expression;

    public void Append(Statement statement) => _statements.Add(statement);

    public Expression this[Value value] => _expressions[value];

    /// <summary>Takes one more operator into the program.</summary>
    public void Apply(Value value)
    {
        Value source = value.Inputs[0];
        Expression x = _expressions[source];
        if (value.Operator is Dropout)
        {
            Drop(value, x);
            return;
        }

        if (value.Operator is ActivateDerivative derivative)
        {
            // Part of the product that it is a factor of.
            _expressions[value] = Functions.Derivative(derivative.Function, x);
            return;
        }

        _expressions[value] = value.Operator switch
        {
            Activate activate => Functions.Apply(activate.Function, x),
            Add when value.Inputs[1].Operator is Parameter => x + Vector("Bias", value.Inputs[1]),
            Add => x + _expressions[value.Inputs[1]],
            Multiply when value.Inputs[1].Operator is Parameter => x * Vector("Gamma", value.Inputs[1]),
            Multiply => x * _expressions[value.Inputs[1]],
            Standardize => Standardized(x),
            StandardizeGradient => StandardizedGradient(x, _expressions[value.Inputs[2]]),
            LayerNorm norm => Normalized(norm, source, x, Vector("Gamma", value.Inputs[1]), Vector("Beta", value.Inputs[2])),
            Normalize => UnitLength(InMemory(source, x)),
            _ => throw new NotSupportedException($"{value.Operator.Name} is no operator on a row."),
        };

        // A normalization leaves its argument in memory itself: it sums in the same pass.
        if (places.IsReadLater(value) && !kernel.Values.Any(next => next.Operator is LayerNorm && next.Inputs[0] == value))
        {
            _expressions[value] = InMemory(value, _expressions[value]);
        }
    }

    private void Drop(Value value, Expression x)
    {
        Address place = places.Of(value);
        Store(place, x);
        (DropoutNames names, Index number) = call.Dropout(value, value.Shape.Rows, "row");
        _statements.Add(new DropoutRow(place, columns, names, 0, number));
        _expressions[value] = Element(place);
    }

    /// <summary>The statements that leave <paramref name="value"/> in its row.</summary>
    public IReadOnlyList<Statement> Finish(Value value)
    {
        Store(places.Of(value), _expressions[value]);
        return _statements;
    }

    /// <summary>An expression that is read more than once goes to its row first.</summary>
    private Expression InMemory(Value value, Expression x)
    {
        if (x is Expression.Load && !places.IsReadLater(value))
        {
            return x;
        }

        Address place = places.Of(value);
        Store(place, x);
        return Element(place);
    }

    private void Store(Address place, Expression x)
    {
        if (x != Element(place))
        {
            _statements.Add(new Map(Column, columns, place, x, isExact));
        }
    }

    private Expression Vector(string name, Value parameter) =>
        Element(call.Weight(char.ToLowerInvariant(name[0]) + name.Substring(1), PackedWeights.Vector(kernel, name, parameter)));

    private Expression Normalized(LayerNorm norm, Value source, Expression x, Expression gamma, Expression beta)
    {
        string suffix = _reductions++ == 0 ? "" : _reductions.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (string sum, string mean, string squares, string rstd) = ($"sum{suffix}", $"mean{suffix}", $"squares{suffix}", $"rstd{suffix}");
        _statements.Add(new Remark("Mean of the row."));
        if (x is not Expression.Load && ((Index.Number)columns).Value % 16 == 0)
        {
            // Computed and summed in one pass.
            Address place = places.Of(source);
            _statements.Add(new Map(Column, columns, place, x, isExact, sum));
            x = Element(place);
        }
        else
        {
            x = InMemory(source, x);
            _statements.Add(new Reduce(sum, ReduceKind.Sum, Column, columns, x));
        }

        _statements.Add(new Define(mean, (Expression)sum / _width));
        _statements.Add(new Remark("Variance, second pass: keeps precision when the mean is large."));
        _statements.Add(new Reduce(squares, ReduceKind.Sum, Column, columns, (x - mean) * (x - mean)));
        _statements.Add(new Define(rstd, 1.0 / Expression.Apply(UnaryFunction.Sqrt, (Expression)squares / _width + Expression.Named("Epsilon", norm.Epsilon))));
        if (places.StatisticsOf(source) is Address statistics)
        {
            _statements.Add(new StoreNumber(statistics, mean));
            _statements.Add(new StoreNumber(statistics + 1, rstd));
        }

        _statements.Add(new Remark("Normalize, scale, shift."));
        return Expression.MultiplyAdd((x - mean) * rstd, gamma, beta);
    }

    // Mean and rstd of the row are known.
    private static Expression Standardized(Expression x) => (x - "mean") * "rstd";

    private Expression StandardizedGradient(Expression x, Expression gradient)
    {
        _statements.Add(new Remark("Means of the gradient and of its product with the normalized row."));
        _statements.Add(new Reduce("sum", ReduceKind.Sum, Column, columns, gradient));
        _statements.Add(new Reduce("products", ReduceKind.Sum, Column, columns, gradient * Standardized(x)));
        _statements.Add(new Define("shift", (Expression)"sum" / _width));
        _statements.Add(new Define("slope", (Expression)"products" / _width));
        return (gradient - "shift" - Standardized(x) * "slope") * "rstd";
    }

    private Expression UnitLength(Expression x)
    {
        string suffix = _reductions++ == 0 ? "" : _reductions.ToString(System.Globalization.CultureInfo.InvariantCulture);
        _statements.Add(new Remark("Length of the row; never 0, so that a row of zeros stays one."));
        _statements.Add(new Reduce($"squares{suffix}", ReduceKind.Sum, Column, columns, x * x));
        _statements.Add(new Define($"length{suffix}", Expression.Max(Expression.Apply(UnaryFunction.Sqrt, $"squares{suffix}"), Operators.Normalize.Smallest)));
        return x / $"length{suffix}";
    }
}
