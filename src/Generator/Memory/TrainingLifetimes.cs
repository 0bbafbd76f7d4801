using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Memory;

/// <summary>First and last step of each value of a training pass; a step is a kernel, and a loop's body stands for all its turns.</summary>
internal static class TrainingLifetimes
{
    public static Dictionary<Value, (int First, int Last)> Of(TrainingTilePlan tiles)
    {
        Dictionary<Value, (int First, int Last)> lives = [];
        int step = 0;
        foreach (TileKernel kernel in tiles.All)
        {
            foreach (Operand.Buffer buffer in kernel.Calls.SelectMany(call => call.Arguments).OfType<Operand.Buffer>())
            {
                Extend(buffer.Value, step);
            }

            step++;
        }

        int forward = tiles.Before.Length;
        int heads = forward + tiles.Forward.Length;
        int backward = heads + tiles.Heads.Length;
        int after = backward + tiles.Backward.Length;

        // What comes from before a loop is read in each of its turns.
        foreach (Value value in lives.Keys.ToArray())
        {
            (int first, int last) = lives[value];
            if (first < forward && last >= forward && last < heads)
            {
                Extend(value, heads - 1);
            }
            else if (first < backward && last >= backward && last < after)
            {
                Extend(value, after - 1);
            }
        }

        // The gradient of the hidden states is there from the heads to the embeddings, in whatever name.
        if (tiles.Kernels.Backward is LayerLoop loop)
        {
            Extend(loop.Result, backward);
            Extend(loop.CarriedIn, backward);
            Extend(loop.CarriedIn, after - 1);
            Extend(loop.CarriedOut, backward);
            Extend(loop.CarriedOut, after - 1);
        }

        if (tiles.Kernels.Forward is LayerLoop hidden)
        {
            Extend(hidden.Result, heads - 1);
        }

        return lives;

        void Extend(Value value, int to) =>
            lives[value] = lives.TryGetValue(value, out (int First, int Last) life) ? (Math.Min(life.First, to), Math.Max(life.Last, to)) : (to, to);
    }
}
