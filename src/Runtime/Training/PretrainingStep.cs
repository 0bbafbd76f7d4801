namespace BertGen;

/// <summary>What one optimizer step of pre-training did.</summary>
public sealed record PretrainingStep
{
    /// <summary>Number of the step, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public required int Total { get; init; }

    /// <summary>How often the corpus had been begun when the step was built, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Sum of both losses.</summary>
    public required double Loss { get; init; }

    /// <summary>Mean cross-entropy of the masked words; 0 for a model without the head.</summary>
    public required double MaskedLanguageModelLoss { get; init; }

    /// <summary>Mean cross-entropy of whether the second part follows the first; 0 for a model without the head.</summary>
    public required double NextSentenceLoss { get; init; }

    /// <summary>Share of the masked words that the model put first, before the update; 0 for a model without the head.</summary>
    public required double MaskedAccuracy { get; init; }

    /// <summary>Share of the pairs that the model judged rightly, before the update; 0 for a model without the head.</summary>
    public required double NextSentenceAccuracy { get; init; }

    /// <summary>Learning rate of the step.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Norm of all gradients together, before it was cut.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Tokens of the step, special ones included.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tokens for each second that the step took, its data included, checkpoints apart.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Time that the remaining steps take at the pace of this run so far.</summary>
    public required TimeSpan TimeLeft { get; init; }
}
