using System.Text;

namespace BertGen.Generator.Tiles;

/// <summary>Tiles as text of no target.</summary>
internal static class TileDump
{
    public static string Write(IEnumerable<TileKernel> kernels)
    {
        StringBuilder text = new();
        foreach (TileKernel kernel in kernels)
        {
            text.Append($"{kernel.Kernel.Name}{(kernel.Name == kernel.Kernel.Name ? "" : $" = {kernel.Name}")}\n");
            if (kernel.IsClass)
            {
                text.Append(Write(kernel));
            }
        }

        return text.ToString();
    }

    /// <summary>The functions of a kernel; equal for kernels that one class can serve.</summary>
    public static string Write(TileKernel kernel)
    {
        StringBuilder text = new();
        foreach (TileCall call in kernel.Calls)
        {
            string parameters = string.Join(", ", call.Function.Parameters.Select(parameter => parameter.Name));
            text.Append($"  {call.Function.Name}({parameters}) over {call.Function.Rows}, divided by {call.Split}\n");
            Write(text, call.Function.Body, 2);
        }

        return text.ToString();
    }

    private static void Write(StringBuilder text, IEnumerable<Statement> statements, int level)
    {
        foreach (Statement statement in statements)
        {
            text.Append(' ', 2 * level).Append(Line(statement)).Append('\n');
            if (statement is Loop loop)
            {
                Write(text, loop.Body, level + 1);
            }
            else if (statement is BlockLoop blocks)
            {
                Write(text, blocks.Body, level + 1);
            }
            else if (statement is Unless unless)
            {
                Write(text, unless.Body, level + 1);
            }
            else if (statement is WhenGiven given)
            {
                Write(text, given.Body, level + 1);
            }
        }
    }

    private static string Line(Statement statement) => statement switch
    {
        Remark remark => $"# {remark.Text}",
        Let let => $"{let.Name} = {let.Value}",
        LetElement element => $"{element.Name} = {element.Pointer}[{element.Offset}]",
        LetRow row => $"{row.Name} = &{row.Row}",
        SelectRow select => $"{select.Name} = {select.Selector} is 0 ? &{select.First} : &{select.Other}",
        Loop loop => $"for {loop.Variable} in [{loop.Start}, {loop.End})",
        Unless unless => $"unless {unless.Value} is {unless.Other}",
        BlockLoop blocks => $"for {blocks.Count} from {blocks.Variable} in [{blocks.Start}, {blocks.End}) by {(blocks.Even ? "even " : "")}{blocks.Step}",
        ProductTile product => $"product {product.Rows} x {product.Columns} x {product.Inner}: {product.C} stride {product.CStride} = {product.A} stride {product.AStride} · {product.B} strides {product.BRowStride}, {product.BPanelStride} + {product.Bias}",
        ProductAddTile product => $"product {product.Rows} x {product.Columns} x {product.Inner}: {product.C} stride {product.CStride} += {product.A} stride {product.AStride} · {product.B} strides {product.BRowStride}, {product.BPanelStride}",
        TransposeTile transpose => $"{transpose.Target} stride {transpose.TargetStride} = transpose {transpose.Source} stride {transpose.SourceStride}, {transpose.Rows} x {transpose.Columns}",
        TransposePanels transpose => $"panels {transpose.Transposed} [{transpose.Start}, {transpose.End}) = transpose panels {transpose.Panels}, {transpose.Outputs} x {transpose.Inputs}",
        DropoutRow dropout => $"dropout {dropout.Row} < {dropout.Columns}: row {dropout.Number} of {dropout.Names.Site}{(dropout.Place is Index.Number { Value: 0 } ? "" : $" + {dropout.Place}")}, {dropout.Names.Rate}",
        WhenGiven given => $"where {given.Pointer} is given",
        TransposeToPanels transpose => $"panels {transpose.Panels} = transpose {transpose.Source}, {transpose.Rows} x {transpose.Columns}, stride {transpose.Stride}",
        Reduce reduce => $"{reduce.Name} = {reduce.Kind.ToString().ToLowerInvariant()} over {reduce.Column} < {reduce.Length}: {reduce.Value}",
        Define define => $"{define.Name} = {define.Value}",
        DefineCount count => $"{count.Name} = number of {count.Value}",
        Map map => $"map {map.Column} < {map.Length}{(map.IsExact ? " exactly" : "")}: {map.Destination + map.Column} = {map.Value}{(map.Sum is null ? "" : $", {map.Sum} = their sum")}",
        Copy copy => $"copy {copy.Count}: {copy.Destination} = {copy.Source}",
        Fill fill => $"fill {fill.Count}: {fill.Destination} = {SignedNumber(fill.Value)}",
        StoreNumber store => $"{store.Destination} = {store.Name}",
        LoadNumber load => $"{load.Name} = {load.Source}",
        _ => throw new NotSupportedException($"{statement.GetType().Name} has no text."),
    };

    private static string SignedNumber(double value) => double.IsNegativeInfinity(value) ? "-infinity" : value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
