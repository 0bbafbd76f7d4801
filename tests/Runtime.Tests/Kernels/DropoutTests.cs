using BertGen.CompilerServices;
using BertGen.Weights;

namespace BertGen.Tests.Kernels;

public sealed class Dropout128Tests : DropoutTests<V128>;

public sealed class Dropout256Tests : DropoutTests<V256>;

public sealed class Dropout512Tests : DropoutTests<V512>;

/// <summary>Dropout of one width, against the published generator and the documented place of each element's bits.</summary>
public abstract unsafe class DropoutTests<V> where V : struct, ISimd<V>
{
    private const ulong Seed = 0x1234_5678_9ABC_DEF0;

    // Counts of a million independent events stray from their mean by more than five standard deviations once in two million times.
    private const double StandardDeviations = 5;

    [Theory]
    [InlineData(1), InlineData(3), InlineData(15), InlineData(16), InlineData(63), InlineData(64), InlineData(65), InlineData(100), InlineData(128), InlineData(384), InlineData(391)]
    public void Each_element_is_decided_by_its_own_bits(int columns)
    {
        foreach (float rate in new[] { 1e-6f, 0.1f, 0.5f, 0.9f })
        {
            using AlignedFloats row = AlignedFloats.Random(columns + 16, columns);
            float[] before = row.Span.ToArray();
            V.Dropout(row.Pointer, columns, Seed, step: 77, site: 515, rowNumber: 4_000_000_000, rate);
            for (int column = 0; column < columns; column++)
            {
                bool stays = Bits(column, Seed, 77, 515, 4_000_000_000) >= Math.Round(rate * 65536);
                Assert.Equal(stays ? before[column] * (1 / (1 - rate)) : 0, row.Span[column]);
            }

            Assert.True(row.Span[columns..].SequenceEqual(before.AsSpan(columns)), "Wrote past the row.");
        }
    }

    [Fact]
    public void Fixed_numbers_give_a_fixed_mask()
    {
        // Every width and machine: a change here changes the training of everybody who resumes.
        Assert.Equal(KnownMask, string.Concat(Mask(64, Seed, 1, 2, 3, 0.5f).Select(kept => kept ? '1' : '0')));
    }

    [Fact]
    public void The_same_numbers_give_the_same_mask_whatever_the_length()
    {
        bool[] whole = Mask(500, Seed, 1, 2, 3, 0.3f);
        foreach (int columns in new[] { 1, 17, 64, 130, 499 })
        {
            Assert.Equal(whole.Take(columns), Mask(columns, Seed, 1, 2, 3, 0.3f));
        }
    }

    [Fact]
    public void Rate_0_changes_nothing()
    {
        using AlignedFloats row = AlignedFloats.Random(100, 1);
        float[] before = row.Span.ToArray();
        V.Dropout(row.Pointer, 100, Seed, 1, 2, 3, 0);
        Assert.Equal(before, row.Span.ToArray());
    }

    [Fact]
    public void What_is_dropped_is_0_even_where_it_was_no_number()
    {
        using var row = new AlignedFloats(1000);
        V.Dropout(row.Pointer, 1000, Seed, 1, 2, 3, 0.5f);
        Assert.Equal(Mask(1000, Seed, 1, 2, 3, 0.5f), row.Span.ToArray().Select(float.IsNaN));
        Assert.All(row.Span.ToArray(), value => Assert.True(value == 0 || float.IsNaN(value)));
    }

    [Theory]
    [InlineData(0.1f), InlineData(0.5f), InlineData(0.8f)]
    public void The_rate_is_met_and_the_sum_is_kept(float rate)
    {
        const int Rows = 250, Columns = 4096;
        long kept = 0;
        for (uint row = 0; row < Rows; row++)
        {
            kept += Mask(Columns, Seed, 9, 1, row, rate).Count(stays => stays);
        }

        CheckCount(kept, (long)Rows * Columns, 1 - rate);
    }

    [Fact]
    public void Neighbours_in_every_direction_are_independent()
    {
        const int Columns = 65_536;
        const float Rate = 0.25f;
        bool[] mask = Mask(Columns + 64, Seed, 5, 6, 7, Rate);
        var others = new List<(string Name, bool[] Mask)>
        {
            ("row", Mask(Columns, Seed, 5, 6, 8, Rate)),
            ("site", Mask(Columns, Seed, 5, 7, 7, Rate)),
            ("step", Mask(Columns, Seed, 6, 6, 7, Rate)),
            ("seed", Mask(Columns, Seed + 1, 5, 6, 7, Rate)),
            ("upper seed", Mask(Columns, Seed + (1UL << 32), 5, 6, 7, Rate)),
        };
        foreach (int distance in new[] { 1, 2, 4, 8, 16, 32, 64 })
        {
            others.Add(($"{distance} columns on", mask.Skip(distance).Take(Columns).ToArray()));
        }

        foreach ((string name, bool[] other) in others)
        {
            int both = Enumerable.Range(0, Columns).Count(i => mask[i] && other[i]);
            Assert.True(IsPlausible(both, Columns, (1 - Rate) * (1 - Rate)), $"{name}: {both} of {Columns} stay together.");
        }
    }

    private const string KnownMask = "0011100101110010010001101100001010110001010010101100101100111010";

    private static void CheckCount(long count, long total, double probability) =>
        Assert.True(IsPlausible(count, total, probability), $"{count} of {total} with probability {probability}");

    private static bool IsPlausible(long count, long total, double probability) =>
        Math.Abs(count - total * probability) <= StandardDeviations * Math.Sqrt(total * probability * (1 - probability));

    private static bool[] Mask(int columns, ulong seed, uint step, uint site, uint rowNumber, float rate)
    {
        using var row = new AlignedFloats(columns);
        row.Span.Fill(1);
        V.Dropout(row.Pointer, columns, seed, step, site, rowNumber, rate);
        return Array.ConvertAll(row.Span.ToArray(), value => value != 0);
    }

    // The scalar generator is tested against published vectors.
    private static uint Bits(int column, ulong seed, uint step, uint site, uint rowNumber)
    {
        (int block, int inBlock) = Math.DivRem(column, 64);
        int slot = inBlock / 16, place = inBlock % 16 / 4, lane = inBlock % 4;
        uint counter = (uint)(block * 8 + place * 2 + lane / 2);
        (uint a, uint b, uint c, uint d) = new Philox((long)seed, site | (ulong)step << 32).Block(counter | (ulong)rowNumber << 32);
        uint word = new[] { a, b, c, d }[slot / 2 * 2 + lane % 2];
        return slot % 2 == 0 ? word & 0xFFFF : word >> 16;
    }
}
