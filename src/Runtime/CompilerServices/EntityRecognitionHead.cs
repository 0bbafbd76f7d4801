using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;

namespace BertGen.CompilerServices;

/// <summary>The members that <see cref="EntityRecognitionAttribute{TEntity}"/> generates.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class EntityRecognitionHead
{
    /// <summary>The entities of a text, in its order.</summary>
    public static IReadOnlyList<EntitySpan<TEntity>> FindEntities<TEntity>(TextModel model, int head, string text) where TEntity : struct, Enum =>
        TokenRows.One<EntityDecoder<TEntity>, string, IReadOnlyList<EntitySpan<TEntity>>>(model, head, text);

    /// <summary>The entities of many texts.</summary>
    public static IReadOnlyList<IReadOnlyList<EntitySpan<TEntity>>> FindEntities<TEntity>(TextModel model, int head, IReadOnlyList<string> texts, CancellationToken cancellationToken = default) where TEntity : struct, Enum =>
        TokenRows.Many<EntityDecoder<TEntity>, string, IReadOnlyList<EntitySpan<TEntity>>>(model, head, texts, cancellationToken);

    /// <summary>How well the entities of sentences are found.</summary>
    /// <exception cref="ArgumentException">There is no example.</exception>
    public static EntityReport Evaluate<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEntity>(
        TextModel model, int head, IEnumerable<EntitySentence<TEntity>> examples, CancellationToken cancellationToken = default) where TEntity : struct, Enum =>
        TokenEvaluation.Entities(model, head, examples, cancellationToken);
}
