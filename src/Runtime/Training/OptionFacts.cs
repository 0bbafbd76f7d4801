using System.Globalization;

namespace BertGen.Training;

/// <summary>Options as text, exact and the same on every machine.</summary>
internal static class OptionFacts
{
    private const string None = "none";

    public static KeyValuePair<string, string> Of(string name, string? value) => new(name, value ?? None);

    public static KeyValuePair<string, string> Of(string name, IFormattable? value) => new(name, value?.ToString(null, CultureInfo.InvariantCulture) ?? None);

    public static KeyValuePair<string, string> Of(string name, IReadOnlyList<float>? values) =>
        new(name, values is null ? None : string.Join(' ', values.Select(value => value.ToString(CultureInfo.InvariantCulture))));
}
