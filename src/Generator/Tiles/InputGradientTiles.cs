using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>dx = dy · W with what follows, and the transposed panels of W that it reads.</summary>
internal sealed class InputGradientTiles(Layouts layouts, Schedule schedule)
{
    private const int Lanes = 16;
    private static readonly Index TileColumns = new Index.TileColumns();

    /// <summary>The transpose of a weight in panels; nothing where the model holds the weight row by row too.</summary>
    public ImmutableArray<TileCall> Lower(TransposeKernel kernel)
    {
        if (TableOf(kernel.Weights) is not null)
        {
            return [];
        }

        CallBuilder call = new(layouts);
        Value transposed = kernel.Outputs[0];
        int inputs = kernel.Weights[0].Shape.Columns;
        (Index start, Index end) = call.ShareColumns("panel", Index.Named("InputPanels", (inputs + Lanes - 1) / Lanes), 1);
        Address panels = call.Weight("weight", new PackedWeight(kernel.Name, kernel.Weights, PackedWeightOrder.Panels, Math.Max(1, kernel.Heads)));
        Address y = call.Write("y", transposed, Split.Columns);
        return
        [
            call.Build("Transpose", "Panels of the share.", Axis.Constant, Split.Columns,
                [new TransposePanels(start, end, Index.Named("PaddedOutputs", Padded(transposed.Shape.Columns)), Index.Named("Inputs", inputs), panels, y)]),
        ];
    }

    public TileCall Lower(InputGradientKernel kernel)
    {
        CallBuilder call = new(layouts);
        Value linear = kernel.Values.First(value => value.Operator is Linear);
        Value last = kernel.Epilogue.Length > 0 ? kernel.Epilogue[kernel.Epilogue.Length - 1] : linear;
        int inputs = linear.Shape.Columns;
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        Address dy = call.Read("dy", kernel.Source, Split.Rows);
        Index dyStride = Index.Named("DyStride", layouts.RowStride(kernel.Source));
        Address zeros = call.Scratch("zeros", schedule.MostTileColumns);

        // Where the result is added to, or a row must be whole, it waits in scratch.
        bool isApart = kernel.AddsTo is not null || kernel.Epilogue.Any(value => value.Operator is Dropout);
        int rowBlock = schedule.MostRows;
        Index yStride = Index.Named("YStride", Schedule.RowStride(inputs));
        Address y = call.Write("y", kernel.Outputs[0], kernel.Spread is null ? Split.Rows : null);
        Address rows = isApart ? call.Scratch("dx", (long)rowBlock * Schedule.RowStride(inputs)) : y + (Index)"row" * yStride;

        List<Statement> onTile = [Product(call, kernel, dy + (Index)"row" * dyStride, dyStride, zeros, rows + "column", yStride)];
        List<Statement> whole = [];
        if (!isApart && kernel.Epilogue.Length > 0)
        {
            onTile.Add(new Loop("i", 0, "rows", [.. OnTile(call, kernel, rows, yStride)]));
        }
        else if (isApart)
        {
            whole.Add(new Loop("i", 0, "rows", [.. OnRow(call, kernel, linear, last, rows, y, yStride)]));
        }

        return call.Build("Product", "Rows of the share.", linear.Shape.Rows, Split.Rows,
        [
            new Fill(zeros, schedule.MostTileColumns, 0),
            new BlockLoop("row", "rows", rowStart, rowEnd, Index.Named("RowBlock", rowBlock), Even: true,
            [
                new BlockLoop("column", "columns", 0, Index.Named("PaddedInputs", Padded(inputs)), TileColumns, Even: false, [.. onTile]),
                .. whole,
            ]),
        ]);
    }

    private ProductTile Product(CallBuilder call, InputGradientKernel kernel, Address dy, Index dyStride, Address zeros, Address dx, Index dxStride)
    {
        Index outputs = Index.Named("Outputs", kernel.Source.Shape.Columns);
        if (TableOf(kernel.Transposed.Inputs) is PackedWeight table)
        {
            // Row by row is the order in which this product reads: a panel is 16 columns of the table.
            Index tableStride = Index.Named("TableStride", PackedWeights.TableStride(table.Sources[0]));
            return new ProductTile("rows", "columns", outputs, dy, dyStride, call.Weight("table", table) + "column", tableStride, Lanes, zeros, dx, dxStride);
        }

        Index padded = Index.Named("PaddedOutputs", Padded(kernel.Source.Shape.Columns));
        Address transposed = call.Read("transposed", kernel.Transposed, null);
        return new ProductTile("rows", "columns", outputs, dy, dyStride, transposed + (Index)"column" * padded, Lanes, (Index)Lanes * padded, zeros, dx, dxStride);
    }

