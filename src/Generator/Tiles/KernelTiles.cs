using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>What the lowerings of all kernels share: collects a function's parameters together with what stands for them.</summary>
internal sealed class CallBuilder(Layouts layouts)
{
    private readonly List<TileParameter> _parameters = [];
    private readonly List<Operand> _operands = [];
    private readonly List<Access> _accesses = [];
    private ColumnShare? _columns;

    /// <summary>The caller's share [start, end) of the split.</summary>
    public (Index Start, Index End) Share(Split split)
    {
        string name = split switch
        {
            Split.Rows => "row",
            Split.Columns => "column",
            Split.Heads => "head",
            _ => throw new NotSupportedException($"Unknown split {split}."),
        };
        Add($"{name}Start", ParameterType.Count, "", new Operand.Share(split, IsEnd: false));
        Add($"{name}End", ParameterType.Count, "", new Operand.Share(split, IsEnd: true));
        return ($"{name}Start", $"{name}End");
    }

    /// <summary>The caller's share of columns, where they are not those of a product's result.</summary>
    public (Index Start, Index End) ShareColumns(string name, Index total, Index step)
    {
        _columns = new ColumnShare(total, step);
        Add($"{name}Start", ParameterType.Count, "", new Operand.Share(Split.Columns, IsEnd: false));
        Add($"{name}End", ParameterType.Count, "", new Operand.Share(Split.Columns, IsEnd: true));
        return ($"{name}Start", $"{name}End");
    }

    /// <summary>How many rows the pass has of an axis.</summary>
    public Index RowCount(Axis rows)
    {
        Add("rowCount", ParameterType.Count, "", new Operand.RowCount(rows));
        return "rowCount";
    }

    /// <summary>A value that is read, in the worker's own part where <paramref name="own"/> says how it is cut.</summary>
    public Address Read(string name, Value value, Split? own)
    {
        layouts.NoteRead(value);
        _accesses.Add(new Access(value, IsWrite: false, own));
        return Pointer(name, value, "in");
    }

    /// <summary>A value that is written, or added to, by each worker in its own part, or anywhere where <paramref name="own"/> is null.</summary>
    public Address Write(string name, Value value, Split? own)
    {
        _accesses.Add(new Access(value, IsWrite: true, own));
        return Pointer(name, value, "out");
    }

    public Address Weight(string name, PackedWeight weight) =>
        Add(name, ParameterType.Floats, $"{Shapes(weight)} f32 {weight.Order.ToString().ToLowerInvariant()}", new Operand.Weight(layouts.PackedAs(weight)));

    /// <summary>The gradient of a packed weight, which the call adds to.</summary>
    public Address Gradient(string name, PackedWeight weight) =>
        Add(name, ParameterType.Floats, $"{Shapes(weight)} f32 {weight.Order.ToString().ToLowerInvariant()}, added to", new Operand.Gradient(layouts.PackedAs(weight)));

    /// <summary>What a dropout of rows of an axis takes, and the number of a row.</summary>
    public (DropoutNames Names, Index Number) Dropout(Value value, Axis rows, Index row)
    {
        Dropout dropout = (Dropout)value.Operator;
        string suffix = dropout.Kind == DropoutKind.Attention ? "attentionDropout" : "hiddenDropout";
        DropoutNames names = new("seed", "step", "place", suffix);
        Add(names.Seed, ParameterType.Key, "", new Operand.Pass(PassField.DropoutSeed));
        Add(names.Step, ParameterType.Counter, "", new Operand.Pass(PassField.DropoutStep));
        Add(names.Site, ParameterType.Counter, "", new Operand.Site(dropout, value.Layer is not null));
        Add(names.Rate, ParameterType.Number, "", new Operand.Pass(dropout.Kind == DropoutKind.Attention ? PassField.AttentionDropout : PassField.HiddenDropout));
        return (names, rows switch
        {
            Axis.Tokens => Count("firstToken", PassField.FirstToken) + row,
            Axis.Texts => Count("firstText", PassField.FirstText) + row,
            _ => throw new NotSupportedException($"Rows of {rows} have no numbers for dropout."),
        });
    }

    /// <summary>A member of a head's targets.</summary>
    public string Target(string name, int head, TargetField field)
    {
        ParameterType type = field switch
        {
            TargetField.Classes => ParameterType.Integers,
            TargetField.Smoothing => ParameterType.Number,
            _ => ParameterType.Floats,
        };
        string note = field switch
        {
            TargetField.Classes => "[rows] i32 in",
            TargetField.Values or TargetField.Weights => "[rows] f32 in",
            TargetField.Smoothing => "",
            _ => "[rows] f32 out",
        };
        Add(name, type, note, new Operand.Target(head, field));
        return name;
    }

    public Address Scratch(string name, long floats) =>
        Add(name, ParameterType.Floats, $"[{floats}] f32 scratch", new Operand.Scratch(name, floats));

    public string Integers(string name, PassField field, string note)
    {
        Add(name, ParameterType.Integers, note, new Operand.Pass(field));
        return name;
    }

    public Index Count(string name, PassField field)
    {
        Add(name, ParameterType.Count, "", new Operand.Pass(field));
        return name;
    }

    /// <summary>The caller's memory for a result.</summary>
    public Address Result(string name, GraphOutput output) =>
        Add(name, ParameterType.Floats, $"{output.Value.Shape} f32 out", new Operand.Result(output));

    public TileCall Build(string function, string summary, Axis rows, Split split, IEnumerable<Statement> body) =>
        new(new TileFunction(function, summary, rows, _parameters.ToImmutableArray(), body.ToImmutableArray()), split, _operands.ToImmutableArray(), _accesses.ToImmutableArray(), _columns);

    private Address Pointer(string name, Value value, string direction) =>
        Add(name, ParameterType.Floats, $"{value.Shape} f32 {direction}", layouts.OperandOf(value));

    private Address Add(string name, ParameterType type, string note, Operand operand)
    {
        int known = _parameters.FindIndex(parameter => parameter.Name == name);
        if (known < 0)
        {
            _parameters.Add(new TileParameter(name, type, note));
            _operands.Add(operand);
        }
        else if (_operands[known] != operand)
        {
            throw new InvalidOperationException($"The parameter '{name}' stands for two things.");
        }

        return new Address(name, 0);
    }

    private static string Shapes(PackedWeight weight) => string.Join(" ", weight.Sources.Select(source => source.Shape));
}

/// <summary>Names of packed weights.</summary>
internal static class PackedWeights
{
    public static PackedWeight Panels(DenseKernel kernel) =>
        new(kernel.Name + "Weight", kernel.Products.Select(product => product.Weight).ToImmutableArray(), PackedWeightOrder.Panels, Math.Max(1, kernel.Heads));

    public static PackedWeight Bias(DenseKernel kernel) =>
        new(kernel.Name + "Bias", kernel.Products.Select(product => product.Bias!).ToImmutableArray(), PackedWeightOrder.Vector, Math.Max(1, kernel.Heads));

    public static PackedWeight Vector(Kernel kernel, string name, Value value) =>
        new(kernel.Name + name, [value], PackedWeightOrder.Vector);

    public static PackedWeight Table(Value table) =>
        new(Kernel.PascalCase(((Parameter)table.Operator).Key.Replace(".weight", "").Replace("bert.", "")), [table], PackedWeightOrder.Table);

    /// <summary>Floats between two rows of a table.</summary>
    public static int TableStride(Value table) => (table.Shape.Columns + 15) / 16 * 16;
}
