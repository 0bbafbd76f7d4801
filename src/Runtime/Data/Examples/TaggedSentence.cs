using BertGen.Data;

namespace BertGen;

/// <summary>A sentence as words, each with its tag.</summary>
/// <typeparam name="TTag">The enum of the tags.</typeparam>
/// <param name="Words">The words, at least one.</param>
/// <param name="Tags">Their tags, one each.</param>
/// <exception cref="ArgumentException">There is no word, a word is null, or there is not one tag for each.</exception>
/// <exception cref="ArgumentOutOfRangeException">A tag is no member of the enum.</exception>
public sealed record TaggedSentence<TTag>(IReadOnlyList<string> Words, IReadOnlyList<TTag> Tags) where TTag : struct, Enum
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; } = ExampleChecks.Words(Words, nameof(Words));

    /// <summary>Their tags, one each.</summary>
    public IReadOnlyList<TTag> Tags { get; } = OneEach(ExampleChecks.Labels(Tags, nameof(Tags)), Words.Count);

    private static IReadOnlyList<TTag> OneEach(IReadOnlyList<TTag> tags, int words) => tags.Count == words
        ? tags
        : throw new ArgumentException($"There are {words} words and {tags.Count} tags. Give one tag for each word.", nameof(Tags));
}
