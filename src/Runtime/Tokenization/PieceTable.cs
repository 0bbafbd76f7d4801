using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BertGen.Tokenization;

/// <summary>Finds the pieces of a vocabulary: an open-addressed hash table over the code units of a token, "##" left out and told by the seed.</summary>
/// <remarks>The hash grows with each code unit, so that one pass over a word gives the hash of each of its beginnings;
/// the longest is then asked for first. A hit is compared with the token itself, so no collision changes a result.
/// The hash is simple, so a file can be made whose tokens all want one place, and each look-up would walk past the others. No token may lie far
/// from its place: a table in which one would is built again with a hash drawn at random, and tokens that collide under each of a few are refused.</remarks>
internal sealed class PieceTable
{
    private const int FilterBits = 2;

    // Tables are half full at most; then even among ten million tokens with a fair hash none lies 100 slots from its place.
    private const int FarthestFromPlace = 256;
    private const int MostHashes = 8;

    private readonly char[] _characters;
    private readonly int[] _offsets;

    // The first hash is the same for every table and process.
    private ulong _wordSeed = 0x243F6A8885A308D3;
    private ulong _continuationSeed = 0x13198A2E03707345;
    private ulong _factor = 0x9E3779B97F4A7C15;
    // Id plus one in the low bits, a tag from the hash above them; 0 is an empty slot.
    private readonly uint[] _slots;
    private readonly uint _idMask;

    // A bit for every hash that is there, four times as fine as the slots and small enough for the first caches: most beginnings of a word are no piece.
    private readonly ulong[] _there;
    private readonly int[] _singles;
    private readonly int _shift;

    /// <summary>Builds the table of tokens [count], token i being characters[offsets[i]..offsets[i + 1]].</summary>
    /// <param name="characters">The code units of all tokens.</param>
    /// <param name="offsets">[count + 1].</param>
    /// <param name="duplicate">Called with an id and the earlier id of the same token; must throw.</param>
    /// <exception cref="InvalidDataException">The tokens collide whatever the hash.</exception>
    public PieceTable(char[] characters, int[] offsets, Action<int, int> duplicate)
    {
        _characters = characters;
        _offsets = offsets;
        int count = offsets.Length - 1;
        int bits = Math.Max(4, BitOperations.Log2((uint)count) + 2);
        _slots = new uint[1 << bits];
        _idMask = (uint)(1 << bits) - 1;
        _shift = 64 - bits;
        _there = new ulong[Math.Max(1, (1 << (bits + FilterBits)) / 64)];
        _singles = new int[0x10000];
        for (Hashes = 1; !TryBuild(count, duplicate); Hashes++)
        {
            if (Hashes == MostHashes)
            {
                throw new InvalidDataException($"The {count} tokens of the vocabulary collide in {MostHashes} hash tables, which those of no language do: they were made to. Take the vocabulary as published.");
            }

            DrawHash();
        }
    }

    /// <summary>Hashes that were tried: 1 unless the tokens were made to collide.</summary>
    public int Hashes { get; private set; }

    /// <summary>Code units of the longest token that starts a word.</summary>
    public int LongestStart { get; private set; }

    /// <summary>Code units of the longest token that continues a word, without its prefix.</summary>
    public int LongestContinuation { get; private set; }

    /// <summary>The id of a word of one code unit, or -1.</summary>
    public int FindSingle(char unit) => _singles[unit] - 1;

    /// <summary>The id of a token as written in the vocabulary, or -1.</summary>
    public int Find(ReadOnlySpan<char> token)
    {
        int prefix = PrefixLength(token);
        token = token[prefix..];
        return Find(token, Hash(token, Seed(prefix)), prefix);
    }