    private PackedWeight? TableOf(ImmutableArray<Value> weights) => weights is [Value weight] ? layouts.TableOf(weight) : null;

    /// <summary>What follows, element by element on the tile that the product left.</summary>
    private IEnumerable<Statement> OnTile(CallBuilder call, InputGradientKernel kernel, Address rows, Index stride)
    {
        yield return new LetRow("source", rows + (Index)"i" * stride + "column");
        Expression element = new Expression.Load(new Address("source", "j"));
        foreach (Value value in kernel.Epilogue)
        {
            (string name, Value read) = Operand(value);
            Index readStride = Index.Named($"{char.ToUpperInvariant(name[0])}{name.Substring(1)}Stride", layouts.RowStride(read));
            yield return new LetRow($"{name}Row", call.Read(name, read, Split.Rows) + ((Index)"row" + "i") * readStride + "column");
            element = Apply(value, element, new Expression.Load(new Address($"{name}Row", "j")));
        }

        yield return new Map("j", "columns", new Address("source", 0), element);
    }

    /// <summary>What follows, on whole rows in scratch, and their way to where they belong.</summary>
    private IEnumerable<Statement> OnRow(CallBuilder call, InputGradientKernel kernel, Value linear, Value last, Address rows, Address y, Index stride)
    {
        Index inputs = Index.Named("Inputs", linear.Shape.Columns);
        Address source = new("source", 0);
        yield return new LetRow("source", rows + (Index)"i" * stride);
        Expression element = new Expression.Load(source + "j");
        foreach (Value value in kernel.Epilogue)
        {
            if (value.Operator is Dropout)
            {
                if (element != new Expression.Load(source + "j"))
                {
                    yield return new Map("j", inputs, source, element);
                    element = new Expression.Load(source + "j");
                }

                (DropoutNames names, Index number) = call.Dropout(value, value.Shape.Rows, (Index)"row" + "i");
                yield return new DropoutRow(source, inputs, names, 0, number);
                continue;
            }

            (string name, Value read) = Operand(value);
            Index readStride = Index.Named($"{char.ToUpperInvariant(name[0])}{name.Substring(1)}Stride", layouts.RowStride(read));
            yield return new LetRow($"{name}Row", call.Read(name, read, Split.Rows) + ((Index)"row" + "i") * readStride);
            element = Apply(value, element, new Expression.Load(new Address($"{name}Row", "j")));
        }

        Index row = (Index)"row" + "i";
        if (kernel.Spread is not null)
        {
            string places = last.Shape.Rows == Axis.Texts
                ? call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in")
                : call.Integers("selectedTokens", PassField.SelectedTokens, "[selected] i32 in");
            yield return new LetElement("token", places, row);
            row = "token";
        }

        yield return new LetRow("target", y + row * stride);
        Expression sum = kernel.AddsTo is null ? element : new Expression.Load(new Address("target", "j")) + element;
        yield return new Map("j", inputs, new Address("target", 0), sum);
    }

    /// <summary>The other operand of a sum or of a product with a derivative.</summary>
    private static (string Name, Value Read) Operand(Value value) => value switch
    {
        { Operator: Add, Inputs: [_, Value other] } => ("other", other),
        { Operator: Multiply, Inputs: [_, { Operator: ActivateDerivative } derivative] } => ("argument", derivative.Inputs[0]),
        _ => throw new NotSupportedException($"{value} cannot follow a product."),
    };

    private static Expression Apply(Value value, Expression element, Expression operand) => value.Operator switch
    {
        Add => element + operand,
        _ => element * Functions.Derivative(((ActivateDerivative)value.Inputs[1].Operator).Function, operand),
    };

    private static int Padded(int columns) => (columns + Lanes - 1) / Lanes * Lanes;
}
