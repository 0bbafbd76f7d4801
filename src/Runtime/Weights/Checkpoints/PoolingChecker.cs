using System.Text.Json;
using System.Text.Json.Nodes;
using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>Compares what a sentence-embedding checkpoint says of its pooling with the head's attribute.</summary>
/// <remarks>Two schemas of <c>1_Pooling/config.json</c> are published: a flag for each mode, and since version 5.4 of the library one name.</remarks>
internal static class PoolingChecker
{
    private const string FlagPrefix = "pooling_mode_";

    /// <summary>Adds a problem where the pooling differs or the folder has a stage that no head computes.</summary>
    public static void Check(HeadDefinition head, IReadOnlyList<CheckpointFile> files, List<string> problems)
    {
        foreach (CheckpointFile file in files)
        {
            try
            {
                if (file.Name == SmallFiles.Pooling)
                {
                    CheckPooling(head, JsonFiles.Parse(file.Content.Span), problems);
                }
                else if (file.Name == SmallFiles.Modules)
                {
                    CheckModules(JsonFiles.ParseNode(file.Content.Span), problems);
                }
            }
            catch (JsonException exception)
            {
                problems.Add($"{file.Name} cannot be read: {exception.Message}");
            }
        }
    }

    /// <summary>Longest text in tokens, from <c>sentence_bert_config.json</c>; null where it says nothing.</summary>
    public static int? ReadMaxSequenceLength(ReadOnlySpan<byte> content, List<string> problems)
    {
        try
        {
            long? length = new ConfigFields(JsonFiles.Parse(content), SmallFiles.SentenceBert, problems).Integer("max_seq_length");
            if (length is null or (> 0 and <= int.MaxValue))
            {
                return (int?)length;
            }

            problems.Add($"{SmallFiles.SentenceBert} says max_seq_length {length}; it must be positive.");
        }
        catch (JsonException exception)
        {
            problems.Add($"{SmallFiles.SentenceBert} cannot be read: {exception.Message}");
        }

        return null;
    }

    private static void CheckPooling(HeadDefinition head, JsonObject config, List<string> problems)
    {
        var modes = new List<string>();
        if (config["pooling_mode"] is JsonArray several)
        {
            modes.AddRange(several.Select(mode => ConfigFields.AsText(mode) ?? "?"));
        }
        else if (new ConfigFields(config, SmallFiles.Pooling, problems).Text("pooling_mode") is { } mode)
        {
            modes.Add(mode);
        }
        else
        {
            foreach ((string key, JsonNode? value) in config)
            {
                if (key.StartsWith(FlagPrefix, StringComparison.Ordinal) && value?.GetValueKind() == JsonValueKind.True)
                {
                    modes.Add(key[FlagPrefix.Length..].Replace("_tokens", "", StringComparison.Ordinal).Replace("_token", "", StringComparison.Ordinal));
                }
            }
        }

        string declared = head.Pooling switch
        {
            Pooling.Cls => "cls",
            Pooling.Mean => "mean",
            Pooling.Max => "max",
            _ => throw new ArgumentOutOfRangeException(nameof(head), head.Pooling, "Not a pooling."),
        };
        if (modes.Count > 0 && (modes.Count > 1 || modes[0] != declared))
        {
            problems.Add($"{SmallFiles.Pooling} says pooling by {MessageText.Of(string.Join(" and ", modes))}; the model declares Pooling = {head.Pooling}.");
        }
    }

    private static void CheckModules(JsonNode? modules, List<string> problems)
    {
        foreach (JsonNode? module in modules as JsonArray ?? [])
        {
            string? type = ConfigFields.AsText((module as JsonObject)?["type"]);
            string? kind = type?[(type.LastIndexOf('.') + 1)..];
            if (kind is not (null or "Transformer" or "Pooling" or "Normalize"))
            {
                problems.Add($"{SmallFiles.Modules} has a stage '{MessageText.Of(type!)}', which a sentence embedding here does not compute.");
            }
        }
    }
}
