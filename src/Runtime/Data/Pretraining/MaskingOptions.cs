using System.Globalization;

namespace BertGen;

/// <summary>What happens to the words that a masked language model learns to predict.</summary>
/// <remarks>
/// The defaults are those of BERT (Devlin et al., 2019, section 3.1). <c>MaskShare = 1, RandomShare = 0</c> always writes the mask,
/// <c>MaskShare = 0, RandomShare = 1</c> always a random word; what the two leave of 1 stays as it is. CBOW never sees the word itself, so all words can be learned at once:
/// <c>Rate = 1, MaskShare = 0, RandomShare = 0</c>.
/// </remarks>
public sealed record MaskingOptions
{
    /// <summary>Share of a text's tokens that are predicted, more than 0, at most 1; of each text at least one token.</summary>
    public float Rate { get; init => field = value is > 0 and <= 1 ? value : throw Outside(nameof(Rate), value, "more than 0 and at most 1"); } = 0.15f;

    /// <summary>Share of the predicted tokens that become [MASK].</summary>
    public float MaskShare { get; init => field = value is >= 0 and <= 1 ? value : throw Outside(nameof(MaskShare), value, "0 to 1"); } = 0.8f;

    /// <summary>Share of the predicted tokens that become a random token, never a special one.</summary>
    public float RandomShare { get; init => field = value is >= 0 and <= 1 ? value : throw Outside(nameof(RandomShare), value, "0 to 1"); } = 0.1f;

    /// <summary>Predicts all pieces of a word or none. A Chinese character is a word, as in the published preprocessing.</summary>
    public bool WholeWord { get; init; }

    /// <summary>Checks what the properties cannot check alone.</summary>
    /// <exception cref="ArgumentException">The shares are more than 1 together.</exception>
    internal void Check()
    {
        // 0.8f + 0.2f is a little more than 1 in double.
        const double Rounding = 1e-6;
        if ((double)MaskShare + RandomShare > 1 + Rounding)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"MaskShare {MaskShare} and RandomShare {RandomShare} are more than 1 together. What they leave of 1 stays as it is: lower one of them."));
        }
    }

    private static ArgumentOutOfRangeException Outside(string option, float value, string range) => new(option, value, $"MaskingOptions.{option} must be {range}.");
}