    /// <summary>The longest piece at the beginning of <paramref name="rest"/>.</summary>
    /// <param name="rest">What is left of a word.</param>
    /// <param name="prefix">0 where a word begins, 2 within it.</param>
    /// <param name="hashes">Scratch, as long as the word.</param>
    /// <param name="length">Code units of the piece, 0 where there is none.</param>
    /// <returns>Its id, or -1.</returns>
    public int FindLongest(ReadOnlySpan<char> rest, int prefix, ulong[] hashes, out int length)
    {
        int longest = prefix == 0 ? LongestStart : LongestContinuation;
        if (rest.Length > longest)
        {
            rest = rest[..longest];
        }

        ulong hash = Seed(prefix);
        ulong factor = _factor;
        for (int i = 0; i < rest.Length; i++)
        {
            hash = Step(hash, rest[i], factor);
            hashes[i] = hash;
        }

        for (length = rest.Length; length > 0; length--)
        {
            int id = Find(rest[..length], hashes[length - 1], prefix);
            if (id >= 0)
            {
                return id;
            }
        }

        return -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Step(ulong hash, char unit, ulong factor) => (hash ^ unit) * factor;

    private ulong Hash(ReadOnlySpan<char> units, ulong seed)
    {
        foreach (char unit in units)
        {
            seed = Step(seed, unit, _factor);
        }

        return seed;
    }

    private ulong Seed(int prefix) => prefix == 0 ? _wordSeed : _continuationSeed;

    private void DrawHash()
    {
        Span<ulong> drawn = stackalloc ulong[3];
        RandomNumberGenerator.Fill(MemoryMarshal.AsBytes(drawn));

        // Odd: a product with it loses nothing.
        (_wordSeed, _continuationSeed, _factor) = (drawn[0], drawn[1], drawn[2] | 1);
    }

    private bool TryBuild(int count, Action<int, int> duplicate)
    {
        Array.Clear(_slots);
        Array.Clear(_there);
        for (int id = 0; id < count; id++)
        {
            if (!TryInsert(id, duplicate))
            {
                return false;
            }
        }

        return true;
    }

    // "##" alone is a word, not the continuation of nothing.
    private static int PrefixLength(ReadOnlySpan<char> token) => token.Length > 2 && token[0] == '#' && token[1] == '#' ? 2 : 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int Find(ReadOnlySpan<char> key, ulong hash, int prefix)
    {
        ulong bit = hash >> (_shift - FilterBits);
        if ((_there[bit >> 6] >> (int)bit & 1) == 0)
        {
            return -1;
        }

        uint[] slots = _slots;
        for (int i = (int)(hash >> _shift); ; i++)
        {
            uint slot = slots[i & (slots.Length - 1)];
            if (slot == 0)
            {
                return -1;
            }

            int id = (int)(slot & _idMask) - 1;
            if ((slot & ~_idMask) == Tag(hash) && Equals(id, key, prefix))
            {
                return id;
            }
        }
    }

    // The place is the high end of the hash; the tag comes from the middle.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private uint Tag(ulong hash) => (uint)(hash >> 8) & ~_idMask;

    private bool Equals(int id, ReadOnlySpan<char> key, int prefix)
    {
        ReadOnlySpan<char> token = _characters.AsSpan(_offsets[id], _offsets[id + 1] - _offsets[id]);
        return PrefixLength(token) == prefix && token[prefix..].SequenceEqual(key);
    }

    /// <summary>False where the token would lie too far from its place.</summary>
    private bool TryInsert(int id, Action<int, int> duplicate)
    {
        ReadOnlySpan<char> token = _characters.AsSpan(_offsets[id], _offsets[id + 1] - _offsets[id]);
        int prefix = PrefixLength(token);
        token = token[prefix..];
        ulong hash = Hash(token, Seed(prefix));
        if (prefix == 0)
        {
            LongestStart = Math.Max(LongestStart, token.Length);
            if (token.Length == 1)
            {
                _singles[token[0]] = id + 1;
            }
        }
        else
        {
            LongestContinuation = Math.Max(LongestContinuation, token.Length);
        }

        ulong bit = hash >> (_shift - FilterBits);
        _there[bit >> 6] |= 1UL << (int)bit;
        int place = (int)(hash >> _shift);
        int i = place;
        while (_slots[i & (_slots.Length - 1)] is uint slot and not 0)
        {
            if (i - place == FarthestFromPlace)
            {
                return false;
            }

            int other = (int)(slot & _idMask) - 1;
            if ((slot & ~_idMask) == Tag(hash) && Equals(other, token, prefix))
            {
                duplicate(id, other);
            }

            i++;
        }

        _slots[i & (_slots.Length - 1)] = Tag(hash) | (uint)(id + 1);
        return true;
    }
}
