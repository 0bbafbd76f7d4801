using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tiles;

/// <summary>Gradients of vectors and tables: sums over rows, in their order; workers divide the columns.</summary>
internal sealed class ParameterSumTiles(Layouts layouts)
{
    private const int Lanes = 16;

    /// <summary>Sums over all rows in scratch, then added to the gradients.</summary>
    public TileCall Lower(ColumnSumKernel kernel)
    {
        CallBuilder call = new(layouts);
        Value first = kernel.Sums[0].Inputs[0];
        Value? gather = kernel.Values.FirstOrDefault(value => value.Operator is FirstTokens);
        int columnCount = first.Shape.Columns;
        bool isExact = columnCount % Lanes != 0;
        (Index start, Index end) = call.ShareColumns("column", Index.Named("Columns", columnCount), Lanes);
        Index rows = call.RowCount(first.Shape.Rows);
        RowOperands operands = new(call, layouts, null);
        Index columns = (Index)end - start;
        List<Statement> clear = [new Let("columns", columns)];
        List<Statement> add = [];
        List<Statement> finish = [];
        for (int i = 0; i < kernel.Sums.Length; i++)
        {
            string name = kernel.Parameters[i].Operator is Parameter { Role: ParameterRole.LayerNormWeight } ? "gamma" : kernel.Parameters[i].Operator is Parameter { Role: ParameterRole.LayerNormBias } ? "beta" : "vector";
            Address sums = call.Scratch($"{name}Sums", (columnCount + Lanes - 1) / Lanes * Lanes);
            Address gradient = call.Gradient(name, new PackedWeight(kernel.Name, [kernel.Parameters[i]], PackedWeightOrder.Vector));
            clear.Add(new Map("column", "columns", sums, 0.0));
            add.Add(new Map("column", "columns", sums, RowProgram.Element(sums) + Of(kernel.Sums[i].Inputs[0])));
            finish.Add(new LetRow($"{name}Row", gradient + start));
            finish.Add(new Map("column", "columns", new Address($"{name}Row", 0), RowProgram.Element(new Address($"{name}Row", 0)) + RowProgram.Element(sums), isExact));
        }

        List<Statement> row = [.. operands.Pointers, .. add];
        if (gather is not null)
        {
            row = [new LetElement("token", call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in"), "text"), .. row.Select(AtToken)];
        }

        return call.Build("Sum", "Columns of the share.", first.Shape.Rows, Split.Columns,
            [.. clear, new Remark("Row by row, in order."), new Loop(gather is null ? "row" : "text", 0, rows, [.. row]), .. finish]);

        Expression Of(Value value)
        {
            switch (value.Operator)
            {
                case Multiply when kernel.Values.Contains(value):
                    return Of(value.Inputs[0]) * Of(value.Inputs[1]);
                case Standardize when kernel.Values.Contains(value):
                    operands.Statistics(value.Inputs[1]);
                    return (Row(value.Inputs[0], "x") - "mean") * "rstd";
                case FirstTokens when kernel.Values.Contains(value):
                    return Row(value.Inputs[0], "dy");
                default:
                    return Row(value, "dy");
            }
        }

        Expression Row(Value value, string name) => new Expression.Load(operands.Row(value, name) + start + "column");

        static Statement AtToken(Statement statement) =>
            statement is LetRow { Row.Offset: Index.Binary { Right: Index stride } } pointer ? pointer with { Row = new Address(pointer.Row.Pointer, (Index)"token" * stride) } : statement;
    }

    /// <summary>The row of each token, added to the row that it looked up; a row that many looked up is a sum in the order of the tokens.</summary>
    public TileCall Lower(ScatterKernel kernel)
    {
        CallBuilder call = new(layouts);
        int columnCount = kernel.Table.Shape.Columns;
        bool isExact = columnCount % Lanes != 0;
        (Index start, Index end) = call.ShareColumns("column", Index.Named("Columns", columnCount), Lanes);
        Address dy = call.Read("dy", kernel.Gradient, null);
        Index dyStride = Index.Named("DyStride", layouts.RowStride(kernel.Gradient));
        InputKind ids = ((Input)kernel.Ids.Operator).Kind;
        string? source = ids switch
        {
            InputKind.InputIds => call.Integers("ids", PassField.InputIds, "[tokens] i32 in"),
            InputKind.TokenTypeIds => call.Integers("ids", PassField.TokenTypeIds, "[tokens] i32 in"),
            InputKind.Positions => null,
            _ => throw new NotSupportedException($"{ids} are no ids."),
        };
        Address table = call.Gradient("table", new PackedWeight(kernel.Name, [kernel.Table], PackedWeightOrder.Table));
        Index tableStride = Index.Named("TableStride", PackedWeights.TableStride(kernel.Table));
        Statement[] Add(Index id) =>
        [
            new LetRow("source", dy + (Index)"row" * dyStride + start),
            new LetRow("target", table + id * tableStride + start),
            new Map("column", "columns", new Address("target", 0), RowProgram.Element(new Address("target", 0)) + RowProgram.Element(new Address("source", 0)), isExact),
        ];
        Statement loop;
        if (source is not null)
        {
            loop = new Loop("row", 0, call.RowCount(Axis.Tokens), [new LetElement("id", source, "row"), .. Add("id")]);
        }
        else
        {
            string textOffsets = call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in");
            loop = new Loop("text", 0, call.Count("textCount", PassField.TextCount),
            [
                new LetElement("first", textOffsets, "text"),
                new LetElement("end", textOffsets, (Index)"text" + 1),
                new Loop("row", "first", "end", [.. Add(new Index.Binary('-', "row", "first"))]),
            ]);
        }

        return call.Build("Add", "Columns of the share.", Axis.Tokens, Split.Columns, [new Let("columns", (Index)end - start), loop]);
    }

    /// <summary>Zeros in every row.</summary>
    public TileCall Lower(ClearKernel kernel)
    {
        CallBuilder call = new(layouts);
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        Value value = kernel.Outputs[0];
        Address y = call.Write("y", value, Split.Rows);
        Index stride = Index.Named("YStride", layouts.RowStride(value));
        return call.Build("Clear", "Rows of the share.", value.Shape.Rows, Split.Rows, [new Loop("row", rowStart, rowEnd, [new Fill(y + (Index)"row" * stride, stride, 0)])]);
    }
}
