using System.Globalization;
using System.Text.Json.Nodes;
using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>Matches the labels of a checkpoint with those of a head, by name, ignoring case.</summary>
internal static class LabelMatcher
{
    private const string File = SmallFiles.Config;

    /// <summary>The part of <c>config.json</c> that speaks of a head: the top level for an unnamed head, <c>bertgen.heads.Name</c> for a named one.</summary>
    public static JsonObject? Section(JsonObject config, HeadDefinition head) =>
        head.Name is null ? config : ((config["bertgen"] as JsonObject)?["heads"] as JsonObject)?[head.Name] as JsonObject;

    /// <summary>For each label of the head the checkpoint's output of that name; null where the order is the same or there is a problem.</summary>
    public static int[]? Match(HeadDefinition head, JsonObject? section, List<string> problems)
    {
        if (section is null || Read(section, head, problems) is not { } published || IsNumbered(published))
        {
            // Without names, or with nothing but LABEL_0, LABEL_1, …, the order is all there is; the shapes say whether the count fits.
            return null;
        }

        var places = new int[head.Labels.Count];
        Array.Fill(places, -1);
        var free = new HashSet<int>(Enumerable.Range(0, published.Length));

        // Exact names first, so that names that differ only in case find their own.
        Pair(head.Labels, published, places, free, StringComparison.Ordinal);
        Pair(head.Labels, published, places, free, StringComparison.OrdinalIgnoreCase);
        List<string> missing = [.. head.Labels.Where((_, i) => places[i] < 0)];
        if (missing.Count > 0 || free.Count > 0)
        {
            problems.Add(Difference(head, published, missing, free));
            return null;
        }

        for (int i = 0; i < places.Length; i++)
        {
            if (places[i] != i)
            {
                return places;
            }
        }

        return null;
    }

    /// <summary>The names by output number, or null where there are none or they are wrong.</summary>
    private static string[]? Read(JsonObject section, HeadDefinition head, List<string> problems)
    {
        int before = problems.Count;
        var fields = new ConfigFields(section, File, problems);
        JsonObject? id2label = fields.Object("id2label");
        JsonObject? label2id = fields.Object("label2id");
        if (id2label is null || id2label.Count == 0)
        {
            return null;
        }

        var labels = new string[id2label.Count];
        foreach ((string key, JsonNode? value) in id2label)
        {
            if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id >= labels.Length || labels[id] is not null
                || ConfigFields.AsText(value) is not { } label)
            {
                problems.Add($"{File} has an id2label{For(head)} whose entry '{MessageText.Of(key)}' does not map one of 0 to {labels.Length - 1} to a text.");
                return null;
            }

            labels[id] = label;
        }

        foreach ((string label, JsonNode? value) in label2id ?? [])
        {
            if (value is not JsonValue number || !number.TryGetValue(out int id) || id < 0 || id >= labels.Length || labels[id] != label)
            {
                problems.Add($"{File} contradicts itself{For(head)}: label2id says '{MessageText.Of(label)}' is {MessageText.Of(value?.ToJsonString() ?? "null")}, id2label says otherwise.");
            }
        }

        return problems.Count == before ? labels : null;
    }

    private static void Pair(IReadOnlyList<string> labels, string[] published, int[] places, HashSet<int> free, StringComparison comparison)
    {
        for (int i = 0; i < places.Length; i++)
        {
            for (int id = 0; id < published.Length && places[i] < 0; id++)
            {
                if (string.Equals(published[id], labels[i], comparison) && free.Remove(id))
                {
                    places[i] = id;
                }
            }
        }
    }

    private static bool IsNumbered(string[] labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != string.Create(CultureInfo.InvariantCulture, $"LABEL_{i}"))
            {
                return false;
            }
        }

        return true;
    }

    private static string Difference(HeadDefinition head, string[] published, List<string> missing, HashSet<int> free)
    {
        string text = $"The labels of '{head.TensorName}' differ: {File} has {published.Length}, the model declares {head.Labels.Count}";
        if (missing.Count > 0)
        {
            text += $"; not in the checkpoint: {Quote(missing)}";
        }

        if (free.Count > 0)
        {
            text += $"; not in the model: {Quote(free.Order().Select(id => published[id]))}";
        }

        return text + ". [Label(\"…\")] gives an enum member its published name.";
    }

    private static string Quote(IEnumerable<string> names)
    {
        const int Most = 20;
        string[] all = [.. names];
        string text = string.Join(", ", all.Take(Most).Select(name => $"'{MessageText.Of(name)}'"));
        return all.Length > Most ? $"{text} and {all.Length - Most} more" : text;
    }

    private static string For(HeadDefinition head) => head.Name is null ? "" : $" for the head '{head.Name}'";
}
