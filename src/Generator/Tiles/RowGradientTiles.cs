using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>Row-wise operators of the backward pass, several results of the same rows.</summary>
internal sealed class RowGradientTiles(Layouts layouts)
{
    public TileCall Lower(RowGradientKernel kernel) => kernel.Values switch
    {
        [{ Operator: VectorRows } vectors] => Vectors(kernel, vectors),
        [{ Operator: WindowMeanGradient } window] => Window(kernel, window),
        _ => Rows(kernel),
    };

    private TileCall Rows(RowGradientKernel kernel)
    {
        CallBuilder call = new(layouts);
        Value last = kernel.Values[kernel.Values.Length - 1];
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        RowOperands operands = new(call, layouts, Split.Rows);
        RowPlaces places = new(call, layouts, kernel.AddsTo is null ? kernel.Values.Where(value => value.Shape.Equals(last.Shape)).ToArray() : [.. kernel.Values.Take(kernel.Values.Length - 1), kernel.AddsTo]);
        RowProgram program = new(call, kernel, places, Index.Named("Columns", last.Shape.Columns), isExact: false);
        foreach (Value value in kernel.Values)
        {
            foreach (Value input in value.Inputs.Where(input => input.Operator is not Parameter && !kernel.Values.Contains(input)))
            {
                if (input.Operator is RowStatistics)
                {
                    operands.Statistics(input);
                }
                else
                {
                    program.Define(input, RowProgram.Element(operands.Row(input, IsNormalized(value, input) ? "x" : "dy")));
                }
            }

            program.Apply(value);
        }

        IReadOnlyList<Statement> statements;
        if (kernel.AddsTo is not null)
        {
            program.Define(kernel.AddsTo, RowProgram.Element(places.Of(kernel.AddsTo)) + program[last]);
            statements = program.Finish(kernel.AddsTo);
        }
        else
        {
            statements = program.Finish(last);
        }

        return call.Build("Run", "Rows of the share.", last.Shape.Rows, Split.Rows, [new Loop("row", rowStart, rowEnd, [.. operands.Pointers, .. places.Pointers, .. statements])]);
    }

    private static bool IsNormalized(Value value, Value input) => value.Operator is Standardize or StandardizeGradient && value.Inputs[0] == input;

    /// <summary>The rows of vectors alone: those of [CLS] stay behind.</summary>
    private TileCall Vectors(RowGradientKernel kernel, Value vectors)
    {
        CallBuilder call = new(layouts);
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        Index texts = call.Count("textCount", PassField.TextCount);
        string textOffsets = call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in");
        Index stride = Index.Named("YStride", layouts.RowStride(vectors));
        Address dy = call.Read("dy", vectors.Inputs[0], null);
        Address y = call.Write("y", kernel.Outputs[0], Split.Rows);
        return call.Build("Run", "Rows of the share.", vectors.Shape.Rows, Split.Rows,
        [
            new Loop("text", 0, texts,
            [
                new LetElement("first", textOffsets, "text"),
                new LetElement("end", textOffsets, (Index)"text" + 1),
                new Loop("row", Index.Max(rowStart, (Index)"first" - "text"), Index.Min(rowEnd, (Index)"end" - "text" - 1),
                [
                    new LetRow("source", dy + ((Index)"row" + "text" + 1) * stride),
                    new LetRow("target", y + (Index)"row" * stride),
                    new Map("column", Index.Named("Columns", vectors.Shape.Columns), new Address("target", 0), RowProgram.Element(new Address("source", 0))),
                ]),
            ]),
        ]);
    }

    /// <summary>A word's gradient is the sum over the words whose neighbour it is, each divided by the number of its neighbours.</summary>
    private TileCall Window(RowGradientKernel kernel, Value value)
    {
        int window = ((WindowMeanGradient)value.Operator).Window;
        CallBuilder call = new(layouts);
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        Index texts = call.Count("textCount", PassField.TextCount);
        string textOffsets = call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in");
        Index stride = Index.Named("YStride", layouts.RowStride(value));
        Index columns = Index.Named("Columns", value.Shape.Columns);
        Address dy = call.Read("dy", value.Inputs[0], null);
        Address y = call.Write("y", kernel.Outputs[0], Split.Rows);
        Address target = new("target", 0);
        return call.Build("Run", "Rows of the share.", value.Shape.Rows, Split.Rows,
        [
            new Loop("text", 0, texts,
            [
                new LetElement("first", textOffsets, "text"),
                new LetElement("end", textOffsets, (Index)"text" + 1),
                new Loop("row", Index.Max(rowStart, "first"), Index.Min(rowEnd, "end"),
                [
                    new LetRow("target", y + (Index)"row" * stride),
                    new Let("from", Index.Max("first", (Index)"row" - window)),
                    new Let("to", Index.Min("end", (Index)"row" + (window + 1))),
                    new Map("column", columns, target, 0.0),
                    new Loop("neighbour", "from", "to",
                    [
                        new Unless("neighbour", "row",
                        [
                            new Let("nearest", Index.Max("first", (Index)"neighbour" - window)),
                            new Let("farthest", Index.Min("end", (Index)"neighbour" + (window + 1))),
                            new DefineCount("count", (Index)"farthest" - "nearest" - 1),
                            new LetRow("source", dy + (Index)"neighbour" * stride),
                            new Map("column", columns, target, RowProgram.Element(target) + RowProgram.Element(new Address("source", 0)) / "count"),
                        ]),
                    ]),
                ]),
            ]),
        ]);
    }
}

/// <summary>Pointers to the rows that a kernel reads, and the numbers of their statistics.</summary>
internal sealed class RowOperands(CallBuilder call, Layouts layouts, Split? own)
{
    private readonly Dictionary<Value, Address> _rows = [];
    private readonly List<Statement> _pointers = [];

    /// <summary>Statements to stand before what uses the rows.</summary>
    public IEnumerable<Statement> Pointers => _pointers;

    /// <summary>The row of a value; a second value of the same name gets a number.</summary>
    public Address Row(Value value, string name)
    {
        if (!_rows.TryGetValue(value, out Address? row))
        {
            int number = 1 + _rows.Values.Count(known => known.Pointer.StartsWith(name, StringComparison.Ordinal));
            string unique = number == 1 ? name : $"{name}{number}";
            Index stride = Index.Named($"{char.ToUpperInvariant(unique[0])}{unique.Substring(1)}Stride", layouts.RowStride(value));
            _pointers.Add(new LetRow($"{unique}Row", call.Read(unique, value, own) + (Index)"row" * stride));
            _rows.Add(value, row = new Address($"{unique}Row", 0));
        }

        return row;
    }

    /// <summary>Defines <c>mean</c> and <c>rstd</c> of the row.</summary>
    public void Statistics(Value statistics)
    {
        if (!_rows.ContainsKey(statistics))
        {
            Address numbers = call.Read("statistics", statistics, own) + (Index)"row" * layouts.RowStride(statistics);
            _rows.Add(statistics, numbers);
            _pointers.Add(new LoadNumber("mean", numbers));
            _pointers.Add(new LoadNumber("rstd", numbers + 1));
        }
    }
}
