using BertGen.Generator.Specs;

namespace BertGen.Generator.Members;

/// <summary>Every member that is generated into a model class, by name and by what tells overloads apart.</summary>
internal static class ModelMembers
{
    /// <summary>Members of a model beside those of its heads: methods by signature, types and properties by name.</summary>
    public static IReadOnlyList<GeneratedMember> Common(IReadOnlyList<HeadSpec> heads, bool vectorInput)
    {
        List<GeneratedMember> members =
        [
            new("Load", "Load(string, global::BertGen.ModelOptions)"),
            vectorInput ? new("Create", "Create(global::BertGen.ModelOptions)") : new("Create", "Create(string, global::BertGen.ModelOptions)"),
            new("Description", null),
            new("Program", null),
            new("Kernels", null),
        ];
        if (TrainableHead.Of(heads, vectorInput).Count > 0)
        {
            members.Add(new("CreateTrainer", "CreateTrainer(global::BertGen.TrainingOptions)"));
            members.Add(new("Trainer", null));
            members.Add(new("Heads", null));
        }

        if (TrainableHead.LearnsFromCorpus(heads))
        {
            members.Add(new("CreatePretrainer", "CreatePretrainer(global::BertGen.PretrainingOptions)"));
        }

        return members;
    }

    /// <summary>Members of one head.</summary>
    public static IReadOnlyList<GeneratedMember> Of(HeadSpec head, bool vectorInput, bool hasEmbeddingGenerator)
    {
        List<GeneratedMember> members = HeadMembers.For(head, vectorInput)
            .Select(m => new GeneratedMember(m.NameFor(head), m.SignatureFor(head))).ToList();
        if (HasEmbeddingGenerator(head, vectorInput, hasEmbeddingGenerator))
        {
            members.Add(new(EmbeddingGeneratorMethod(head), EmbeddingGeneratorMethod(head) + "()"));
            members.Add(new(EmbeddingGeneratorClass(head), null));
        }

        return members;
    }

    /// <summary>A sentence embedding over text serves as an IEmbeddingGenerator where the project knows that interface.</summary>
    public static bool HasEmbeddingGenerator(HeadSpec head, bool vectorInput, bool isReferenced) =>
        isReferenced && !vectorInput && head.Kind == HeadKind.SentenceEmbedding;

    public static string EmbeddingGeneratorMethod(HeadSpec head) => $"As{head.Name}EmbeddingGenerator";

    public static string EmbeddingGeneratorClass(HeadSpec head) => $"{head.Name}EmbeddingGenerator";
}

/// <summary>A generated member.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Signature">Name and parameter types of a method; null for a type or property, which shares its name with nothing.</param>
internal readonly record struct GeneratedMember(string Name, string? Signature)
{
    /// <summary>What two heads may not both have.</summary>
    public string Key => Signature ?? Name;
}
