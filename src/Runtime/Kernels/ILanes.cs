namespace BertGen.Kernels;

/// <summary>What random bits need of a machine vector: each of its 64-bit lanes holds a 32-bit number, whatever its upper half.</summary>
/// <typeparam name="T">The machine vector.</typeparam>
internal unsafe interface ILanes<T> where T : unmanaged
{
    /// <summary>64-bit lanes: 2, 4 or 8.</summary>
    static abstract int Count { get; }

    /// <summary>first, first + 1, first + 2, … lane by lane.</summary>
    static abstract T Ascending(uint first);

    static abstract T Broadcast(uint value);

    static abstract T Xor(T left, T right);

    /// <summary>64-bit products of the lower halves.</summary>
    static abstract T Multiply(T left, T right);

    /// <summary>The upper halves in the lower ones.</summary>
    static abstract T High(T value);

    /// <summary>Lower halves of <paramref name="low"/>, and those of <paramref name="high"/> as upper halves.</summary>
    static abstract T Join(T low, T high);

    /// <summary>Multiplies floats by the scale where the lower 16 bits of the 32-bit lane are greater than the threshold, else 0.</summary>
    static abstract void KeepByLow(T bits, T threshold, float scale, float* values);

    /// <summary>The same by the upper 16 bits.</summary>
    static abstract void KeepByHigh(T bits, T threshold, float scale, float* values);
}
