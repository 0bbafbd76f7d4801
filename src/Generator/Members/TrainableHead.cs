using BertGen.Generator.Specs;

namespace BertGen.Generator.Members;

/// <summary>A head that a model class can be fine-tuned for, as plain data.</summary>
/// <param name="Index">Index of the head.</param>
/// <param name="Property">Its name under <c>Heads</c>.</param>
/// <param name="ExampleType">Fully qualified type of what it learns from.</param>
/// <param name="Factory">Name and type arguments, behind the model's, of the runtime's method that makes it.</param>
/// <param name="IsAlone">No other head of the class learns from the same type, so that examples alone say which head is meant.</param>
internal sealed record TrainableHead(int Index, string Property, string ExampleType, string Factory, string TypeArgument, bool IsAlone)
{
    // A property of the static class Heads can have neither its name nor that of a member of object.
    private static readonly string[] s_reserved = ["Heads", "Equals", "Finalize", "GetHashCode", "GetType", "MemberwiseClone", "ReferenceEquals", "ToString"];

    /// <summary>The heads of a class that learn from examples; masks and next sentences learn from a corpus, embeddings from nothing of their own.</summary>
    public static IReadOnlyList<TrainableHead> Of(IReadOnlyList<HeadSpec> heads, bool vectorInput)
    {
        List<int> trainable = Enumerable.Range(0, heads.Count).Where(i => ExampleOf(heads[i], vectorInput) is not null).ToList();
        HashSet<string> taken = [.. s_reserved, .. trainable.Where(i => heads[i].Name is null).Select(i => heads[i].Kind.ToString())];
        List<TrainableHead> result = [];
        foreach (int i in trainable)
        {
            HeadSpec head = heads[i];
            string example = ExampleOf(head, vectorInput)!;
            bool isAlone = trainable.Count(other => ExampleOf(heads[other], vectorInput) == example) == 1;
            result.Add(new TrainableHead(i, head.Name is null ? head.Kind.ToString() : Free(head, taken), example, (vectorInput ? "Vector" : "") + head.Kind, head.LabelType is null ? "" : $", {head.LabelType}", isAlone));
        }

        return result;
    }

    /// <summary>True where a class learns from a corpus.</summary>
    public static bool LearnsFromCorpus(IReadOnlyList<HeadSpec> heads) =>
        heads.Any(head => head.Kind is HeadKind.MaskedLanguageModel or HeadKind.NextSentencePrediction);

    /// <summary>The head's name, or its name and task where another has that name.</summary>
    private static string Free(HeadSpec head, HashSet<string> taken)
    {
        string name = head.Name!;
        for (string suffix = head.Kind.ToString(); !taken.Add(name); suffix = "_")
        {
            name += suffix;
        }

        return name;
    }

    private static string? ExampleOf(HeadSpec head, bool vectorInput)
    {
        string? type = head.Kind switch
        {
            HeadKind.SequenceClassification => vectorInput ? "LabeledVectors" : "LabeledText",
            HeadKind.MultiLabelClassification => vectorInput ? "MultiLabeledVectors" : "MultiLabeledText",
            HeadKind.SequenceRegression => vectorInput ? "ScoredVectors" : "ScoredText",
            HeadKind.TokenClassification => vectorInput ? "TaggedVectors" : "TaggedSentence",
            HeadKind.EntityRecognition => "EntitySentence",
            HeadKind.QuestionAnswering => "QuestionExample",
            HeadKind.MaskedLanguageModel or HeadKind.NextSentencePrediction or HeadKind.SentenceEmbedding => null,
            _ => throw new InvalidOperationException($"It is not known what the head {head.Kind} learns from."),
        };
        return type is null ? null : $"global::BertGen.{type}{(head.LabelType is null ? "" : $"<{head.LabelType}>")}";
    }
}
