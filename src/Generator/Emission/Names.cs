using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;

namespace BertGen.Generator.Emission;

/// <summary>Identifiers of generated code.</summary>
internal static class Names
{
    public static string CamelCase(string words)
    {
        string pascal = Kernel.PascalCase(words.Replace(",", ""));
        return char.ToLowerInvariant(pascal[0]) + pascal.Substring(1);
    }

    /// <summary>A C# string literal.</summary>
    public static string Literal(string text) => $"\"{string.Concat(text.Select(Escaped))}\"";

    private static string Escaped(char character) => character switch
    {
        '"' or '\\' => $"\\{character}",
        '\n' => "\\n",
        < ' ' or '\u007f' or '\u0085' or '\u2028' or '\u2029' => $"\\u{(int)character:x4}",
        _ => character.ToString(),
    };

    /// <summary>A free dimension in the words of generated code.</summary>
    public static string CountOf(Axis axis) => axis switch
    {
        Axis.Tokens => "tokenCount",
        Axis.Texts => "textCount",
        Axis.Selected => "selectedCount",
        Axis.Vectors => "vectorCount",
        _ => throw new NotSupportedException($"{axis} is no axis of rows."),
    };

    /// <summary>Prefix of a worker's share of an axis.</summary>
    public static string ShareOf(Axis axis) => axis switch
    {
        Axis.Tokens => "token",
        Axis.Texts => "text",
        Axis.Selected => "selected",
        Axis.Vectors => "vector",
        _ => throw new NotSupportedException($"{axis} is no axis of rows."),
    };
}
