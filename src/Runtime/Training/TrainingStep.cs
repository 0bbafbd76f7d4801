namespace BertGen;

/// <summary>What one optimizer step did.</summary>
public sealed record TrainingStep
{
    /// <summary>Number of the step, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>Steps of the whole run.</summary>
    public required int Total { get; init; }

    /// <summary>The epoch that the step belongs to, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Mean loss of the step's labels before the update; with several heads the sum of their means, each times its weight.</summary>
    public required double Loss { get; init; }

    /// <summary>Learning rate of the step.</summary>
    public required float LearningRate { get; init; }

    /// <summary>Norm of all gradients together, before it was cut.</summary>
    public required double GradientNorm { get; init; }

    /// <summary>Texts of the step.</summary>
    public required int Texts { get; init; }

    /// <summary>Tokens of the step, special ones included.</summary>
    public required int Tokens { get; init; }

    /// <summary>Tokens for each second that the step took, validation and checkpoints apart.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Time that the remaining steps take at the pace of this run so far.</summary>
    public required TimeSpan TimeLeft { get; init; }

    /// <summary>Mean loss over the validation examples after the step, without dropout; null where the step was followed by no validation.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>True for the last step of a run, whether it is its last by plan or validation stopped it.</summary>
    public bool IsLast { get; init; }
}
