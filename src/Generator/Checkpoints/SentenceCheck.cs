using BertGen.Generator.Diagnostics;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Checkpoints;

/// <summary>Compares a sentence embedding with the stages that the checkpoint names.</summary>
internal static class SentenceCheck
{
    public static void Check(ModelSpec model, HeadSpec head, int attribute, CheckpointFacts facts, List<ModelDiagnostic> found)
    {
        found.AddRange(facts.Sentences.Errors.Select(error => ModelDiagnostic.Of(CheckpointRules.Unreadable, new(attribute), facts.Path, model.Name, error)));
        string published = string.Join(" and ", facts.Sentences.Poolings);
        if (published.Length > 0 && published != head.Pooling.ToString().ToLowerInvariant())
        {
            string wayOut = Enum.TryParse(published, ignoreCase: true, out Pooling pooling)
                ? $"Declare Pooling = Pooling.{pooling}."
                : "Choose another checkpoint: no head pools like that.";
            Report(nameof(head.Pooling), head.Pooling.ToString(), "pooling", published, wayOut);
        }

        foreach (string stage in facts.Sentences.Modules.Where(module => module.Substring(module.LastIndexOf('.') + 1) is not ("Transformer" or "Pooling" or "Normalize")))
        {
            Report("A sentence embedding", "the encoder, its pooling and perhaps its normalization", "the stage", stage, "Choose a checkpoint without it.");
        }

        void Report(string property, string declared, string field, string value, string wayOut) =>
            found.Add(ModelDiagnostic.Of(CheckpointRules.SettingDiffers, new(attribute, property), property, declared, facts.Path, field, value, wayOut));
    }
}
