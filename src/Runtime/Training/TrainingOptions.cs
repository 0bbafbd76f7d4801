using BertGen.Training;

namespace BertGen;

/// <summary>How a model is fine-tuned on labelled examples. The defaults are those with which BERTs are usually fine-tuned.</summary>
public sealed record TrainingOptions : OptimizationOptions
{
    /// <summary>How often each example is seen.</summary>
    public int Epochs { get; init; } = 3;

    /// <summary>
    /// Tokens of a batch, in place of <see cref="OptimizationOptions.BatchSize"/>: batches have as many texts as fit, of similar lengths, and at
    /// least one. Without it batches are drawn regardless of length; nothing is padded in either case.
    /// </summary>
    public int? BatchTokens { get; init; }

    /// <summary>Share of a class's target that is spread evenly over all classes, 0 to less than 1; for heads that choose among classes, tags included.</summary>
    public float LabelSmoothing { get; init; }

    /// <summary>
    /// What an example of each class counts, in the order of the head's outputs; null counts all alike. For a run over one head that chooses
    /// among classes; with several heads each <c>With</c> takes its own.
    /// </summary>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>Steps from one look at the validation examples to the next; null looks after each epoch. Only for runs with validation examples.</summary>
    public int? ValidateEvery { get; init; }

    /// <summary>Validations without a lower loss after which the run stops; null never stops it. Only for runs with validation examples.</summary>
    public int? Patience { get; init; }

    /// <summary>Whether a run with validation examples ends with the weights of the lowest validation loss; else with its last ones.</summary>
    public bool KeepBest { get; init; } = true;

    internal override void Check()
    {
        base.Check();
        OptionRules.AtLeast(Epochs, 1, nameof(Epochs));
        OptionRules.AtLeast(BatchTokens ?? 1, 1, nameof(BatchTokens));
        OptionRules.Share(LabelSmoothing, nameof(LabelSmoothing));
        OptionRules.AtLeast(ValidateEvery ?? 1, 1, nameof(ValidateEvery));
        OptionRules.AtLeast(Patience ?? 1, 1, nameof(Patience));
        if (BatchTokens is not null && HasBatchSize)
        {
            throw OptionRules.Contradiction(nameof(BatchTokens), nameof(BatchSize), "both say how long a batch is; set one of them");
        }

        for (int i = 0; i < ClassWeights?.Count; i++)
        {
            OptionRules.NotNegative(ClassWeights[i], $"{nameof(ClassWeights)}[{i}]");
        }
    }

    internal override IEnumerable<KeyValuePair<string, string>> Facts() =>
    [
        .. base.Facts(),
        OptionFacts.Of(nameof(Epochs), Epochs),
        OptionFacts.Of(nameof(BatchTokens), BatchTokens),
        OptionFacts.Of(nameof(LabelSmoothing), LabelSmoothing),
        OptionFacts.Of(nameof(ClassWeights), ClassWeights),
        OptionFacts.Of(nameof(ValidateEvery), ValidateEvery),
        OptionFacts.Of(nameof(Patience), Patience),
        OptionFacts.Of(nameof(KeepBest), KeepBest.ToString()),
    ];
}
