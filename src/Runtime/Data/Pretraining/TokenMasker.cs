namespace BertGen.Data;

/// <summary>Chooses the tokens that a masked language model predicts, and hides them. Used by one thread at a time.</summary>
internal sealed class TokenMasker
{
    private readonly ITextTokenizer _tokenizer;
    private readonly MaskingOptions _options;
    private readonly int[] _replacements;

    // Words of the text: the first token of each, in text order, and one behind the last.
    private readonly List<(int Start, int End)> _words = [];

    public TokenMasker(ITextTokenizer tokenizer, MaskingOptions options)
    {
        options.Check();
        if (options.MaskShare > 0 && tokenizer.MaskId < 0)
        {
            throw new InvalidOperationException("The vocabulary has no mask token. Add [MASK] to it, or set MaskingOptions.MaskShare to 0.");
        }

        _tokenizer = tokenizer;
        _options = options;
        _replacements = [.. Enumerable.Range(0, tokenizer.VocabularySize).Where(id => !tokenizer.IsSpecial(id) && !IsReserved(tokenizer.Token(id)))];
        if (options.RandomShare > 0 && _replacements.Length == 0)
        {
            throw new InvalidOperationException("The vocabulary has special tokens only, so there is no random word. Set MaskingOptions.RandomShare to 0.");
        }
    }

    /// <summary>Hides tokens of a text in place.</summary>
    /// <param name="ids">The text, special tokens included; those are never chosen.</param>
    /// <param name="random">Decides everything.</param>
    /// <param name="words">Receives what the chosen tokens were.</param>
    /// <returns>The chosen tokens, ascending; none where the text has special tokens only.</returns>
    public int[] Mask(Span<int> ids, ref RandomNumbers random, out int[] words)
    {
        int[] selected = Choose(ids, ref random);
        words = new int[selected.Length];
        for (int i = 0; i < selected.Length; i++)
        {
            ref int id = ref ids[selected[i]];
            words[i] = id;
            double share = random.NextDouble();
            if (share < _options.MaskShare)
            {
                id = _tokenizer.MaskId;
            }
            else if (share < (double)_options.MaskShare + _options.RandomShare)
            {
                id = _replacements[random.Below(_replacements.Length)];
            }
        }

        return selected;
    }

    private int[] Choose(ReadOnlySpan<int> ids, ref RandomNumbers random)
    {
        int tokens = FindWords(ids);
        if (tokens == 0)
        {
            return [];
        }

        int wanted = Math.Max(1, (int)Math.Round(tokens * (double)_options.Rate));
        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_words));
        List<int> selected = new(wanted);
        foreach ((int start, int end) in _words)
        {
            if (selected.Count == wanted)
            {
                break;
            }

            // A word that would be too much is passed over, unless the text would then have nothing to predict.
            if (selected.Count + end - start <= wanted)
            {
                selected.AddRange(Enumerable.Range(start, end - start));
            }
        }

        if (selected.Count == 0)
        {
            (int start, int end) = _words[0];
            selected.AddRange(Enumerable.Range(start, end - start));
        }

        selected.Sort();
        return [.. selected];
    }

    /// <summary>Finds what is chosen or not chosen together; returns the number of tokens in it.</summary>
    private int FindWords(ReadOnlySpan<int> ids)
    {
        _words.Clear();
        int tokens = 0;
        for (int i = 0; i < ids.Length; i++)
        {
            if (_tokenizer.IsSpecial(ids[i]))
            {
                continue;
            }

            tokens++;
            if (_options.WholeWord && _words.Count > 0 && _words[^1].End == i && _tokenizer.Continues(ids[i]))
            {
                _words[^1] = (_words[^1].Start, i + 1);
            }
            else
            {
                _words.Add((i, i + 1));
            }
        }

        return tokens;
    }

    // Places that published vocabularies keep free; no text has them.
    private static bool IsReserved(string token) => token.StartsWith("[unused", StringComparison.Ordinal) && token.EndsWith(']');
}
