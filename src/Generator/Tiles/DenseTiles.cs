using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>Loop nests of products: blocks of rows, tiles of columns, and what is fused behind on the tile and on the row.</summary>
internal sealed class DenseTiles(Layouts layouts, Schedule schedule)
{
    private static readonly Index TileColumns = new Index.TileColumns();

    public ImmutableArray<TileCall> Lower(DenseKernel kernel)
    {
        if (kernel.Products.Any(product => product.Bias is null))
        {
            throw new NotSupportedException($"{kernel.Name}: a product without a bias has no kernel.");
        }

        return kernel.Heads > 0 ? [Heads(kernel)] : [.. Rows(kernel)];
    }

    /// <summary>Queries, keys and values: [heads][tokens][padded head size], as attention reads them.</summary>
    private TileCall Heads(DenseKernel kernel)
    {
        CallBuilder call = new(layouts);
        (Index headStart, Index headEnd) = call.Share(Split.Heads);
        Index tokens = call.Count("tokenCount", PassField.TokenCount);
        Address x = call.Read("x", kernel.Source, null);
        Address weight = call.Weight("weight", PackedWeights.Panels(kernel));
        Address bias = call.Weight("bias", PackedWeights.Bias(kernel));
        Index inner = Index.Named("Inputs", kernel.Source.Shape.Columns);
        Index padded = Index.Named("PaddedHeadSize", Layouts.PaddedHeadSize(kernel.Products[0].Output));
        Index xStride = Index.Named("XStride", layouts.RowStride(kernel.Source));

        List<Statement> parts = [];
        for (int part = 0; part < kernel.Products.Length; part++)
        {
            string name = kernel.Products[part].Output.Name ?? $"y{part}";
            Address y = call.Write(name, kernel.Products[part].Output, Split.Heads);
            Index column = ((Index)"head" * kernel.Products.Length + part) * padded + "column";
            parts.Add(new Remark($"{char.ToUpperInvariant(name[0])}{name.Substring(1)} of this head."));
            parts.Add(new BlockLoop("column", "columns", 0, padded, TileColumns, Even: false,
            [
                new ProductTile(
                    "rows", "columns", inner,
                    x + (Index)"row" * xStride, xStride,
                    weight + column * inner, 16, (Index)16 * inner,
                    bias + column,
                    y + ((Index)"head" * tokens + "row") * padded + "column", padded),
            ]));
        }

        return call.Build("Project", "All heads of the share for all tokens.", Axis.Tokens, Split.Heads,
        [
            new BlockLoop("row", "rows", 0, tokens, Index.Named("RowBlock", schedule.RowBlock(kernel.Source.Shape.Columns)), Even: true, [new Loop("head", headStart, headEnd, [.. parts])]),
        ]);
    }

    private IEnumerable<TileCall> Rows(DenseKernel kernel)
    {
        // What needs whole rows runs after all columns of a row; what comes before it runs on the tile. A residual before a
        // normalization is added there: the same pass over the row adds and sums.
        int onTile = kernel.Epilogue.TakeWhile(value => value.Operator is not (LayerNorm or Normalize or Dropout)).Count();
        if (onTile < kernel.Epilogue.Length)
        {
            onTile = kernel.Epilogue.TakeWhile(value => value.Operator is Activate).Count();
        }

        yield return Product(kernel, kernel.Epilogue.Take(onTile).ToArray());
        if (onTile < kernel.Epilogue.Length)
        {
            yield return Finish(kernel, kernel.Epilogue.Skip(onTile).ToArray());
        }
    }

    /// <summary>The result of the product and its bias, then what is fused behind.</summary>
    private static Value[] Chain(DenseKernel kernel) =>
        kernel.Epilogue.Length > 0 ? [kernel.Epilogue[0].Inputs[0], .. kernel.Epilogue] : [kernel.Outputs[0]];

