using BertGen.Weights;

namespace BertGen.Data;

/// <summary>Random numbers for one thing of one epoch, such as the masks of example 17: what they are depends on these alone, not on what was drawn before.</summary>
internal struct RandomNumbers
{
    private readonly Philox _philox;
    private readonly ulong _first;
    private ulong _block;
    private (uint A, uint B, uint C, uint D) _numbers;
    private int _left;

    /// <param name="seed">Seed of the run.</param>
    /// <param name="purpose">What they are for.</param>
    /// <param name="epoch">The epoch.</param>
    /// <param name="item">Which of the epoch's things.</param>
    public RandomNumbers(long seed, string purpose, int epoch, long item = 0)
    {
        // Upper half of the counter: purpose and epoch; lower half: the item, and within it room for 2^24 blocks.
        _philox = new Philox(seed, Philox.StreamOf(purpose) + (ulong)epoch * 0x9E3779B97F4A7C15);
        _first = (ulong)item << 24;
    }

    /// <summary>32 random bits.</summary>
    public uint Next()
    {
        if (_left == 0)
        {
            _numbers = _philox.Block(_first + _block++);
            _left = 4;
        }

        _left--;
        return _left switch
        {
            3 => _numbers.A,
            2 => _numbers.B,
            1 => _numbers.C,
            _ => _numbers.D,
        };
    }

    /// <summary>0 to <paramref name="count"/> - 1, each equally likely (Lemire, 2019, "Fast random integer generation in an interval").</summary>
    public int Below(int count)
    {
        uint bound = (uint)count;
        ulong product = (ulong)Next() * bound;
        if ((uint)product < bound)
        {
            uint threshold = unchecked(0u - bound) % bound;
            while ((uint)product < threshold)
            {
                product = (ulong)Next() * bound;
            }
        }

        return (int)(product >> 32);
    }

    /// <summary>0 to <paramref name="count"/> - 1 for counts that may need more than 31 bits.</summary>
    public long Below(long count) => count <= int.MaxValue
        ? Below((int)count)
        : (long)(((UInt128)(((ulong)Next() << 32) | Next()) * (ulong)count) >> 64);

    /// <summary>0 to less than 1, in steps of 2⁻³².</summary>
    public double NextDouble() => Next() * (1.0 / (1L << 32));

    /// <summary>Puts items into a random order, each equally likely.</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int other = Below(i + 1);
            (items[i], items[other]) = (items[other], items[i]);
        }
    }
}
