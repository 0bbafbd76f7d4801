using BertGen.Data;
using BertGen.Training;

namespace BertGen;

/// <summary>How a model is pre-trained on text: masked words, and next sentences where the model has that head.</summary>
public sealed record PretrainingOptions : OptimizationOptions
{
    /// <summary>Optimizer steps; the corpus is read as often as that takes.</summary>
    public int Steps { get; init; } = 10_000;

    /// <summary>Tokens of a text at most, special ones included; 128, or what the model takes where that is less, where null.</summary>
    public int? Length { get; init; }

    /// <summary>Which words are predicted, and what the model sees in their places.</summary>
    public MaskingOptions Masking { get; init; } = new();

    /// <summary>The length for a model that takes so many tokens.</summary>
    internal int LengthFor(int maxTokens) => PretrainingExamples.LengthFor(Length, maxTokens);

    internal override void Check()
    {
        base.Check();
        OptionRules.AtLeast(Steps, 1, nameof(Steps));
        OptionRules.AtLeast(Length ?? PretrainingExamples.ShortestLength, PretrainingExamples.ShortestLength, nameof(Length));
        ArgumentNullException.ThrowIfNull(Masking, $"options.{nameof(Masking)}");
        Masking.Check();
    }

    internal override IEnumerable<KeyValuePair<string, string>> Facts() =>
    [
        .. base.Facts(),
        OptionFacts.Of(nameof(Steps), Steps),
        OptionFacts.Of(nameof(Length), Length),
        OptionFacts.Of("Masking.Rate", Masking.Rate),
        OptionFacts.Of("Masking.MaskShare", Masking.MaskShare),
        OptionFacts.Of("Masking.RandomShare", Masking.RandomShare),
        OptionFacts.Of("Masking.WholeWord", Masking.WholeWord.ToString()),
    ];
}
