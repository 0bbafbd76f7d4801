namespace BertGen.Data;

/// <summary>A text as tokens, or vectors, with what some heads should say about it: what a training step is made of.</summary>
internal sealed class EncodedExample
{
    /// <summary>Token ids, special tokens included; empty for vectors.</summary>
    public int[] Ids { get; init; } = [];

    /// <summary>Token types, as long as <see cref="Ids"/>.</summary>
    public int[] TypeIds { get; init; } = [];

    /// <summary>[vectors, features]; empty for tokens.</summary>
    public float[] Vectors { get; init; } = [];

    /// <summary>Tokens of the sequence; for vectors one more than there are, for [CLS].</summary>
    public required int TokenCount { get; init; }

    /// <summary>Tokens, ascending, that the masked language model predicts.</summary>
    public int[] Selected { get; init; } = [];

    /// <summary>Targets, one for each head that learns from this text.</summary>
    public required IReadOnlyList<HeadTarget> Targets { get; init; }
}

/// <summary>What one head should say about one text.</summary>
/// <param name="Head">Index of the head.</param>
/// <param name="Classes">
/// The right output of each row of the head: 1 row for a class or next sentence, one a token for tags, one a selected token for masks; start and end for an answer.
/// -1 where a row is ignored. Empty where <paramref name="Values"/> are given.
/// </param>
/// <param name="Values">The score, or 0 and 1 for each label; empty where <paramref name="Classes"/> are given.</param>
internal sealed record HeadTarget(int Head, int[] Classes, float[] Values);
