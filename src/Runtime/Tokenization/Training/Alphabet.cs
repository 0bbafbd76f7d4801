using System.Text;

namespace BertGen.Tokenization;

/// <summary>The characters of a vocabulary, as tokens: with them every word of these characters has pieces.</summary>
internal sealed class Alphabet
{
    private readonly Dictionary<int, int> _starts = [];
    private readonly Dictionary<int, int> _continuations = [];

    /// <summary>Chooses the most frequent characters and adds their tokens.</summary>
    /// <param name="counts">The words.</param>
    /// <param name="options">Smallest frequency and largest number of characters.</param>
    /// <param name="room">Tokens that there is room for.</param>
    /// <param name="tokens">Receives the tokens.</param>
    public Alphabet(WordCounts counts, VocabularyOptions options, int room, List<string> tokens)
    {
        Dictionary<int, long> letters = [], isolated = [];
        foreach ((string word, long count) in counts.Words)
        {
            foreach (Rune letter in word.EnumerateRunes())
            {
                letters[letter.Value] = letters.GetValueOrDefault(letter.Value) + count;
            }
        }

        foreach ((int codePoint, long count) in counts.Isolated)
        {
            isolated[codePoint] = isolated.GetValueOrDefault(codePoint) + count;
        }

        List<int> starts = [], continuations = [];
        int left = options.CharacterLimit ?? int.MaxValue;

        // A character is of one kind almost always; the few that are of both (Chinese ones from decompositions) count as letters.
        foreach ((int codePoint, long count) in letters.Concat(isolated.Where(pair => !letters.ContainsKey(pair.Key))).OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key))
        {
            bool isLetter = letters.ContainsKey(codePoint);
            int forms = isLetter ? 2 : 1;
            if (count < options.MinimumFrequency || left == 0 || forms > room)
            {
                break;
            }

            left--;
            room -= forms;
            starts.Add(codePoint);
            if (isLetter)
            {
                continuations.Add(codePoint);
            }
        }

        AddAll(starts, "", _starts, tokens);
        AddAll(continuations, "##", _continuations, tokens);
    }

    /// <summary>Writes a word as ids of its characters' tokens.</summary>
    /// <returns>False where a character was not chosen.</returns>
    public bool TryWrite(string word, List<int> symbols)
    {
        foreach (Rune letter in word.EnumerateRunes())
        {
            if (!(symbols.Count == 0 ? _starts : _continuations).TryGetValue(letter.Value, out int id))
            {
                return false;
            }

            symbols.Add(id);
        }

        return true;
    }

    private static void AddAll(List<int> codePoints, string prefix, Dictionary<int, int> ids, List<string> tokens)
    {
        codePoints.Sort();
        foreach (int codePoint in codePoints)
        {
            ids[codePoint] = tokens.Count;
            tokens.Add(prefix + char.ConvertFromUtf32(codePoint));
        }
    }
}
