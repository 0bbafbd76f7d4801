namespace BertGen.Tokenization;

/// <summary>Makes a WordPiece vocabulary from text.</summary>
/// <remarks>
/// From characters on, the pair of neighbouring pieces that occurs most often becomes a piece. That is the rule of byte-pair encoding (Sennrich et al., 2016), which published BERT trainers use as well,
/// rather than the likelihood of the original WordPiece: each merge takes as many tokens off the text as any could, where likelihood spends places on rare pairs that are always together.
/// The result depends on the text alone, not on the order of its lines.
/// </remarks>
internal static class VocabularyTrainer
{
    // In the order of published vocabularies.
    private static readonly string[] s_special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    public static Vocabulary Train(IEnumerable<string> lines, int size, VocabularyOptions options, CancellationToken cancellationToken)
    {
        if (size <= s_special.Length)
        {
            throw new ArgumentOutOfRangeException(nameof(size), size, $"A vocabulary has {s_special.Length} special tokens and at least one more.");
        }

        WordCounts counts = Count(lines, options, cancellationToken);
        List<string> tokens = [.. s_special];
        Alphabet alphabet = new(counts, options, size - tokens.Count, tokens);
        if (tokens.Count == s_special.Length)
        {
            throw new ArgumentException($"The text has no character that occurs {options.MinimumFrequency} times, so there is nothing to make a vocabulary of.", nameof(lines));
        }

        PieceMerger merger = new(Write(counts, alphabet));
        Dictionary<string, int> ids = [];
        for (int id = 0; id < tokens.Count; id++)
        {
            ids[tokens[id]] = id;
        }

        while (tokens.Count < size && merger.TryPeek(options.MinimumFrequency, out int left, out int right))
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Different pairs can make the same piece: ab + ##c and a + ##bc.
            string piece = tokens[left] + tokens[right][2..];
            if (!ids.TryGetValue(piece, out int id))
            {
                ids[piece] = id = tokens.Count;
                tokens.Add(piece);
            }

            merger.Merge(left, right, id);
        }

        return new Vocabulary(tokens);
    }

    private static WordCounts Count(IEnumerable<string> lines, VocabularyOptions options, CancellationToken cancellationToken)
    {
        WordCounts counts = new(EncoderSettings.RulesFor(options.LowerCase, options.StripAccents, options.SplitChinese));
        foreach (string line in lines)
        {
            ArgumentNullException.ThrowIfNull(line, nameof(lines));
            cancellationToken.ThrowIfCancellationRequested();
            counts.Add(line);
        }

        return counts;
    }

    /// <summary>The words as characters, those with more than one.</summary>
    private static List<(int[] Pieces, long Count)> Write(WordCounts counts, Alphabet alphabet)
    {
        List<(int[] Pieces, long Count)> words = [];
        List<int> symbols = [];
        foreach ((string word, long count) in counts.Words)
        {
            symbols.Clear();
            if (alphabet.TryWrite(word, symbols) && symbols.Count > 1)
            {
                words.Add(([.. symbols], count));
            }
        }

        return words;
    }
}
