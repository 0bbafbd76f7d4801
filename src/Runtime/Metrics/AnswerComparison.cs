using System.Text;
using System.Text.RegularExpressions;
using BertGen.Tokenization;

namespace BertGen;

/// <summary>Compares answers as the published evaluation of SQuAD does (Rajpurkar et al., 2016): case, punctuation, articles and white space do not count.</summary>
/// <remarks>Where a right answer has Chinese characters, each of them is a word, and all of Unicode's punctuation goes instead of that of ASCII.</remarks>
internal static partial class AnswerComparison
{
    /// <summary>Whether two answers are the same, 0 or 1, and the F1 of their words.</summary>
    public static (double ExactMatch, double F1) Compare(string predicted, string right)
    {
        bool isChinese = right.EnumerateRunes().Any(character => CharacterRules.IsChinese(character.Value));
        string[] predictedWords = Words(predicted, isChinese), rightWords = Words(right, isChinese);
        double exact = predictedWords.AsSpan().SequenceEqual(rightWords) ? 1 : 0;

        // Without a word on either side, as for no answer, there is no F1 between.
        return predictedWords.Length == 0 || rightWords.Length == 0 ? (exact, exact) : (exact, F1(predictedWords, rightWords));
    }

    /// <summary>The words of an answer that count.</summary>
    public static string[] Words(string answer, bool isChinese)
    {
        StringBuilder text = new(answer.Length);
        foreach (Rune character in answer.ToLowerInvariant().EnumerateRunes())
        {
            if (isChinese && CharacterRules.IsChinese(character.Value))
            {
                text.Append(' ').Append(character).Append(' ');
            }
            else if (!CharacterRules.IsPunctuation(character.Value) || (!isChinese && !character.IsAscii))
            {
                text.Append(character);
            }
        }

        string kept = isChinese ? text.ToString() : Article().Replace(text.ToString(), " ");
        return kept.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    }

    private static double F1(string[] predicted, string[] right)
    {
        Dictionary<string, int> left = [];
        foreach (string word in right)
        {
            left[word] = left.GetValueOrDefault(word) + 1;
        }

        int common = 0;
        foreach (string word in predicted)
        {
            if (left.GetValueOrDefault(word) is var count and > 0)
            {
                left[word] = count - 1;
                common++;
            }
        }

        return LabelMetrics.HarmonicMean(common, predicted.Length, right.Length);
    }

    [GeneratedRegex(@"\b(a|an|the)\b", RegexOptions.CultureInvariant)]
    private static partial Regex Article();
}
