using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Memory;

/// <summary>Lifetimes and places of the values that stay in the arena.</summary>
internal static class Activations
{
    public static ImmutableDictionary<Value, Placement> Place(TilePlan tiles)
    {
        Dictionary<Value, (int First, int Last)> lives = Lifetimes(tiles);
        LayerLoop? loop = tiles.Kernels.Layers;
        if (loop is not null && lives[loop.CarriedIn].Last >= lives[loop.CarriedOut].First)
        {
            throw new NotSupportedException("A layer still reads its input when it writes its output: they cannot share a place.");
        }

        ImmutableDictionary<Value, Placement>.Builder placed = ImmutableDictionary.CreateBuilder<Value, Placement>();
        foreach (Value value in lives.Keys.Where(value => value != loop?.CarriedOut).OrderByDescending(tiles.Layouts.FloatsPerRow).ThenBy(value => lives[value].First).ThenBy(tiles.Kernels.Graph.IdOf))
        {
            // The next layer reads where this one leaves its output: one place, whose two values never meet.
            Value[] members = value == loop?.CarriedIn ? [value, loop.CarriedOut] : [value];
            long floats = tiles.Layouts.FloatsPerRow(value);
            Axis axis = AxisOf(value);
            long offset = 0;
            foreach (Placement other in placed.Values.Where(other => other.Axis == axis && members.Any(member => lives[member].First <= other.Last && other.First <= lives[member].Last)).OrderBy(other => other.Offset))
            {
                if (offset + floats <= other.Offset)
                {
                    break;
                }

                offset = Math.Max(offset, other.Offset + other.Floats);
            }

            foreach (Value member in members)
            {
                placed.Add(member, new Placement(member, axis, offset, floats, lives[member].First, lives[member].Last, member == value ? null : value));
            }
        }

        // The last layer's output lies where every layer's does.
        if (loop is not null && loop.Result != loop.CarriedOut)
        {
            placed[loop.Result] = placed[loop.CarriedOut];
        }

        return placed.ToImmutable();
    }

    /// <summary>What a value has rows for; input vectors count as tokens, of which there are more.</summary>
    public static Axis AxisOf(Value value)
    {
        Axis axis = value.Shape.Rank == 3 ? value.Shape.Dimensions[1].Axis : value.Shape.Rows;
        return axis == Axis.Vectors ? Axis.Tokens : axis;
    }

    /// <summary>First and last step of each value; a step is a kernel.</summary>
    private static Dictionary<Value, (int First, int Last)> Lifetimes(TilePlan tiles)
    {
        Dictionary<Value, (int First, int Last)> lives = [];
        int step = 0;
        foreach (TileKernel kernel in tiles.All)
        {
            foreach (Operand.Buffer buffer in kernel.Calls.SelectMany(call => call.Arguments).OfType<Operand.Buffer>())
            {
                Value value = tiles.Kernels.Resolve(buffer.Value);
                lives[value] = lives.TryGetValue(value, out (int First, int Last) life) ? (life.First, step) : (step, step);
            }

            step++;
        }

        // The value that goes round the loop lives through all of it.
        if (tiles.Kernels.Layers is LayerLoop loop)
        {
            int end = tiles.Before.Length + tiles.Body.Length - 1;
            lives[loop.CarriedIn] = (lives[loop.CarriedIn].First, Math.Max(lives[loop.CarriedIn].Last, tiles.Before.Length));
            lives[loop.CarriedOut] = (lives[loop.CarriedOut].First, Math.Max(lives[loop.CarriedOut].Last, end));
        }

        return lives;
    }
}
