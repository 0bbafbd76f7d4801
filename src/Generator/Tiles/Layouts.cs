using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>Where values lie: in the arena with padded rows, head by head, or in the caller's memory.</summary>
/// <param name="graph">The graph of the values.</param>
/// <param name="weights">The weights of inference, which training shares; null in inference.</param>
internal sealed class Layouts(Graph graph, TrainedWeights? weights = null)
{
    private readonly HashSet<Value> _read = [];

    /// <summary>The result that a value is and nothing else: it is written to the caller's memory alone.</summary>
    public GraphOutput? DirectResult(Value value) =>
        !IsTraining && graph.ConsumersOf(value).Count == 0 && graph.Outputs.Count(output => output.Value == value) == 1
            ? graph.Outputs.FirstOrDefault(output => output.Value == value && output.Kind == OutputKind.Head)
            : null;

    /// <summary>Results that also stay in the arena: they are copied out when asked for.</summary>
    public IEnumerable<GraphOutput> CopiedResults => graph.Outputs.Where(output => DirectResult(output.Value) is null);

    /// <summary>Results stay in the arena, and what the backward pass reads does too.</summary>
    public bool IsTraining => weights is not null;

    /// <summary>The weight as inference packs it: training reads the same memory.</summary>
    public PackedWeight PackedAs(PackedWeight weight) => weights is null ? weight : weights.Find(weight);

    /// <summary>The table that holds a product's weight row by row too, which need not be transposed; or null.</summary>
    public PackedWeight? TableOf(Value weight) => weights?.TableOf(weight);

    /// <summary>Takes note of a value that a kernel reads from memory; kernels are lowered from the last to the first.</summary>
    public void NoteRead(Value value)
    {
        if (IsTraining)
        {
            _read.Add(value);
        }
    }

    /// <summary>Whether a kernel that comes later reads the value from memory.</summary>
    public bool IsReadLater(Value value) => _read.Contains(value);

    /// <summary>The statistics of <paramref name="x"/>'s rows that a later kernel reads, or null.</summary>
    public Value? StatisticsReadLater(Value x) => _read.FirstOrDefault(value => value.Operator is RowStatistics && value.Inputs[0] == x);

    public Operand OperandOf(Value value) =>
        value.Operator is Input { Kind: InputKind.Vectors } ? new Operand.Pass(PassField.Vectors)
        : DirectResult(value) is GraphOutput result ? new Operand.Result(result)
        : new Operand.Buffer(value);

    /// <summary>Floats between two rows.</summary>
    public int RowStride(Value value) =>
        value.Operator is Input || DirectResult(value) is not null ? value.Shape.Columns
        : value.Shape.Rank == 3 ? PaddedHeadSize(value)
        : value.Operator is RowStatistics ? RowStatistics.Columns
        : Schedule.RowStride(value.Shape.Columns);

    /// <summary>Nothing may be written behind the end of a row.</summary>
    public bool IsExact(Value value) => DirectResult(value) is not null && value.Shape.Columns % 16 != 0;

    public static int PaddedHeadSize(Value value) => (value.Shape.Columns + 15) / 16 * 16;

    /// <summary>Floats in the arena for each item of the value's free axis.</summary>
    public long FloatsPerRow(Value value) =>
        value.Operator is TransposeWeights ? (value.Shape.Dimensions[0].Size + 15L) / 16 * 16 * ((value.Shape.Columns + 15) / 16 * 16)
        : value.Shape.Rank == 3 ? (long)value.Shape.Dimensions[0].Size * PaddedHeadSize(value) : RowStride(value);
}
