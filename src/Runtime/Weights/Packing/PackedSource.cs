using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>Where one published tensor lies in the weight arena: its outputs (or rows) in units that are contiguous there.</summary>
/// <remarks>
/// A panel order is [outputs / 16][inputs][16], group by group and within a group source by source, each source's share padded to 16 outputs.
/// A vector is the same with one input. A table keeps its rows, each padded to the row stride. A unit is a panel or a row.
/// </remarks>
internal sealed class PackedSource
{
    private readonly PackedTensor _tensor;
    private readonly int _outputsPerGroup;
    private readonly int _panelsPerGroup;
    private readonly long _groupPanels;
    private readonly long _firstPanel;

    private PackedSource(PackedTensor tensor, int outputs, int inputs, int outputsPerGroup, long groupPanels, long firstPanel)
    {
        _tensor = tensor;
        Outputs = outputs;
        Inputs = inputs;
        _outputsPerGroup = outputsPerGroup;
        _panelsPerGroup = PackedPanels.RoundUp(outputsPerGroup) / PackedPanels.Width;
        _groupPanels = groupPanels;
        _firstPanel = firstPanel;
    }

    /// <summary>The packed tensor that it is a source of.</summary>
    public PackedTensor Tensor => _tensor;

    /// <summary>Rows of the published matrix: outputs of a product, entries of a vector, rows of a table.</summary>
    public int Outputs { get; }

    /// <summary>Columns of the published matrix; 1 for a vector.</summary>
    public int Inputs { get; }

    /// <summary>True where a unit is one row that is stored as it is.</summary>
    public bool IsTable => _tensor.Order == PackedOrder.Table;

    /// <summary>Number of panels or rows.</summary>
    public int Units => IsTable ? Outputs : _tensor.Groups * _panelsPerGroup;

    /// <summary>Most published rows in a unit.</summary>
    public int RowsInUnit => IsTable ? 1 : Math.Min(PackedPanels.Width, _outputsPerGroup);

    /// <summary>The published rows of a unit and its place in the arena, in floats.</summary>
    public (int Row, int Rows, long Place) Unit(int unit)
    {
        if (IsTable)
        {
            return (unit, 1, _tensor.Offset + (long)unit * _tensor.RowStride);
        }

        (int group, int panel) = Math.DivRem(unit, _panelsPerGroup);
        int rowInGroup = panel * PackedPanels.Width;
        long place = (group * _groupPanels + _firstPanel + panel) * Inputs * PackedPanels.Width;
        return (group * _outputsPerGroup + rowInGroup, Math.Min(PackedPanels.Width, _outputsPerGroup - rowInGroup), _tensor.Offset + place);
    }

    /// <summary>Where a published row begins in the arena, in floats, and how far apart its elements are.</summary>
    public (long Place, int Stride) Row(int row)
    {
        if (IsTable)
        {
            return (_tensor.Offset + (long)row * _tensor.RowStride, 1);
        }

        (int group, int rowInGroup) = Math.DivRem(row, _outputsPerGroup);
        (int panel, int column) = Math.DivRem(rowInGroup, PackedPanels.Width);
        return (Unit(group * _panelsPerGroup + panel).Place + column, PackedPanels.Width);
    }

    /// <summary>The places of all sources of a packed tensor, in the order of its sources.</summary>
    /// <param name="tensor">The packed tensor.</param>
    /// <param name="shapes">Published shapes of its sources.</param>
    /// <param name="arenaFloats">Length of the arena, which nothing may pass.</param>
    /// <exception cref="InvalidOperationException">The compiled definition contradicts itself.</exception>
    public static PackedSource[] Of(PackedTensor tensor, IReadOnlyList<int[]> shapes, long arenaFloats)
    {
        var sources = new PackedSource[shapes.Count];
        long floats = tensor.Order == PackedOrder.Table ? PlaceTable(tensor, shapes, sources) : PlacePanels(tensor, shapes, sources);
        if (floats > tensor.Floats || tensor.Offset % PackedPanels.Width != 0 || tensor.Offset < 0 || tensor.Offset + tensor.Floats > arenaFloats)
        {
            throw Contradiction(tensor, $"needs {floats} floats at a multiple of {PackedPanels.Width} within {arenaFloats}, but has {tensor.Floats} at {tensor.Offset}");
        }

        return sources;
    }

    private static long PlaceTable(PackedTensor tensor, IReadOnlyList<int[]> shapes, PackedSource[] sources)
    {
        int[] shape = shapes[0];
        int columns = shape.Length == 0 ? 1 : shape[^1];
        int rows = 1;
        for (int i = 0; i < shape.Length - 1; i++)
        {
            rows = checked(rows * shape[i]);
        }

        if (shapes.Count != 1 || tensor.Groups != 1 || tensor.RowStride < columns)
        {
            throw Contradiction(tensor, $"is a table with {shapes.Count} sources, {tensor.Groups} groups and a row stride of {tensor.RowStride} for {columns} columns");
        }

        sources[0] = new PackedSource(tensor, rows, columns, 1, 0, 0);
        return (long)rows * tensor.RowStride;
    }

    private static long PlacePanels(PackedTensor tensor, IReadOnlyList<int[]> shapes, PackedSource[] sources)
    {
        int inputs = 0;
        long groupPanels = 0;
        for (int pass = 0; pass < 2; pass++)
        {
            // The first pass finds the length of a group, the second places the sources in it.
            long panels = 0;
            for (int i = 0; i < shapes.Count; i++)
            {
                (int outputs, int sourceInputs) = Matrix(tensor, shapes[i]);
                if (outputs % tensor.Groups != 0 || (i > 0 && sourceInputs != inputs))
                {
                    throw Contradiction(tensor, $"has sources that do not fit together in {tensor.Groups} groups");
                }

                inputs = sourceInputs;
                int outputsPerGroup = outputs / tensor.Groups;
                if (pass == 1)
                {
                    sources[i] = new PackedSource(tensor, outputs, inputs, outputsPerGroup, groupPanels, panels);
                }

                panels += PackedPanels.RoundUp(outputsPerGroup) / PackedPanels.Width;
            }

            groupPanels = panels;
        }

        return groupPanels * tensor.Groups * inputs * PackedPanels.Width;
    }

    private static (int Outputs, int Inputs) Matrix(PackedTensor tensor, int[] shape) => (tensor.Order, shape) switch
    {
        (PackedOrder.Panels, [int outputs, int inputs]) => (outputs, inputs),
        (PackedOrder.Vector, [int outputs]) => (outputs, 1),
        _ => throw Contradiction(tensor, $"is stored as {tensor.Order}, which does not go with {shape.Length} dimensions"),
    };

    private static InvalidOperationException Contradiction(PackedTensor tensor, string what) =>
        new($"The compiled model is inconsistent: the packed tensor of '{tensor.Sources[0]}' {what}.");
}
