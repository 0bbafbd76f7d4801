using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

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
