using System.Globalization;

namespace BertGen.Training;

/// <summary>Checks of options: each says what it got and what it expects.</summary>
internal static class OptionRules
{
    public static void AtLeast(long value, long least, string option) => Require(value >= least, value, option, $"must be at least {least}");

    public static void Positive(float value, string option) => Require(value > 0 && float.IsFinite(value), value, option, "must be a number above 0");

    public static void PositiveOrInfinite(float value, string option) => Require(value > 0, value, option, "must be above 0; infinity is allowed");

    public static void NotNegative(float value, string option) => Require(value >= 0 && float.IsFinite(value), value, option, "must be a number from 0 on");

    public static void Within(float value, float least, float most, string option) =>
        Require(value >= least && value <= most, value, option, string.Create(CultureInfo.InvariantCulture, $"must be between {least} and {most}"));

    /// <summary>0 to less than 1.</summary>
    public static void Share(float value, string option) => Require(value >= 0 && value < 1, value, option, "must be from 0 to less than 1");

    public static void Defined<TEnum>(TEnum value, string option) where TEnum : struct, Enum =>
        Require(Enum.IsDefined(value), value, option, $"must be one of {string.Join(", ", Enum.GetNames<TEnum>())}");

    public static ArgumentException Contradiction(string option, string other, string why) =>
        new($"{option} and {other} do not go together: {why}.", $"options.{option}");

    private static void Require(bool holds, object value, string option, string expectation)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException($"options.{option}", value, $"{option} {expectation}.");
        }
    }
}
