namespace BertGen.Weights;

/// <summary>Philox4x32-10, a counter-based generator (Salmon et al., 2011, "Parallel random numbers: as easy as 1, 2, 3").</summary>
/// <remarks>Any block can be computed on its own: what a tensor gets depends on the seed and its name, not on order or threads.</remarks>
internal readonly struct Philox
{
    internal const uint Multiplier0 = 0xD2511F53;
    internal const uint Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9;
    internal const uint Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    private readonly ulong _key;
    private readonly ulong _stream;

    /// <summary>A stream of random blocks.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">Upper half of every counter.</param>
    public Philox(long seed, ulong stream) => (_key, _stream) = ((ulong)seed, stream);

    /// <summary>The stream that belongs to a name: its 64-bit FNV-1a hash over UTF-16 units.</summary>
    public static ulong StreamOf(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (char unit in name)
        {
            hash = (hash ^ unit) * 0x100000001B3;
        }

        return hash;
    }

    /// <summary>Block <paramref name="index"/> of the stream: 128 random bits.</summary>
    public (uint A, uint B, uint C, uint D) Block(ulong index)
    {
        uint c0 = (uint)index, c1 = (uint)(index >> 32), c2 = (uint)_stream, c3 = (uint)(_stream >> 32);
        uint k0 = (uint)_key, k1 = (uint)(_key >> 32);
        for (int round = 0; round < Rounds; round++)
        {
            ulong p0 = (ulong)Multiplier0 * c0;
            ulong p1 = (ulong)Multiplier1 * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += Weyl0;
            k1 += Weyl1;
        }

        return (c0, c1, c2, c3);
    }
}
