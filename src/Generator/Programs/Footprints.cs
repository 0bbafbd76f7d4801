using System.Runtime.CompilerServices;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Operators;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Programs;

/// <summary>The floats that one access of a call touches, worker by worker, in a pass of an example's size.</summary>
/// <param name="value">The value whose memory it is.</param>
/// <param name="isWrite">Written rather than read.</param>
/// <param name="workers">For each worker ascending ranges [start, end).</param>
internal sealed class Footprint(Value value, bool isWrite, (long Start, long End)[][] workers)
{
    public Value Value { get; } = value;

    private bool IsWrite { get; } = isWrite;

    private (long Start, long End)[][] Workers { get; } = workers;

    /// <summary>Whether a worker touches what another one writes, or writes what another one touches.</summary>
    public bool Meets(Footprint other)
    {
        if (!(IsWrite || other.IsWrite))
        {
            return false;
        }

        for (int mine = 0; mine < Workers.Length; mine++)
        {
            for (int theirs = 0; theirs < other.Workers.Length; theirs++)
            {
                if (mine != theirs && Overlap(Workers[mine], other.Workers[theirs]))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool Overlap((long Start, long End)[] left, (long Start, long End)[] right)
    {
        for (int i = 0, j = 0; i < left.Length && j < right.Length;)
        {
            if (left[i].Start < right[j].End && right[j].Start < left[i].End)
            {
                return true;
            }

            _ = left[i].End <= right[j].End ? i++ : j++;
        }

        return false;
    }
}

/// <summary>Computes footprints from the layout and the shares alone: it knows nothing of how barriers were placed.</summary>
internal sealed class Footprints(Graph graph, Layouts layouts, MemoryPlan memory)
{
    // No count divides by the team, so that the shares of two axes never agree by chance.
    private const int Team = 3;
    private const int Tokens = 37;
    private const int Texts = 5;
    private const int Selected = 7;

    // By identity: calls are deep records, dear to compare.
    private readonly ConditionalWeakTable<Step.Call, Footprint[]> _known = new();

    public Footprint[] Of(Step.Call call) =>
        _known.GetValue(call, call => call.Tile.Accesses.Where(access => access.Value.Operator is not Operators.Input).Select(access => Of(call, access)).ToArray());

    private Footprint Of(Step.Call call, Access access)
    {
        Value value = access.Value;
        (long start, long stride) = Place(value);
        int rows = value.Operator is TransposeWeights ? 0 : CountOf(value.Shape.Rank == 3 ? value.Shape.Dimensions[1].Axis : value.Shape.Rows);
        int columns = value.Shape.Columns;
        bool isWhole = access.Own is null || (call.Split == Split.Columns && !access.IsWrite);
        (long, long)[][] workers = new (long, long)[Team][];
        for (int worker = 0; worker < Team; worker++)
        {
            (int From, int To) Share(int total, int step = 1) => ShareOf(worker, total, step);
            workers[worker] = value.Operator is TransposeWeights ? Panels(value, start, access.Own is null ? (0, int.MaxValue) : Share(value.Shape.Dimensions[0].Size, 16))
                : isWhole ? All(value, start, stride, rows) : (call.Split, access.Own) switch
            {
                (Split.Columns, Split.Rows) => Columns(start, stride, rows, Share((columns + 15) / 16 * 16, 16)),
                (Split.Rows, Split.Rows) when value.Shape.Rank == 2 => Rows(start, stride, Share(CountOf(call.Tile.Function.Rows))),
                (Split.Heads, Split.Heads) when value.Shape.Rank == 3 => Rows(start, stride * rows, Share(value.Shape.Dimensions[0].Size)),
                (Split.Heads, Split.Heads) => Columns(start, stride, rows, Times(Share(HeadsOf(call)), columns / HeadsOf(call))),
                _ => throw new NotSupportedException($"{call.Kernel.Kernel.Name}: {value} is cut by {access.Own} in a call cut by {call.Split}."),
            };
        }

        return new Footprint(value, access.IsWrite, workers);
    }

    /// <summary>First float and floats from row to row: in the arena, or in the caller's memory far behind it.</summary>
    private (long Start, long Stride) Place(Value value)
    {
        long stride = layouts.RowStride(value);
        if (memory.Activations.TryGetValue(value, out Placement? place))
        {
            long texts = memory.PerToken * Room(Tokens);
            return (place.Axis switch
            {
                Axis.Tokens => 0,
                Axis.Texts => texts,
                Axis.Selected => texts + memory.PerText * Room(Texts),
                Axis.Constant => texts + memory.PerText * Room(Texts) + memory.PerSelected * Room(Selected),
                _ => throw new NotSupportedException($"{place.Axis} has no region."),
            } + place.Offset * (place.Axis == Axis.Constant ? 1 : Room(CountOf(place.Axis))), stride);
        }

        // 2⁴⁰ floats apart: no two results share memory.
        return ((long)(graph.IdOf(value) + 1) << 40, stride);
    }

    /// <summary>Transposed weights: 16 inputs with all their outputs lie together.</summary>
    private static (long, long)[] Panels(Value value, long start, (int From, int To) share)
    {
        long outputs = Room(value.Shape.Columns);
        long inputs = Room(value.Shape.Dimensions[0].Size);
        return share.From == share.To ? [] : [(start + share.From * outputs, start + Math.Min(share.To, inputs) * outputs)];
    }

    private static (long, long)[] All(Value value, long start, long stride, int rows) =>
        [(start, start + stride * rows * (value.Shape.Rank == 3 ? value.Shape.Dimensions[0].Size : 1))];

    private static (long, long)[] Rows(long start, long stride, (int From, int To) share) =>
        share.From == share.To ? [] : [(start + share.From * stride, start + share.To * stride)];

    private static (long, long)[] Columns(long start, long stride, int rows, (int From, int To) share) =>
        share.From == share.To ? [] : Enumerable.Range(0, rows).Select(row => (start + row * stride + share.From, start + row * stride + share.To)).ToArray();

    private static (int, int) Times((int From, int To) share, int size) => (share.From * size, share.To * size);

    private static int HeadsOf(Step.Call call) => call.Tile.Accesses.Select(access => access.Value.Shape).First(shape => shape.Rank == 3).Dimensions[0].Size;

    /// <summary>A worker's part, as the runtime's own <c>Worker.Share</c> cuts it.</summary>
    private static (int From, int To) ShareOf(int rank, int total, int step)
    {
        int steps = (total + step - 1) / step;
        return (Math.Min(steps * rank / Team * step, total), Math.Min(steps * (rank + 1) / Team * step, total));
    }

    private static int CountOf(Axis axis) => axis switch
    {
        Axis.Tokens => Tokens,
        Axis.Vectors => Tokens - Texts,
        Axis.Texts => Texts,
        Axis.Selected => Selected,
        _ => throw new NotSupportedException($"{axis} is no axis of rows."),
    };

    private static long Room(int count) => (count + 15) / 16 * 16;
}
