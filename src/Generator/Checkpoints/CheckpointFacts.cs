using System.Globalization;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Checkpoints;

/// <summary>What a checkpoint says of itself: the text that the build writes from its small files and the headers of its weights.</summary>
/// <param name="Model">Name of the class that the project pairs it with.</param>
/// <param name="Path">The folder as the project names it.</param>
/// <param name="MayMissHeads">Heads may be missing as a whole: fine-tuning starts them.</param>
/// <param name="Config">Fields of config.json; those of its section <c>bertgen</c> begin with <c>bertgen.</c>, those of sentence_bert_config.json with <c>sentence_bert.</c>.</param>
/// <param name="Labels">Labels of each head, from <c>id2label</c>.</param>
/// <param name="LabelIds">The same the other way round, from <c>label2id</c>.</param>
/// <param name="Sentences">What a sentence-embedding checkpoint says of its stages.</param>
/// <param name="Tensors">The weights.</param>
/// <param name="Errors">What could not be read.</param>
internal sealed record CheckpointFacts(
    string Model,
    string Path,
    bool MayMissHeads,
    EquatableArray<CheckpointField> Config,
    EquatableArray<CheckpointLabel> Labels,
    EquatableArray<CheckpointLabel> LabelIds,
    SentenceFacts Sentences,
    EquatableArray<CheckpointTensor> Tensors,
    EquatableArray<string> Errors)
{
    /// <summary>Ending of the files that the build writes.</summary>
    public const string FileEnding = ".bertgen-checkpoint.txt";

    /// <summary>A field of a configuration, or null where it is absent or null.</summary>
    public CheckpointField? Field(string name) => Config.FirstOrDefault(f => f.Name == name);

    /// <summary>Reads the text: a fact a line, its kind first. Lines that it does not know are a newer build's, and skipped.</summary>
    public static CheckpointFacts Parse(string text)
    {
        string model = "", path = "";
        bool mayMissHeads = false;
        List<CheckpointField> config = [];
        List<CheckpointLabel> labels = [], labelIds = [];
        List<string> poolings = [], modules = [], sentenceErrors = [], errors = [];
        List<CheckpointTensor> tensors = [];
        foreach (string line in text.Replace("\r", "").Split('\n'))
        {
            string[] kind = line.Split([' '], 2);
            string rest = kind.Length > 1 ? kind[1] : "";
            string[] words = rest.Split([' '], 3);
            switch (kind[0])
            {
                case "model":
                    model = rest;
                    break;
                case "path":
                    path = rest;
                    break;
                case "missing-heads":
                    mayMissHeads = rest.Equals("Initialize", StringComparison.OrdinalIgnoreCase);
                    break;
                case "config" when words.Length == 3:
                    config.Add(new(words[0], words[1], words[2]));
                    break;
                case "label" when words.Length == 3:
                    labels.Add(LabelOf(words));
                    break;
                case "label-id" when words.Length == 3:
                    labelIds.Add(LabelOf(words));
                    break;
                case "pooling":
                    poolings.Add(rest);
                    break;
                case "module":
                    modules.Add(rest);
                    break;
                case "sentence-error":
                    sentenceErrors.Add(rest);
                    break;
                case "tensor" when words.Length == 3:
                    tensors.Add(new(words[2], words[0], words[1]));
                    break;
                case "error":
                    errors.Add(rest);
                    break;
            }
        }

        SentenceFacts sentences = new(poolings.ToEquatableArray(), modules.ToEquatableArray(), sentenceErrors.ToEquatableArray());
        return new(model, path, mayMissHeads, config.ToEquatableArray(), labels.ToEquatableArray(), labelIds.ToEquatableArray(), sentences, tensors.ToEquatableArray(), errors.ToEquatableArray());
    }

    private static CheckpointLabel LabelOf(string[] words) =>
        new(words[0] == "-" ? null : words[0], int.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out int id) ? id : -1, words[2]);
}

/// <summary>A field of a configuration.</summary>
/// <param name="Kind">string, number, boolean, object or array.</param>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value as written; of objects and arrays nothing that matters.</param>
internal sealed record CheckpointField(string Kind, string Name, string Value);

/// <summary>A label of a head.</summary>
/// <param name="Head">Name of the head, or null for the unnamed one.</param>
/// <param name="Id">Index of its output, or -1 where the entry is none.</param>
/// <param name="Name">Published name.</param>
internal sealed record CheckpointLabel(string? Head, int Id, string Name);

/// <summary>A weight.</summary>
/// <param name="Name">Name as stored.</param>
/// <param name="Type">Element type as stored, such as <c>F32</c>.</param>
/// <param name="Shape">Such as <c>768,3072</c>.</param>
internal sealed record CheckpointTensor(string Name, string Type, string Shape);

/// <summary>What a sentence-embedding checkpoint says of its stages.</summary>
/// <param name="Poolings">Poolings by name; <c>?</c> for one that is no text.</param>
/// <param name="Modules">Stages by the name of their Python class.</param>
/// <param name="Errors">What could not be read.</param>
internal sealed record SentenceFacts(EquatableArray<string> Poolings, EquatableArray<string> Modules, EquatableArray<string> Errors);
