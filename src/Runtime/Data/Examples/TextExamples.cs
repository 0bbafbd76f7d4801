using BertGen.Data;

namespace BertGen;

/// <summary>A text or a pair of texts with its class.</summary>
/// <typeparam name="TLabel">The enum of the classes.</typeparam>
/// <param name="Text">The text, or the first of a pair.</param>
/// <param name="Label">Its class.</param>
/// <param name="Second">The second text of a pair, or null.</param>
/// <exception cref="ArgumentNullException"><paramref name="Text"/> is null.</exception>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Label"/> is no member of the enum.</exception>
public sealed record LabeledText<TLabel>(string Text, TLabel Label, string? Second = null) where TLabel : struct, Enum
{
    /// <summary>The text, or the first of a pair.</summary>
    public string Text { get; } = ExampleChecks.Text(Text, nameof(Text));

    /// <summary>Its class.</summary>
    public TLabel Label { get; } = ExampleChecks.Label(Label, nameof(Label));

    /// <summary>The second text of a pair, or null.</summary>
    public string? Second { get; } = Second;
}

/// <summary>A text or a pair of texts with all of its labels; none is possible.</summary>
/// <typeparam name="TLabel">The enum of the labels.</typeparam>
/// <param name="Text">The text, or the first of a pair.</param>
/// <param name="Labels">The labels it has; the others it has not.</param>
/// <param name="Second">The second text of a pair, or null.</param>
/// <exception cref="ArgumentNullException"><paramref name="Text"/> or <paramref name="Labels"/> is null.</exception>
/// <exception cref="ArgumentOutOfRangeException">A label is no member of the enum.</exception>
public sealed record MultiLabeledText<TLabel>(string Text, IReadOnlyList<TLabel> Labels, string? Second = null) where TLabel : struct, Enum
{
    /// <summary>The text, or the first of a pair.</summary>
    public string Text { get; } = ExampleChecks.Text(Text, nameof(Text));

    /// <summary>The labels it has; the others it has not.</summary>
    public IReadOnlyList<TLabel> Labels { get; } = ExampleChecks.Labels(Labels, nameof(Labels));

    /// <summary>The second text of a pair, or null.</summary>
    public string? Second { get; } = Second;
}

/// <summary>A text or a pair of texts with its score.</summary>
/// <param name="Text">The text, or the first of a pair.</param>
/// <param name="Score">Its score; for heads with <c>Sigmoid = true</c> 0 to 1.</param>
/// <param name="Second">The second text of a pair, or null.</param>
/// <exception cref="ArgumentNullException"><paramref name="Text"/> is null.</exception>
/// <exception cref="ArgumentOutOfRangeException"><paramref name="Score"/> is not finite.</exception>
public sealed record ScoredText(string Text, float Score, string? Second = null)
{
    /// <summary>The text, or the first of a pair.</summary>
    public string Text { get; } = ExampleChecks.Text(Text, nameof(Text));

    /// <summary>Its score; for heads with <c>Sigmoid = true</c> 0 to 1.</summary>
    public float Score { get; } = ExampleChecks.Score(Score, nameof(Score));

    /// <summary>The second text of a pair, or null.</summary>
    public string? Second { get; } = Second;
}
