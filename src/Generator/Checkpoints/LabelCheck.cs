using System.Globalization;
using BertGen.Generator.Diagnostics;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Checkpoints;

/// <summary>Compares what the heads are for, and their labels, with what the checkpoint says of them.</summary>
internal static class LabelCheck
{
    public static void Check(ModelSpec model, ModelAttributes attributes, CheckpointFacts facts, List<ModelDiagnostic> found)
    {
        for (int i = 0; i < model.Heads.Count; i++)
        {
            HeadSpec head = model.Heads[i];
            if (head.Kind == HeadKind.SentenceEmbedding)
            {
                SentenceCheck.Check(model, head, attributes.Heads[i], facts, found);
            }
            else if (IsThere(head, facts))
            {
                CheckTask(model, head, attributes.Heads[i], facts, found);
                if (head.LabelType is not null)
                {
                    CheckLabels(model, head, attributes.Heads[i], facts, found);
                }
            }
        }
    }

    /// <summary>Of a head that may be missing, and is, the checkpoint can say nothing that matters: an encoder's config.json often lists labels of a task it was never trained for.</summary>
    private static bool IsThere(HeadSpec head, CheckpointFacts facts) =>
        !facts.MayMissHeads || facts.Tensors.Any(tensor => tensor.Name.StartsWith(head.TensorName + ".", StringComparison.Ordinal));

    /// <summary>The part of the configuration that speaks of a head.</summary>
    private static string Section(HeadSpec head) => head.Name is null ? "" : $"bertgen.heads.{head.Name}.";

    private static void CheckTask(ModelSpec model, HeadSpec head, int attribute, CheckpointFacts facts, List<ModelDiagnostic> found)
    {
        string? declared = head.Kind switch
        {
            HeadKind.SequenceClassification => "single_label_classification",
            HeadKind.MultiLabelClassification => "multi_label_classification",
            HeadKind.SequenceRegression => "regression",
            _ => null,
        };
        if (declared is not null && new ConfigReader(facts, model.Name, attribute, found).Text(Section(head) + "problem_type") is { } published && published != declared)
        {
            found.Add(ModelDiagnostic.Of(CheckpointRules.SettingDiffers, new(attribute), $"The task of '{head.TensorName}'", declared, facts.Path, "problem_type", published,
                "Declare the head of that task, or choose another checkpoint."));
        }
    }

    private static void CheckLabels(ModelSpec model, HeadSpec head, int attribute, CheckpointFacts facts, List<ModelDiagnostic> found)
    {
        ConfigReader fields = new(facts, model.Name, attribute, found);
        int before = found.Count;
        fields.Object(Section(head) + "id2label");
        fields.Object(Section(head) + "label2id");
        CheckpointLabel[] published = facts.Labels.Where(label => label.Head == head.Name).OrderBy(label => label.Id).ToArray();
        if (found.Count > before || published.Length == 0)
        {
            return;
        }

        string? difference = Contradiction(head, published, facts);
        if (difference is null && !published.All(label => label.Name == string.Format(CultureInfo.InvariantCulture, "LABEL_{0}", label.Id)))
        {
            // Numbered labels are matched by order; the shape of the classifier says whether the count fits.
            difference = Difference(head, published);
        }

        if (difference is not null)
        {
            string type = head.LabelType!.Substring(head.LabelType.LastIndexOf('.') + 1).Replace("global::", "");
            found.Add(ModelDiagnostic.Of(CheckpointRules.LabelsDiffer, new(attribute, DiagnosticSite.TypeArgument), type, facts.Path, difference));
        }
    }

    /// <summary>What is wrong with the checkpoint's labels among themselves.</summary>
    private static string? Contradiction(HeadSpec head, CheckpointLabel[] published, CheckpointFacts facts)
    {
        if (published.Where((label, place) => label.Id != place).Any())
        {
            return string.Format(CultureInfo.InvariantCulture, "its id2label does not map 0 to {0} to a text each", published.Length - 1);
        }

        CheckpointLabel? other = facts.LabelIds.FirstOrDefault(label => label.Head == head.Name && (label.Id < 0 || label.Id >= published.Length || published[label.Id].Name != label.Name));
        return other is null ? null : $"its label2id and id2label contradict each other over '{other.Name}'";
    }

    /// <summary>Pairs the labels by name, first exactly, then ignoring case, each once; null where all find each other.</summary>
    private static string? Difference(HeadSpec head, CheckpointLabel[] published)
    {
        List<string> undeclared = published.Select(label => label.Name).ToList();
        List<string> unpublished = head.Kind == HeadKind.EntityRecognition
            ? ["O", .. head.Labels.SelectMany(label => new[] { "B-" + label.PublishedName, "I-" + label.PublishedName })]
            : [.. head.Labels.Select(label => label.PublishedName)];
        foreach (StringComparison comparison in new[] { StringComparison.Ordinal, StringComparison.OrdinalIgnoreCase })
        {
            unpublished.RemoveAll(declared =>
            {
                int place = undeclared.FindIndex(name => string.Equals(name, declared, comparison));
                if (place >= 0)
                {
                    undeclared.RemoveAt(place);
                }

                return place >= 0;
            });
        }

        if (undeclared.Count == 0 && unpublished.Count == 0)
        {
            return null;
        }

        string[] parts =
        [
            .. undeclared.Count > 0 ? [$"the checkpoint has {Some(undeclared)}, which is not declared"] : Array.Empty<string>(),
            .. unpublished.Count > 0 ? [$"declared is {Some(unpublished)}, which the checkpoint lacks"] : Array.Empty<string>(),
        ];
        return string.Join("; ", parts);
    }

    private static string Some(List<string> names)
    {
        const int Shown = 5;
        string shown = string.Join(", ", names.Take(Shown).Select(n => $"'{n}'"));
        return names.Count > Shown ? $"{shown} and {(names.Count - Shown).ToString(CultureInfo.InvariantCulture)} more" : shown;
    }
}
