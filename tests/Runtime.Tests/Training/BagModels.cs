using BertGen.CompilerServices;
using BertGen.Tests.Inference;
using BertGen.Weights;

namespace BertGen.Tests.Training;

public enum Color
{
    Red,
    Green,
    Blue,
}

internal sealed class BagModel(LoadedModel loaded) : TextModel(loaded)
{
    public BagTrainer CreateTrainer(TrainingOptions? options = null) => new(this, options);

    public static class Heads
    {
        public static TrainableHead<BagModel, LabeledText<Color>> Color { get; } = TrainableHeads.SequenceClassification<BagModel, Color>(0);

        public static TrainableHead<BagModel, ScoredText> Score { get; } = TrainableHeads.SequenceRegression<BagModel>(1);
    }

    /// <summary>What the compiler nests in a model class.</summary>
    internal sealed class BagTrainer(BagModel model, TrainingOptions? options) : Trainer<BagModel>(model, options)
    {
        public IEnumerable<TrainingStep> Fit(IEnumerable<LabeledText<Color>> examples) => Fit(Heads.Color.With(examples));

        public IEnumerable<TrainingStep> Fit(IEnumerable<LabeledText<Color>> examples, IEnumerable<LabeledText<Color>> validation) => Fit(Heads.Color.With(examples, validation: validation));

        public TrainingSummary Train(IEnumerable<LabeledText<Color>> examples, IProgress<TrainingStep>? progress = null, CancellationToken cancellationToken = default) =>
            Train([Heads.Color.With(examples)], progress, cancellationToken);
    }
}

/// <summary>Models over <see cref="BagProgram"/>, and examples that they can learn: each color has letters of its own.</summary>
internal static class BagModels
{
    public static HeadDefinition Colors => FakeModels.Head(HeadKind.SequenceClassification, 3, "classifier");

    public static HeadDefinition Score => FakeModels.Head(HeadKind.SequenceRegression, 1, "heads.Score.classifier");

    public static HeadDefinition Masks => FakeModels.Head(HeadKind.MaskedLanguageModel, BagProgram.Vocabulary, "cls.predictions");

    public static HeadDefinition NextSentence => FakeModels.Head(HeadKind.NextSentencePrediction, 2, "cls.seq_relationship");

    public static BagModel Create(BagProgram program, long seed = 1, int threads = 1, bool isMapped = false)
    {
        LoadedWeights weights = CheckpointReader.Create(program.Definition, seed, []);
        if (isMapped)
        {
            unsafe
            {
                weights = new LoadedWeights(WeightArena.Map(weights.Arena.Pointer, weights.Arena.Floats), [], owner: weights);
            }
        }

        // Letters a to z have the ids 5 to 30, their continuations would have more than the table has rows.
        var tokenizer = new FakeTokenizer([.. Enumerable.Range('a', 26).Select(c => ((char)c).ToString())]);
        return new BagModel(new LoadedModel(program, weights, tokenizer, new ModelOptions { Threads = threads }));
    }

    public static BagModel Create(params HeadDefinition[] heads) => Create(new BagProgram(heads));

    /// <summary>The bits of all weights.</summary>
    public static unsafe uint[] Bits(BagModel model)
    {
        WeightArena arena = model.Loaded.Weights.Arena;
        return new ReadOnlySpan<uint>(arena.Pointer, (int)arena.Floats).ToArray();
    }

    /// <summary>The values of a published weight.</summary>
    public static float[] Values(BagModel model, string name) => WeightPacker.Unpack(new WeightLayout(model.Loaded.Definition), name, model.Loaded.Weights.Arena);

    public static LabeledText<Color>[] Examples(int count, int seed = 1)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var color = (Color)random.Next(3);
            IEnumerable<char> letters = Enumerable.Range(0, random.Next(1, 9)).Select(_ => (char)('a' + 8 * (int)color + random.Next(8)));
            return new LabeledText<Color>(string.Join(' ', letters), color);
        })];
    }
}
