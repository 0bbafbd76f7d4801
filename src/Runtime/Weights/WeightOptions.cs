namespace BertGen.Weights;

/// <summary>How weights are read.</summary>
internal sealed record WeightOptions
{
    /// <summary>What to do about heads that the checkpoint lacks.</summary>
    public MissingHeads MissingHeads { get; init; }

    /// <summary>Seed of everything that is initialized.</summary>
    public long Seed { get; init; }

    /// <summary>Folder in which packed weights are kept, created when missing; null keeps none. A pack beside the checkpoint is used in any case.</summary>
    public string? PackedCache { get; init; }

    /// <summary>Compares SHA-256 of the whole checkpoint and of the packed weights instead of trusting header, length and time.</summary>
    public bool VerifyContent { get; init; }

    /// <summary>Threads that pack; 0 for one a processor.</summary>
    public int Threads { get; init; }
}
