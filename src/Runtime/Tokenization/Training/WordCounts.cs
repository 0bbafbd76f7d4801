using System.Runtime.InteropServices;

namespace BertGen.Tokenization;

/// <summary>Counts the words of a text, normalized and cut as the encoder does it.</summary>
internal sealed class WordCounts
{
    // The encoder takes longer words as unknown.
    private const int MaxWordCharacters = 100;

    private readonly CharacterTable _table;
    private readonly Dictionary<string, long> _words = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    private readonly Dictionary<int, long> _isolated = [];

    // Most isolated characters are in the basic plane: no hashing for them.
    private readonly long[] _isolatedUnits = new long[0x10000];

    // The word being read.
    private readonly char[] _units = new char[2 * MaxWordCharacters];
    private int _length;
    private int _characters;

    public WordCounts(TextRules rules)
    {
        _table = CharacterTable.For(rules);
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Words of letters and how often each occurs. What they are, not their order, depends on the text alone.</summary>
    public IReadOnlyDictionary<string, long> Words => _words;

    /// <summary>Characters that are words of their own (punctuation, Chinese), and how often each occurs.</summary>
    public IEnumerable<(int CodePoint, long Count)> Isolated
    {
        get
        {
            for (int unit = 0; unit < _isolatedUnits.Length; unit++)
            {
                if (_isolatedUnits[unit] > 0)
                {
                    yield return (unit, _isolatedUnits[unit]);
                }
            }

            foreach ((int codePoint, long count) in _isolated)
            {
                yield return (codePoint, count);
            }
        }
    }

    /// <summary>Counts the words of a line.</summary>
    public void Add(ReadOnlySpan<char> line)
    {
        ushort[] codes = _table.Codes;
        for (int i = 0; i < line.Length;)
        {
            int code = codes[line[i]];
            switch (code)
            {
                case CharacterTable.Boundary:
                    EndWord();
                    i++;
                    break;
                case CharacterTable.Isolated:
                    EndWord();
                    _isolatedUnits[line[i]]++;
                    i++;
                    break;
                case CharacterTable.Dropped:
                    i++;
                    break;
                case CharacterTable.Unresolved:
                    _table.Resolve(line[i]);
                    break;
                case CharacterTable.Complex:
                    i += AddComplex(line[i..]);
                    break;
                default:
                    Append((char)code);
                    i++;
                    break;
            }
        }

        EndWord();
    }

    /// <summary>One code point that the table does not answer for; returns its code units.</summary>
    private int AddComplex(ReadOnlySpan<char> rest)
    {
        // A lone surrogate gets through here as itself and is removed by the rules.
        int size = rest.Length > 1 && char.IsSurrogatePair(rest[0], rest[1]) ? 2 : 1;
        int codePoint = size == 2 ? char.ConvertToUtf32(rest[0], rest[1]) : rest[0];
        Span<int> result = stackalloc int[CanonicalDecomposition.MaxLength + 1];
        CharacterKind kind = CharacterRules.Apply(codePoint, _table.Rules, result, out int count);
        if (kind == CharacterKind.Boundary)
        {
            EndWord();
        }

        foreach (int part in result[..count])
        {
            if (kind == CharacterKind.Isolated || CharacterRules.IsIsolated(part, _table.Rules))
            {
                EndWord();
                CollectionsMarshal.GetValueRefOrAddDefault(_isolated, part, out _)++;
            }
            else if (part > 0xFFFF)
            {
                string pair = char.ConvertFromUtf32(part);
                Append(pair[0]);
                Append(pair[1]);
            }
            else
            {
                Append((char)part);
            }
        }

        return size;
    }

    private void Append(char unit)
    {
        _characters += char.IsLowSurrogate(unit) ? 0 : 1;
        if (_characters <= MaxWordCharacters)
        {
            _units[_length++] = unit;
        }
    }

    private void EndWord()
    {
        if (_characters is > 0 and <= MaxWordCharacters)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_lookup, _units.AsSpan(0, _length), out _)++;
        }

        (_length, _characters) = (0, 0);
    }
}
