using System.Globalization;
using BertGen.Generator.Diagnostics;

namespace BertGen.Generator.Checkpoints;

/// <summary>Typed access to the fields of a checkpoint; one of the wrong kind is told, and counts as absent.</summary>
internal sealed class ConfigReader(CheckpointFacts facts, string model, int attribute, List<ModelDiagnostic> found)
{
    /// <summary>An integer, or null where the field is absent or wrong.</summary>
    public long? Integer(string name) =>
        OfKind(name, "number", "no integer") is { } text
            ? long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : Wrong<long>(name, "no integer")
            : null;

    /// <summary>A number, or null where the field is absent or wrong.</summary>
    public double? Number(string name) =>
        OfKind(name, "number", "no number") is { } text
            ? double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : Wrong<double>(name, "no number")
            : null;

    /// <summary>A text, or null where the field is absent or wrong.</summary>
    public string? Text(string name) => OfKind(name, "string", "no text");

    /// <summary>True where the field is; false where it is absent, false or wrong.</summary>
    public bool Flag(string name) => OfKind(name, "boolean", "neither true nor false") == "true";

    /// <summary>Tells where the field is no object; what is in it stands under names of its own.</summary>
    public void Object(string name) => OfKind(name, "object", "no object");

    private string? OfKind(string name, string kind, string complaint)
    {
        CheckpointField? field = facts.Field(name);
        if (field is not null && field.Kind != kind)
        {
            Wrong<int>(name, complaint);
            return null;
        }

        return field?.Value;
    }

    private T? Wrong<T>(string name, string complaint) where T : struct
    {
        found.Add(ModelDiagnostic.Of(CheckpointRules.Unreadable, new(attribute), facts.Path, model, $"Its configuration has a '{name}' that is {complaint}."));
        return null;
    }
}
