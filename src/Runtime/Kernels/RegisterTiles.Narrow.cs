using System.Runtime.CompilerServices;
using BertGen.CompilerServices;

namespace BertGen.Kernels;

internal static unsafe partial class RegisterTiles<T, V>
{
    private static void Narrow(int rows, int tiles, in Panel panel, float* a, float* c)
    {
        if (panel.RowStride == PackedPanels.Width)
        {
            Narrow<PanelRows>(rows, tiles, in panel, a, c);
        }
        else
        {
            Narrow<AnyRows>(rows, tiles, in panel, a, c);
        }
    }

    private static void Narrow<S>(int rows, int tiles, in Panel panel, float* a, float* c) where S : struct, IRowStride
    {
        switch (rows)
        {
            case 1: Narrow<Rows1, S>(tiles, in panel, a, c); break;
            case 2: Narrow<Rows2, S>(tiles, in panel, a, c); break;
            case 3: Narrow<Rows3, S>(tiles, in panel, a, c); break;
            case 4: Narrow<Rows4, S>(tiles, in panel, a, c); break;
            case 5: Narrow<Rows5, S>(tiles, in panel, a, c); break;
            case 6: Narrow<Rows6, S>(tiles, in panel, a, c); break;
            case 7: Narrow<Rows7, S>(tiles, in panel, a, c); break;
            case 8: Narrow<Rows8, S>(tiles, in panel, a, c); break;
            case 9: Narrow<Rows9, S>(tiles, in panel, a, c); break;
            case 10: Narrow<Rows10, S>(tiles, in panel, a, c); break;
            case 11: Narrow<Rows11, S>(tiles, in panel, a, c); break;
            case 12: Narrow<Rows12, S>(tiles, in panel, a, c); break;
        }
    }

