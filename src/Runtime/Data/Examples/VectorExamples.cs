using BertGen.Data;

namespace BertGen;

/// <summary>A sequence of vectors, such as speech frames or image patches, with its class.</summary>
/// <typeparam name="TLabel">The enum of the classes.</typeparam>
/// <param name="Frames">[vectors, features], row major, at least one vector; not copied.</param>
/// <param name="Label">Its class.</param>
/// <exception cref="ArgumentException">There is no vector, or a value is not finite.</exception>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Label"/> is no member of the enum.</exception>
public sealed record LabeledVectors<TLabel>(ReadOnlyMemory<float> Frames, TLabel Label) where TLabel : struct, Enum
{
    /// <summary>[vectors, features], row major.</summary>
    public ReadOnlyMemory<float> Frames { get; } = ExampleChecks.Frames(Frames, nameof(Frames));

    /// <summary>Its class.</summary>
    public TLabel Label { get; } = ExampleChecks.Label(Label, nameof(Label));
}

/// <summary>A sequence of vectors with all of its labels; none is possible.</summary>
/// <typeparam name="TLabel">The enum of the labels.</typeparam>
/// <param name="Frames">[vectors, features], row major, at least one vector; not copied.</param>
/// <param name="Labels">The labels it has; the others it has not.</param>
/// <exception cref="ArgumentException">There is no vector, or a value is not finite.</exception>
/// <exception cref="ArgumentOutOfRangeException">A label is no member of the enum.</exception>
public sealed record MultiLabeledVectors<TLabel>(ReadOnlyMemory<float> Frames, IReadOnlyList<TLabel> Labels) where TLabel : struct, Enum
{
    /// <summary>[vectors, features], row major.</summary>
    public ReadOnlyMemory<float> Frames { get; } = ExampleChecks.Frames(Frames, nameof(Frames));

    /// <summary>The labels it has; the others it has not.</summary>
    public IReadOnlyList<TLabel> Labels { get; } = ExampleChecks.Labels(Labels, nameof(Labels));
}

/// <summary>A sequence of vectors with its score.</summary>
/// <param name="Frames">[vectors, features], row major, at least one vector; not copied.</param>
/// <param name="Score">Its score; for heads with <c>Sigmoid = true</c> 0 to 1.</param>
/// <exception cref="ArgumentException">There is no vector, or a value is not finite.</exception>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Score"/> is not finite.</exception>
public sealed record ScoredVectors(ReadOnlyMemory<float> Frames, float Score)
{
    /// <summary>[vectors, features], row major.</summary>
    public ReadOnlyMemory<float> Frames { get; } = ExampleChecks.Frames(Frames, nameof(Frames));

    /// <summary>Its score; for heads with <c>Sigmoid = true</c> 0 to 1.</summary>
    public float Score { get; } = ExampleChecks.Score(Score, nameof(Score));
}

/// <summary>A sequence of vectors, each with its tag.</summary>
/// <typeparam name="TTag">The enum of the tags.</typeparam>
/// <param name="Frames">[vectors, features], row major, at least one vector; not copied.</param>
/// <param name="Tags">The tags, one for each vector.</param>
/// <exception cref="ArgumentException">There is no vector, a value is not finite, or the values cannot be as many vectors as there are tags.</exception>
/// <exception cref="ArgumentOutOfRangeException">A tag is no member of the enum.</exception>
public sealed record TaggedVectors<TTag>(ReadOnlyMemory<float> Frames, IReadOnlyList<TTag> Tags) where TTag : struct, Enum
{
    /// <summary>[vectors, features], row major.</summary>
    public ReadOnlyMemory<float> Frames { get; } = ExampleChecks.Frames(Frames, nameof(Frames));

    /// <summary>The tags, one for each vector.</summary>
    public IReadOnlyList<TTag> Tags { get; } = OneEach(ExampleChecks.Labels(Tags, nameof(Tags)), Frames.Length);

    private static IReadOnlyList<TTag> OneEach(IReadOnlyList<TTag> tags, int values) => tags.Count > 0 && values % tags.Count == 0
        ? tags
        : throw new ArgumentException($"{values} values cannot be {tags.Count} vectors. Give one tag for each vector.", nameof(Tags));
}
