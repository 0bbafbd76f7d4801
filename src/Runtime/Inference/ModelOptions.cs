using BertGen.CompilerServices;

namespace BertGen;

/// <summary>How a model is loaded and run. The defaults suit most programs.</summary>
public sealed class ModelOptions
{
    /// <summary>Where the model computes: <see cref="Device.Cpu"/> where nothing else is said.</summary>
    public Device Device { get; init; } = Device.Cpu;

    /// <summary>Threads that one call may use, itself included; by default one for each processor that the process may run on; at most 1024. Results do not depend on it.</summary>
    public int? Threads { get; init; }

    /// <summary>Tokens that one call works on at a time: a longer batch goes through in pieces of about this size, so that it bounds the memory of a call. Results do not depend on it.</summary>
    public int MaxBatchTokens { get; init; } = 16384;

    /// <summary>Seed of the weights that <c>Create</c> makes, or <c>Load</c> where a folder lacks them. A pack file lacks none: with one it is refused.</summary>
    public long Seed { get; init; }

    /// <summary>Folder in which the packed weights of a checkpoint's folder are kept and from which they are mapped on later starts; null keeps none. Refused where there is no such folder: by <c>Create</c>, and with a pack file.</summary>
    public string? PackedCache { get; init; }

    /// <summary>
    /// Whether packed weights are checked by SHA-256 of the whole checkpoint and of the pack itself, and saved with it. By default the header, length
    /// and time of the checkpoint's files say whether a pack is stale: hashing all weights takes longer than loading them.
    /// </summary>
    public bool VerifyContent { get; init; }

    /// <summary>What happens to texts with more tokens than the model has positions; null leaves it to each head, as <see cref="BertGen.LongText"/> says.</summary>
    public LongText? LongText { get; init; }

    /// <summary>
    /// Tokens from the start of a window to the start of the next, for <see cref="LongText.Window"/>; by default half of what a window holds, and at most
    /// all of it. Refused where no call cuts windows. Of a pair a window holds less, beside the first text: a larger stride is cut to that.
    /// </summary>
    public int? WindowStride { get; init; }

    /// <summary>What happens when a checkpoint's folder lacks the weights of a declared head. A pack file has all, so with one only the default is accepted; <c>Create</c> initializes every head.</summary>
    public MissingHeads MissingHeads { get; init; }

    /// <summary>Forces the vector width of the kernels; null takes the best of the machine.</summary>
    internal SimdWidth? SimdWidth { get; init; }

    /// <summary>Forces the work, in floating-point operations, that another thread joins for; 1 makes teams of the smallest models, null takes what pays.</summary>
    internal double? FlopsPerWorker { get; init; }
}