    /// <summary>Tiles of up to 12 rows times two vectors. <c>R.Count</c> is a constant of the specialized method: the rows beyond it vanish.</summary>
    /// <remarks>
    /// What is left is 20 instructions for 12 multiply-adds in a step of 6 rows. Where another thread has the core's other half, both get three a cycle,
    /// so each more of them is time: hence eight steps at a time, and offsets instead of additions where the rows of b are those of a panel.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Narrow<R, S>(int tiles, in Panel panel, float* a, float* c)
        where R : struct, IRowCount where S : struct, IRowStride
    {
        byte* ahead = panel.Ahead;
        nint k = panel.K, last = k - 8, aheadStep = panel.AheadStep, aStride = panel.AStride, rowStride = panel.RowStride, cStride = panel.CStride;
        nint second = V.Width == PackedPanels.Width ? panel.PanelStride : V.Width;
        // The tiles of a panel share the lines of the next: the only one fetches a line a step, two or three some of them, eight and more at most one in eight steps.
        nint aheadBlock = 8 * aheadStep <= CacheLine ? 8 * aheadStep : (8 * aheadStep + CacheLine - 1) / CacheLine * CacheLine;
        bool isAlone = aheadStep >= CacheLine, isOfThree = aheadStep > CacheLine / 4, isOfSeven = aheadStep > CacheLine / 8;
        for (; tiles > 0; tiles--)
        {
            float* b = panel.B;
            float* a1 = a + aStride, a2 = a1 + aStride, a3 = a2 + aStride, a4 = a3 + aStride;
            float* a5 = a4 + aStride, a6 = a5 + aStride, a7 = a6 + aStride, a8 = a7 + aStride;
            float* a9 = a8 + aStride, a10 = a9 + aStride, a11 = a10 + aStride;
            T s0a, s1a, s2a, s3a, s4a, s5a, s6a, s7a, s8a, s9a, s10a, s11a;
            T s0b, s1b, s2b, s3b, s4b, s5b, s6b, s7b, s8b, s9b, s10b, s11b;
            s0a = s1a = s2a = s3a = s4a = s5a = s6a = s7a = s8a = s9a = s10a = s11a = V.Load(panel.Bias);
            s0b = s1b = s2b = s3b = s4b = s5b = s6b = s7b = s8b = s9b = s10b = s11b = V.Load(panel.Bias + V.Width);
            if (panel.Adds)
            {
                // What the sums are added to may be far away: gradients of weights are.
                float* sum = c;
                V.Prefetch((byte*)sum);
                if (R.Count > 1) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 2) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 3) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 4) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 5) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 6) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 7) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 8) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 9) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 10) { V.Prefetch((byte*)(sum += cStride)); }
                if (R.Count > 11) { V.Prefetch((byte*)(sum += cStride)); }
            }

            nint i = 0;
            for (; i <= last; i += 8)
            {
                if (S.IsPanel)
                {
                    V.Prefetch(ahead);
                    if (V.Width == PackedPanels.Width) { V.Prefetch(ahead + second * sizeof(float)); }
                    if (isOfSeven)
                    {
                        V.Prefetch(ahead + CacheLine);
                        if (V.Width == PackedPanels.Width) { V.Prefetch(ahead + second * sizeof(float) + CacheLine); }
                    }
                }

                T ba = V.Load(b), bb = V.Load(b + (V.Width == PackedPanels.Width ? second : V.Width));
                if (!S.IsPanel) { b += rowStride; }
                T x = V.Broadcast(a + i); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }

                ba = V.Load(b + (S.IsPanel ? 1 * PackedPanels.Width : 0));
                bb = V.Load(b + (S.IsPanel ? 1 * PackedPanels.Width : 0) + (V.Width == PackedPanels.Width ? second : V.Width));
                if (!S.IsPanel) { b += rowStride; }
                x = V.Broadcast(a + i + 1); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i + 1); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i + 1); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i + 1); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i + 1); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i + 1); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i + 1); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i + 1); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i + 1); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i + 1); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i + 1); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i + 1); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }

                ba = V.Load(b + (S.IsPanel ? 2 * PackedPanels.Width : 0));
                bb = V.Load(b + (S.IsPanel ? 2 * PackedPanels.Width : 0) + (V.Width == PackedPanels.Width ? second : V.Width));
                if (!S.IsPanel) { b += rowStride; }
                x = V.Broadcast(a + i + 2); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i + 2); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i + 2); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i + 2); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i + 2); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i + 2); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i + 2); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i + 2); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i + 2); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i + 2); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i + 2); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i + 2); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }

                ba = V.Load(b + (S.IsPanel ? 3 * PackedPanels.Width : 0));
                bb = V.Load(b + (S.IsPanel ? 3 * PackedPanels.Width : 0) + (V.Width == PackedPanels.Width ? second : V.Width));
                if (!S.IsPanel) { b += rowStride; }
                x = V.Broadcast(a + i + 3); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i + 3); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i + 3); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i + 3); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i + 3); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i + 3); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i + 3); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i + 3); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i + 3); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i + 3); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i + 3); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i + 3); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }

                if (S.IsPanel)
                {
                    if (isOfThree)
                    {
                        V.Prefetch(ahead + 2 * CacheLine); V.Prefetch(ahead + 3 * CacheLine);
                        if (V.Width == PackedPanels.Width) { V.Prefetch(ahead + second * sizeof(float) + 2 * CacheLine); V.Prefetch(ahead + second * sizeof(float) + 3 * CacheLine); }
                        if (isAlone) { V.Prefetch(ahead + 4 * CacheLine); V.Prefetch(ahead + 5 * CacheLine); V.Prefetch(ahead + 6 * CacheLine); V.Prefetch(ahead + 7 * CacheLine); }
                    }

                    ahead += aheadBlock;
                }

                ba = V.Load(b + (S.IsPanel ? 4 * PackedPanels.Width : 0));
                bb = V.Load(b + (S.IsPanel ? 4 * PackedPanels.Width : 0) + (V.Width == PackedPanels.Width ? second : V.Width));
                if (!S.IsPanel) { b += rowStride; }
                x = V.Broadcast(a + i + 4); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i + 4); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i + 4); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i + 4); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i + 4); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i + 4); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i + 4); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i + 4); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i + 4); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i + 4); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i + 4); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i + 4); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }

                ba = V.Load(b + (S.IsPanel ? 5 * PackedPanels.Width : 0));
                bb = V.Load(b + (S.IsPanel ? 5 * PackedPanels.Width : 0) + (V.Width == PackedPanels.Width ? second : V.Width));
                if (!S.IsPanel) { b += rowStride; }
                x = V.Broadcast(a + i + 5); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i + 5); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i + 5); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i + 5); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i + 5); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i + 5); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i + 5); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i + 5); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i + 5); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i + 5); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i + 5); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i + 5); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }

                ba = V.Load(b + (S.IsPanel ? 6 * PackedPanels.Width : 0));
                bb = V.Load(b + (S.IsPanel ? 6 * PackedPanels.Width : 0) + (V.Width == PackedPanels.Width ? second : V.Width));
                if (!S.IsPanel) { b += rowStride; }
                x = V.Broadcast(a + i + 6); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i + 6); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i + 6); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i + 6); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i + 6); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i + 6); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i + 6); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i + 6); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i + 6); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i + 6); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i + 6); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i + 6); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }

                ba = V.Load(b + (S.IsPanel ? 7 * PackedPanels.Width : 0));
                bb = V.Load(b + (S.IsPanel ? 7 * PackedPanels.Width : 0) + (V.Width == PackedPanels.Width ? second : V.Width));
                if (!S.IsPanel) { b += rowStride; }
                x = V.Broadcast(a + i + 7); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i + 7); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i + 7); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i + 7); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i + 7); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i + 7); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i + 7); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i + 7); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i + 7); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i + 7); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i + 7); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i + 7); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }
                if (S.IsPanel) { b += 8 * PackedPanels.Width; }
            }

            for (; i < k; i++)
            {
                T ba = V.Load(b), bb = V.Load(b + (V.Width == PackedPanels.Width ? second : V.Width));
                b += S.IsPanel ? PackedPanels.Width : rowStride;
                T x = V.Broadcast(a + i); s0a = V.MultiplyAdd(x, ba, s0a); s0b = V.MultiplyAdd(x, bb, s0b);
                if (R.Count > 1) { x = V.Broadcast(a1 + i); s1a = V.MultiplyAdd(x, ba, s1a); s1b = V.MultiplyAdd(x, bb, s1b); }
                if (R.Count > 2) { x = V.Broadcast(a2 + i); s2a = V.MultiplyAdd(x, ba, s2a); s2b = V.MultiplyAdd(x, bb, s2b); }
                if (R.Count > 3) { x = V.Broadcast(a3 + i); s3a = V.MultiplyAdd(x, ba, s3a); s3b = V.MultiplyAdd(x, bb, s3b); }
                if (R.Count > 4) { x = V.Broadcast(a4 + i); s4a = V.MultiplyAdd(x, ba, s4a); s4b = V.MultiplyAdd(x, bb, s4b); }
                if (R.Count > 5) { x = V.Broadcast(a5 + i); s5a = V.MultiplyAdd(x, ba, s5a); s5b = V.MultiplyAdd(x, bb, s5b); }
                if (R.Count > 6) { x = V.Broadcast(a6 + i); s6a = V.MultiplyAdd(x, ba, s6a); s6b = V.MultiplyAdd(x, bb, s6b); }
                if (R.Count > 7) { x = V.Broadcast(a7 + i); s7a = V.MultiplyAdd(x, ba, s7a); s7b = V.MultiplyAdd(x, bb, s7b); }
                if (R.Count > 8) { x = V.Broadcast(a8 + i); s8a = V.MultiplyAdd(x, ba, s8a); s8b = V.MultiplyAdd(x, bb, s8b); }
                if (R.Count > 9) { x = V.Broadcast(a9 + i); s9a = V.MultiplyAdd(x, ba, s9a); s9b = V.MultiplyAdd(x, bb, s9b); }
                if (R.Count > 10) { x = V.Broadcast(a10 + i); s10a = V.MultiplyAdd(x, ba, s10a); s10b = V.MultiplyAdd(x, bb, s10b); }
                if (R.Count > 11) { x = V.Broadcast(a11 + i); s11a = V.MultiplyAdd(x, ba, s11a); s11b = V.MultiplyAdd(x, bb, s11b); }
            }

            if (panel.Adds)
            {
                float* sum = c;
                s0a = V.Add(s0a, V.Load(sum)); s0b = V.Add(s0b, V.Load(sum + V.Width)); sum += cStride;
                if (R.Count > 1) { s1a = V.Add(s1a, V.Load(sum)); s1b = V.Add(s1b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 2) { s2a = V.Add(s2a, V.Load(sum)); s2b = V.Add(s2b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 3) { s3a = V.Add(s3a, V.Load(sum)); s3b = V.Add(s3b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 4) { s4a = V.Add(s4a, V.Load(sum)); s4b = V.Add(s4b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 5) { s5a = V.Add(s5a, V.Load(sum)); s5b = V.Add(s5b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 6) { s6a = V.Add(s6a, V.Load(sum)); s6b = V.Add(s6b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 7) { s7a = V.Add(s7a, V.Load(sum)); s7b = V.Add(s7b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 8) { s8a = V.Add(s8a, V.Load(sum)); s8b = V.Add(s8b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 9) { s9a = V.Add(s9a, V.Load(sum)); s9b = V.Add(s9b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 10) { s10a = V.Add(s10a, V.Load(sum)); s10b = V.Add(s10b, V.Load(sum + V.Width)); sum += cStride; }
                if (R.Count > 11) { s11a = V.Add(s11a, V.Load(sum)); s11b = V.Add(s11b, V.Load(sum + V.Width)); sum += cStride; }
            }

            V.Store(s0a, c); V.Store(s0b, c + V.Width); c += cStride;
            if (R.Count > 1) { V.Store(s1a, c); V.Store(s1b, c + V.Width); c += cStride; }
            if (R.Count > 2) { V.Store(s2a, c); V.Store(s2b, c + V.Width); c += cStride; }
            if (R.Count > 3) { V.Store(s3a, c); V.Store(s3b, c + V.Width); c += cStride; }
            if (R.Count > 4) { V.Store(s4a, c); V.Store(s4b, c + V.Width); c += cStride; }
            if (R.Count > 5) { V.Store(s5a, c); V.Store(s5b, c + V.Width); c += cStride; }
            if (R.Count > 6) { V.Store(s6a, c); V.Store(s6b, c + V.Width); c += cStride; }
            if (R.Count > 7) { V.Store(s7a, c); V.Store(s7b, c + V.Width); c += cStride; }
            if (R.Count > 8) { V.Store(s8a, c); V.Store(s8b, c + V.Width); c += cStride; }
            if (R.Count > 9) { V.Store(s9a, c); V.Store(s9b, c + V.Width); c += cStride; }
            if (R.Count > 10) { V.Store(s10a, c); V.Store(s10b, c + V.Width); c += cStride; }
            if (R.Count > 11) { V.Store(s11a, c); V.Store(s11b, c + V.Width); c += cStride; }
            a += R.Count * aStride;
        }
    }
}
