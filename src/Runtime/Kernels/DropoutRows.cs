using System.Runtime.CompilerServices;
using BertGen.CompilerServices;
using BertGen.Weights;

namespace BertGen.Kernels;

/// <summary>Dropout of a row, by counter-based random bits.</summary>
/// <remarks>
/// The row is cut into blocks of 64 elements; a block has 8 counters of Philox4x32-10, so that each element gets 16 bits.
/// The counter's words are its number (8 · block + i), row number, site and step; the key is the seed.
/// Within a block, element 16 v + 4 p + l takes word 2 (v / 2) + l % 2 of counter 2 p + l / 2, its lower half where v is even, else its upper half:
/// each 128 bits of a vector serve the four elements at their own place, so that no width has to move them.
/// </remarks>
internal static unsafe class DropoutRows<T, L> where T : unmanaged where L : ILanes<T>
{
    private const int Block = 64;
    private const int CountersInBlock = 8;

    /// <inheritdoc cref="ISimd{TSelf}.Dropout"/>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(float* row, int columns, ulong seed, uint step, uint site, uint rowNumber, float rate)
    {
        if (rate == 0)
        {
            return;
        }

        T* keys = stackalloc T[2 * Philox.Rounds];
        uint k0 = (uint)seed, k1 = (uint)(seed >> 32);
        for (int round = 0; round < Philox.Rounds; round++, k0 += Philox.Weyl0, k1 += Philox.Weyl1)
        {
            keys[2 * round] = L.Broadcast(k0);
            keys[2 * round + 1] = L.Broadcast(k1);
        }

        // Kept where the bits are at least the rate's share of 65,536.
        T threshold = L.Broadcast((uint)((int)MathF.Round(rate * 65536f) - 1));
        float scale = 1 / (1 - rate);
        T c1 = L.Broadcast(rowNumber), c2 = L.Broadcast(site), c3 = L.Broadcast(step);
        int column = 0;
        uint counter = 0;
        for (; column <= columns - Block; column += Block, counter += CountersInBlock)
        {
            Drop(row + column, counter, c1, c2, c3, keys, threshold, scale);
        }

        if (column < columns)
        {
            float* last = stackalloc float[Block];
            uint bytes = (uint)(columns - column) * sizeof(float);
            Unsafe.CopyBlock(last, row + column, bytes);
            Drop(last, counter, c1, c2, c3, keys, threshold, scale);
            Unsafe.CopyBlock(row + column, last, bytes);
        }
    }

    /// <summary>One block, its counters two vectors at a time: a vector's ten rounds are a chain of waits, which the other fills.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Drop(float* values, uint counter, T c1, T c2, T c3, T* keys, T threshold, float scale)
    {
        bool isPair = L.Count < CountersInBlock;
        for (int i = 0; i < CountersInBlock; i += 2 * L.Count)
        {
            T a0 = L.Ascending(counter + (uint)i), a1 = c1, a2 = c2, a3 = c3;
            T b0 = L.Ascending(counter + (uint)(i + L.Count)), b1 = c1, b2 = c2, b3 = c3;
            for (int round = 0; round < 2 * Philox.Rounds; round += 2)
            {
                Mix(ref a0, ref a1, ref a2, ref a3, keys + round);
                if (isPair)
                {
                    Mix(ref b0, ref b1, ref b2, ref b3, keys + round);
                }
            }

            Keep(a0, a1, a2, a3, threshold, scale, values);
            if (isPair)
            {
                Keep(b0, b1, b2, b3, threshold, scale, values + 2 * L.Count);
            }

            values += 4 * L.Count;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Mix(ref T c0, ref T c1, ref T c2, ref T c3, T* key)
    {
        T p0 = L.Multiply(c0, L.Broadcast(Philox.Multiplier0)), p1 = L.Multiply(c2, L.Broadcast(Philox.Multiplier1));
        c0 = L.Xor(L.High(p1), L.Xor(c1, key[0]));
        c2 = L.Xor(L.High(p0), L.Xor(c3, key[1]));
        c1 = p1;
        c3 = p0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Keep(T c0, T c1, T c2, T c3, T threshold, float scale, float* values)
    {
        T low = L.Join(c0, c1), high = L.Join(c2, c3);
        L.KeepByLow(low, threshold, scale, values);
        L.KeepByHigh(low, threshold, scale, values + 16);
        L.KeepByLow(high, threshold, scale, values + 32);
        L.KeepByHigh(high, threshold, scale, values + 48);
    }
}
