using BertGen.Generator.Specs;

namespace BertGen.Generator.Members;

/// <summary>A typed member that a head adds to its model class, as plain data.</summary>
/// <param name="Method">Name of the runtime's method behind it, without the head's name, such as <c>Classify</c>.</param>
/// <param name="ReturnType">Fully qualified.</param>
/// <param name="Parameters">In order.</param>
/// <param name="Summary">Text of its documentation.</param>
/// <param name="Returns">Text on its result.</param>
internal sealed record HeadMember(string Method, string ReturnType, EquatableArray<HeadParameter> Parameters, string Summary, string Returns)
{
    /// <summary>Name with the head's name behind it, such as <c>ClassifyTopic</c>.</summary>
    public string NameFor(HeadSpec head) => Method + head.Name;

    /// <summary>What C# tells overloads apart by, such as <c>ClassifyTopic(string)</c>.</summary>
    /// <remarks>Whether a reference may be null is no part of it.</remarks>
    public string SignatureFor(HeadSpec head) =>
        $"{NameFor(head)}({string.Join(", ", Parameters.Select(p => p.Type.StartsWith("global::", StringComparison.Ordinal) ? p.Type.TrimEnd('?') : p.Type))})";
}

/// <summary>A parameter of a typed member.</summary>
/// <param name="Type">Fully qualified.</param>
/// <param name="Name">Name of the parameter.</param>
/// <param name="Description">Text of its documentation.</param>
/// <param name="Default">Default value, or null.</param>
internal sealed record HeadParameter(string Type, string Name, string Description, string? Default = null);
