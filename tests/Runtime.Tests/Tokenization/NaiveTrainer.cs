namespace BertGen.Tests.Tokenization;

/// <summary>Vocabulary training in the plainest way, for words of ASCII letters: all pairs are counted anew for each piece.</summary>
internal static class NaiveTrainer
{
    public static string[] Train(string[] lines, int size, int minimumFrequency)
    {
        List<List<string>> words = [.. lines.SelectMany(line => line.Split(' ')).Select(word => word.Select((letter, i) => i == 0 ? $"{letter}" : $"##{letter}").ToList())];
        string[] letters = [.. words.SelectMany(word => word).Select(piece => piece[^1..]).Distinct().Order(StringComparer.Ordinal)];
        List<string> tokens = [.. TestVocabulary.Special, .. letters, .. letters.Select(letter => $"##{letter}")];
        while (tokens.Count < size)
        {
            Dictionary<(string, string), int> counts = [];
            foreach (List<string> word in words)
            {
                foreach ((string, string) pair in word.Zip(word.Skip(1)))
                {
                    counts[pair] = counts.GetValueOrDefault(pair) + 1;
                }
            }

            ((string left, string right), int count) = counts.OrderByDescending(pair => pair.Value).ThenBy(pair => tokens.IndexOf(pair.Key.Item1)).ThenBy(pair => tokens.IndexOf(pair.Key.Item2)).First();
            if (count < minimumFrequency)
            {
                break;
            }

            string merged = left + right[2..];
            if (!tokens.Contains(merged))
            {
                tokens.Add(merged);
            }

            foreach (List<string> word in words)
            {
                for (int i = 0; i + 1 < word.Count; i++)
                {
                    if (word[i] == left && word[i + 1] == right)
                    {
                        word[i] = merged;
                        word.RemoveAt(i + 1);
                    }
                }
            }
        }

        return [.. tokens];
    }
}
