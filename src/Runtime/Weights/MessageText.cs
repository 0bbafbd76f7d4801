using System.Globalization;
using System.Text;

namespace BertGen.Weights;

/// <summary>What a file says, as it may stand in a message: short, and printable.</summary>
/// <remarks>A name in a hostile file may have megabytes, or characters that break lines and turn the order of what follows.</remarks>
internal static class MessageText
{
    /// <summary>Code units that are shown at most; published names of weights have up to some 70.</summary>
    public const int Longest = 120;

    /// <summary>The text itself where it is short and printable.</summary>
    public static string Of(ReadOnlySpan<char> text)
    {
        if (text.Length <= Longest && !text.ContainsAnyExceptInRange(' ', '~'))
        {
            return text.ToString();
        }

        var shown = new StringBuilder();
        foreach (Rune character in text.EnumerateRunes())
        {
            if (shown.Length >= Longest)
            {
                return shown.Append('…').ToString();
            }

            if (IsPrintable(character))
            {
                shown.Append(character.ToString());
            }
            else
            {
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{character.Value:X4}}}");
            }
        }

        return shown.ToString();
    }

    private static bool IsPrintable(Rune character) => Rune.GetUnicodeCategory(character) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