    private TileCall Product(DenseKernel kernel, Value[] epilogue)
    {
        CallBuilder call = new(layouts);
        Value output = kernel.Outputs[0];
        Index inner = Index.Named("Inputs", kernel.Source.Shape.Columns);
        int rowBlock = schedule.RowBlock(kernel.Source.Shape.Columns);
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        (Index columnStart, Index columnEnd) = call.Share(Split.Columns);

        Address x = call.Read("x", kernel.Source, kernel.Gather is null ? Split.Rows : null);
        Index xStride = Index.Named("XStride", layouts.RowStride(kernel.Source));
        List<Statement> block = [];
        Address a = x + (Index)"row" * xStride;
        Index aStride = xStride;
        if (kernel.Gather is not null)
        {
            (a, aStride) = Gather(kernel.Gather, call, x, xStride, rowBlock, block);
        }

        Address weight = call.Weight("weight", PackedWeights.Panels(kernel));
        Address bias = call.Weight("bias", PackedWeights.Bias(kernel));
        Value? residual = epilogue.FirstOrDefault(value => value.Operator is Add)?.Inputs[1];
        Address? residualRows = residual is null ? null : call.Read("residual", residual, Split.Rows);

        // In training a value on the way to the result may have to stay for the backward pass.
        Value[] chain = Chain(kernel);
        RowPlaces places = new(call, layouts, chain);
        Value current = places.StaysFrom(chain[0]);
        Address y = call.Write(places.NameOf(current), current, Split.Rows);
        Index yStride = Index.Named("YStride", layouts.RowStride(output));
        bool isExact = layouts.IsExact(output);

        // A result without padding has no room for a whole tile.
        bool isApart = isExact;
        Address tile = isApart ? call.Scratch("tile", (long)rowBlock * schedule.MostTileColumns) : y + (Index)"row" * yStride + "column";
        Index tileStride = isApart ? "columns" : yStride;

        List<Statement> onTile =
        [
            new ProductTile("rows", "columns", inner, a, aStride, weight + (Index)"column" * inner, 16, (Index)16 * inner, bias + "column", tile, tileStride),
        ];
        if (isApart || epilogue.Length > 0)
        {
            List<Statement> row = [new LetRow("source", tile + (Index)"i" * tileStride)];
            Expression element = new Expression.Load(new Address("source", "j"));
            if (isApart)
            {
                row.Add(new LetRow("target", y + ((Index)"row" + "i") * yStride + "column"));
            }

            foreach (Value value in epilogue)
            {
                if (value.Operator is Add)
                {
                    row.Add(new LetRow("residualRow", residualRows! + ((Index)"row" + "i") * Index.Named("ResidualStride", layouts.RowStride(residual!)) + "column"));
                }

                element = value.Operator switch
                {
                    Activate activate => Functions.Apply(activate.Function, element),
                    Add => element + new Expression.Load(new Address("residualRow", "j")),
                    _ => throw new NotSupportedException($"{value.Operator.Name} cannot follow a product on its tile."),
                };

                if (value == epilogue[epilogue.Length - 1] || places.IsReadLater(value))
                {
                    Address target = new(isApart ? "target" : "source", 0);
                    Value stays = places.StaysFrom(value);
                    if (stays != current)
                    {
                        string name = places.NameOf(stays);
                        row.Add(new LetRow($"{name}Row", call.Write(name, stays, Split.Rows) + ((Index)"row" + "i") * yStride + "column"));
                        target = new Address($"{name}Row", 0);
                        current = stays;
                    }

                    row.Add(
                        !isExact ? new Map("j", "columns", target, element)
                        : throw new NotSupportedException($"{kernel.Name}: rows of {output.Shape.Columns} elements without padding cannot have an epilogue."));
                    element = new Expression.Load(new Address(target.Pointer, "j"));
                }
            }

            if (epilogue.Length == 0)
            {
                row.Add(new Copy(new Address("target", 0), new Address("source", 0), Index.Min("columns", Index.Named("Outputs", output.Shape.Columns) - (Index)"column")));
            }

            onTile.Add(new Loop("i", 0, "rows", [.. row]));
        }

        block.Add(new BlockLoop("column", "columns", columnStart, columnEnd, TileColumns, Even: false, [.. onTile]));
        return call.Build("Product", "Rows and columns of the share.", output.Shape.Rows, SplitOf(kernel), [new BlockLoop("row", "rows", rowStart, rowEnd, Index.Named("RowBlock", rowBlock), Even: true, [.. block])]);
    }

    /// <summary>Texts and selected tokens are few: workers stay idle unless the columns are divided.</summary>
    private static Split SplitOf(DenseKernel kernel) => kernel.Outputs[0].Shape.Rows is Axis.Texts or Axis.Selected ? Split.Columns : Split.Rows;

    private static (Address Rows, Index Stride) Gather(Value gather, CallBuilder call, Address x, Index xStride, int rowBlock, List<Statement> block)
    {
        string places = gather.Operator switch
        {
            FirstTokens => call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in"),
            SelectTokens => call.Integers("selectedTokens", PassField.SelectedTokens, "[selected] i32 in"),
            _ => throw new NotSupportedException($"{gather.Operator.Name} gathers no rows."),
        };
        Index stride = Index.Named("GatheredStride", Schedule.RowStride(gather.Shape.Columns));
        Address gathered = call.Scratch("gathered", (long)rowBlock * Schedule.RowStride(gather.Shape.Columns));
        block.Add(new Loop("i", 0, "rows",
        [
            new LetElement("token", places, (Index)"row" + "i"),
            new Copy(gathered + (Index)"i" * stride, x + (Index)"token" * xStride, Index.Named("Inputs", gather.Shape.Columns)),
        ]));
        return (gathered, stride);
    }

    private TileCall Finish(DenseKernel kernel, Value[] epilogue)
    {
        CallBuilder call = new(layouts);
        Value output = kernel.Outputs[0];
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        RowPlaces places = new(call, layouts, Chain(kernel));
        Address row = places.Of(epilogue[0].Inputs[0]);
        RowProgram program = new(call, kernel, places, Index.Named("Columns", output.Shape.Columns), layouts.IsExact(output));
        program.Define(epilogue[0].Inputs[0], RowProgram.Element(row));
        foreach (Value residual in epilogue.Where(value => value.Operator is Add).Select(value => value.Inputs[1]))
        {
            program.Append(new LetRow("residualRow", call.Read("residual", residual, Split.Rows) + (Index)"row" * Index.Named("ResidualStride", layouts.RowStride(residual))));
            program.Define(residual, RowProgram.Element(new Address("residualRow", 0)));
        }

        foreach (Value value in epilogue)
        {
            program.Apply(value);
        }

        IReadOnlyList<Statement> statements = program.Finish(epilogue[epilogue.Length - 1]);
        return call.Build(
            epilogue.Any(value => value.Operator is LayerNorm) ? "Normalize" : "Finish", layouts.IsTraining ? "Whole rows." : "Whole rows, in place.", output.Shape.Rows, Split.Rows,
            [new Loop("row", rowStart, rowEnd, [.. places.Pointers, .. statements])]);
    }
}
