using System.Globalization;

namespace BertGen.Benchmarks;

/// <summary>A WordPiece vocabulary of the published size: the real one where <c>BERTGEN_DATA</c> has it, else a made-up one with the special tokens at their published places.</summary>
internal static class BenchmarkVocabulary
{
    public const int Cls = 101;
    public const int Sep = 102;
    public const int Mask = 103;

    /// <summary>The text whose first prediction the cold start waits for.</summary>
    public const string Text = "the quick brown fox jumps over the lazy dog and runs away from all of them";

    public static IReadOnlyList<string> Tokens()
    {
        string? data = Environment.GetEnvironmentVariable("BERTGEN_DATA");
        string real = Path.Combine(data ?? "", "vocab", "bert-base-uncased.txt");
        return !string.IsNullOrEmpty(data) && File.Exists(real) ? File.ReadAllLines(real) : MadeUp();
    }

    private static List<string> MadeUp()
    {
        List<string> tokens = ["[PAD]"];
        tokens.AddRange(Enumerable.Range(0, 99).Select(i => FormattableString.Invariant($"[unused{i}]")));
        tokens.AddRange(["[UNK]", "[CLS]", "[SEP]", "[MASK]"]);
        tokens.AddRange("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~0123456789abcdefghijklmnopqrstuvwxyz".Select(c => c.ToString()));
        tokens.AddRange("0123456789abcdefghijklmnopqrstuvwxyz".Select(c => $"##{c}"));
        tokens.AddRange(Text.Split(' ').Distinct().Where(word => word.Length > 1));

        // Words of syllables, each also as a continuation, until the published size is reached.
        HashSet<string> known = [.. tokens];
        const string Consonants = "bdfgklmnprst", Vowels = "aeiou";
        for (int i = 0; tokens.Count < BenchmarkModel.VocabularySize; i++)
        {
            string word = "";
            for (int rest = i + 60; rest > 0; rest /= 60)
            {
                word += string.Create(CultureInfo.InvariantCulture, $"{Consonants[rest % 12]}{Vowels[rest / 12 % 5]}");
            }

            foreach (string token in (string[])[word, $"##{word}"])
            {
                if (tokens.Count < BenchmarkModel.VocabularySize && known.Add(token))
                {
                    tokens.Add(token);
                }
            }
        }

        return tokens;
    }
}
