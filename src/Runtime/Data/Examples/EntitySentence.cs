using System.Diagnostics.CodeAnalysis;
using BertGen.Data;

namespace BertGen;

/// <summary>A named entity by the words it consists of.</summary>
/// <typeparam name="TEntity">The enum of the kinds.</typeparam>
/// <param name="Entity">The kind.</param>
/// <param name="Start">Position of its first word.</param>
/// <param name="End">The position after its last word.</param>
public readonly record struct EntityRange<TEntity>(TEntity Entity, int Start, int End) where TEntity : struct, Enum;

/// <summary>A sentence as words, with its named entities.</summary>
/// <typeparam name="TEntity">The enum of the kinds.</typeparam>
/// <param name="Words">The words, at least one.</param>
/// <param name="Entities">The entities; no word is in two of them.</param>
/// <exception cref="ArgumentException">There is no word, a word is null, or an entity has no word, goes beyond the sentence or overlaps another.</exception>
/// <exception cref="ArgumentOutOfRangeException">A kind is no member of the enum.</exception>
public sealed record EntitySentence<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEntity>(IReadOnlyList<string> Words, IReadOnlyList<EntityRange<TEntity>> Entities)
    where TEntity : struct, Enum
{
    /// <summary>The words.</summary>
    public IReadOnlyList<string> Words { get; } = ExampleChecks.Words(Words, nameof(Words));

    /// <summary>The entities, in the order of their words.</summary>
    public IReadOnlyList<EntityRange<TEntity>> Entities { get; } = Check(Entities, Words.Count);

    /// <summary>A sentence whose entities are given as a tag for each word: <c>O</c>, <c>B-person</c>, <c>I-person</c>, …</summary>
    /// <param name="words">The words.</param>
    /// <param name="tags">
    /// Their tags, one each. B- opens an entity, I- of the same kind continues it, and I- with nothing to continue opens one, as published evaluations read it.
    /// A kind is found by its <see cref="LabelAttribute"/> or by the name of the member, without regard to case, hyphens and underscores.
    /// </param>
    /// <exception cref="ArgumentException">There is not one tag for each word, or a tag is none of these.</exception>
    public static EntitySentence<TEntity> FromBio(IReadOnlyList<string> words, IReadOnlyList<string> tags)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(tags);
        return words.Count == tags.Count
            ? new EntitySentence<TEntity>(words, BioTags<TEntity>.Read(tags))
            : throw new ArgumentException($"There are {words.Count} words and {tags.Count} tags. Give one tag for each word.", nameof(tags));
    }

    private static EntityRange<TEntity>[] Check(IReadOnlyList<EntityRange<TEntity>> entities, int words)
    {
        ArgumentNullException.ThrowIfNull(entities, nameof(Entities));
        EntityRange<TEntity>[] ordered = [.. entities.OrderBy(entity => entity.Start)];
        int end = 0;
        foreach (EntityRange<TEntity> entity in ordered)
        {
            ExampleChecks.Label(entity.Entity, nameof(Entities));
            if (entity.Start < 0 || entity.End > words || entity.Start >= entity.End)
            {
                throw new ArgumentException($"The entity {entity.Entity} has the words {entity.Start} to {entity.End} (exclusive); the sentence has {words}.", nameof(Entities));
            }

            if (entity.Start < end)
            {
                throw new ArgumentException($"The entity {entity.Entity} from word {entity.Start} to {entity.End} overlaps another. A word has one tag: keep one of the two.", nameof(Entities));
            }

            end = entity.End;
        }

        return ordered;
    }
}
