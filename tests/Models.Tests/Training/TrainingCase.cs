using BertGen.Models.Tests.Declarations;
using BertGen.Models.Tests.Oracles;
using BertGen.Models.Tests.TestModels;
using BertGen.Models.Tests.Weights;

namespace BertGen.Models.Tests.Training;

/// <summary>A model, seeded weights, a batch of mixed lengths and what some of the heads should have said about it.</summary>
/// <param name="Name">Name of the case and of its fixture.</param>
/// <param name="Model">The model class.</param>
/// <param name="Lengths">Tokens of each text.</param>
/// <param name="Heads">Tensor names of the heads that take part.</param>
internal sealed record TrainingCase(string Name, Type Model, int[] Lengths, params string[] Heads)
{
    private const ulong Seed = 20191105;
    private static readonly int[] s_mixed = [17, 1, 33, 67, 5, 16];

    /// <summary>Every head, alone and together; every activation, kind of input and encoder; row strides of 4 KiB; more keys than one tile of attention has.</summary>
    public static IReadOnlyList<TrainingCase> All { get; } =
    [
        new("classes", typeof(OddModel), s_mixed, "classifier"),
        new("labels", typeof(OddModel), s_mixed, "heads.Topics.classifier"),
        new("score", typeof(OddModel), s_mixed, "heads.Grade.classifier"),
        new("sigmoid score", typeof(ScoreModel), [9, 20, 2], "classifier"),
        new("tags", typeof(OddModel), s_mixed, "heads.Tags.classifier"),
        new("entities", typeof(OddModel), s_mixed, "heads.Places.classifier"),
        new("answers", typeof(OddModel), s_mixed, "qa_outputs"),
        new("masks", typeof(OddModel), s_mixed, "cls.predictions"),
        new("next sentence", typeof(OddModel), s_mixed, "cls.seq_relationship"),
        new("pretraining", typeof(OddModel), s_mixed, "cls.predictions", "cls.seq_relationship"),
        new("two heads", typeof(OddModel), s_mixed, "classifier", "heads.Tags.classifier"),
        new("all heads", typeof(OddModel), s_mixed, "classifier", "heads.Topics.classifier", "heads.Grade.classifier", "heads.Tags.classifier", "heads.Places.classifier", "qa_outputs", "cls.predictions", "cls.seq_relationship"),
        new("crooked masks", typeof(CrookedModel), [9, 40, 1, 16], "cls.predictions"),
        new("relu tags", typeof(ReluModel), [20, 3, 1], "classifier"),
        new("frame classes", typeof(FrameModel), [21, 50, 2, 3], "classifier"),
        new("frame tags", typeof(FrameModel), [21, 50, 2, 3], "classifier", "heads.Frames.classifier"),
        new("bag masks", typeof(BagModel), [12, 1, 2, 30], "cls.predictions"),
        new("wide answers", typeof(WideModel), [19, 7], "qa_outputs"),
        new("base classes", typeof(BaseLayersModel), [15, 4], "classifier"),
        new("long tags", typeof(LongModel), [513, 600, 31], "classifier"),
    ];

    public ModelDeclaration Declaration { get; } = ModelDeclaration.Of(Model);

    /// <summary>Small enough for emulated vectors.</summary>
    public bool IsTiny => Declaration.HiddenSize < 100 && Lengths.Sum() < 200;

    public Checkpoint Weights => RandomWeights.For(Declaration, Seed);

    public IReadOnlyList<ModelInput> Inputs => RandomInputs.Batch(Declaration, Lengths, Seed);

    /// <summary>First token of each text, and the end.</summary>
    public int[] Offsets
    {
        get
        {
            int[] offsets = new int[Lengths.Length + 1];
            for (int i = 0; i < Lengths.Length; i++)
            {
                offsets[i + 1] = offsets[i] + Lengths[i];
            }

            return offsets;
        }
    }

    /// <summary>Tokens that the masked language model predicts, ascending over all texts: about a third, some texts have none. Empty without that head.</summary>
    public int[] Selected
    {
        get
        {
            if (Heads.All(head => Declaration.TaskHeads.Single(one => one.TensorName == head).Task != HeadTask.MaskedWords))
            {
                return [];
            }

            SplitMix random = new(Seed + 1);
            return [.. Enumerable.Range(0, Lengths.Sum()).Where(token => random.Next(3) == 0)];
        }
    }

    /// <summary>The targets of each head that takes part.</summary>
    public IReadOnlyList<RowTargets> Targets { get; init; } = [];

    public override string ToString() => Name;

    public static TrainingCase Named(string name) => WithTargets(All.Single(one => one.Name == name));

    private static TrainingCase WithTargets(TrainingCase one) => one with { Targets = [.. one.Heads.Select((head, i) => RowTargets.Seeded(one, head, headWeight: 1f / (1 + i), Seed + 2 + (ulong)i))] };
}
