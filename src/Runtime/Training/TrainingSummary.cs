namespace BertGen;

/// <summary>What a whole run did.</summary>
public sealed record TrainingSummary
{
    /// <summary>Steps taken, those before a <c>Resume</c> included.</summary>
    public required int Steps { get; init; }

    /// <summary>Mean of the losses of this run's last tenth of steps, at least one.</summary>
    public required double Loss { get; init; }

    /// <summary>Lowest validation loss; null for a run without validation examples.</summary>
    public double? BestValidationLoss { get; init; }

    /// <summary>Step after which the validation loss was lowest; null for a run without validation examples.</summary>
    public int? BestStep { get; init; }

    /// <summary>Whether validation stopped the run before its last step.</summary>
    public bool StoppedEarly { get; init; }

    /// <summary>Tokens trained on in this run.</summary>
    public required long Tokens { get; init; }

    /// <summary>Time that this run took.</summary>
    public required TimeSpan Duration { get; init; }
}
