using System.Diagnostics.CodeAnalysis;
using BertGen.CompilerServices;

namespace BertGen.Data;

/// <summary>Sentences as words, each of which has one output that is right: learned at its first piece, in the window in which inference reads it.</summary>
internal abstract class WordEncoder<TExample>(LoadedModel loaded, int head) : TextExampleEncoder<TExample>(loaded, head)
{
    protected override void Add(TExample example, TextBatch batch, ITextTokenizer tokenizer, TextLimits limits) => batch.AddWords(tokenizer, Words(example), limits);

    protected override void Aim(TExample example, TextBatch batch, Span<HeadTarget?> targets)
    {
        int[] outputs = Outputs(example);
        TextSpan text = batch.Texts[0];
        ReadOnlySpan<int> words = batch.Pieces.Words;
        WindowCursor windows = new(batch.Rows, text);
        int[]?[] classes = new int[]?[targets.Length];
        for (int piece = 0; piece < text.PieceCount && windows.TryFind(piece, out TextRow row); piece++)
        {
            if (piece == 0 || words[piece] != words[piece - 1])
            {
                int index = batch.Rows.IndexOf(row);
                int[] rowClasses = classes[index] ??= Ignored(TokenCount(batch, index));
                rowClasses[row.TokenOf(piece) - row.FirstToken] = outputs[words[piece]];
            }
        }

        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = classes[i] is { } found ? new HeadTarget(Head, found, []) : null;
        }
    }

    protected abstract IReadOnlyList<string> Words(TExample example);

    /// <summary>The right output for each word.</summary>
    protected abstract int[] Outputs(TExample example);

    private static int[] Ignored(int tokens)
    {
        int[] classes = new int[tokens];
        Array.Fill(classes, -1);
        return classes;
    }
}

/// <summary>Tags of words.</summary>
internal sealed class TaggedSentenceEncoder<TTag>(LoadedModel loaded, int head) : WordEncoder<TaggedSentence<TTag>>(loaded, head) where TTag : struct, Enum
{
    protected override IReadOnlyList<string> Words(TaggedSentence<TTag> example) => example.Words;

    protected override int[] Outputs(TaggedSentence<TTag> example)
    {
        int[] outputs = new int[example.Tags.Count];
        for (int i = 0; i < outputs.Length; i++)
        {
            outputs[i] = Labels.Index(example.Tags[i], Definition.Outputs);
        }

        return outputs;
    }
}

/// <summary>Entities of words: output 0 is O, 1 + 2k is B- and 2 + 2k is I- of kind k.</summary>
internal sealed class EntitySentenceEncoder<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEntity>(LoadedModel loaded, int head) : WordEncoder<EntitySentence<TEntity>>(loaded, head)
    where TEntity : struct, Enum
{
    protected override IReadOnlyList<string> Words(EntitySentence<TEntity> example) => example.Words;

    protected override int[] Outputs(EntitySentence<TEntity> example)
    {
        int[] outputs = new int[example.Words.Count];
        foreach (EntityRange<TEntity> entity in example.Entities)
        {
            int first = 1 + 2 * Labels.Index(entity.Entity, (Definition.Outputs - 1) / 2);
            outputs.AsSpan(entity.Start, entity.End - entity.Start).Fill(first + 1);
            outputs[entity.Start] = first;
        }

        return outputs;
    }
}

/// <summary>Tags of vectors; [CLS] in front has none.</summary>
internal sealed class TaggedVectorsEncoder<TTag>(LoadedModel loaded, int head) : VectorExampleEncoder<TaggedVectors<TTag>>(loaded, head) where TTag : struct, Enum
{
    protected override ReadOnlyMemory<float> Frames(TaggedVectors<TTag> example) => example.Frames;

    protected override void Aim(TaggedVectors<TTag> example, VectorBatch batch, Span<HeadTarget> targets)
    {
        TextSpan sequence = batch.Texts[0];
        if (sequence.PieceCount != example.Tags.Count)
        {
            throw new ArgumentException($"The sequence has {sequence.PieceCount} vectors and {example.Tags.Count} tags. Give one tag for each vector.");
        }

        for (int i = 0; i < targets.Length; i++)
        {
            int[] classes = new int[1 + batch.Rows[i].PieceCount];
            Array.Fill(classes, -1);
            targets[i] = new HeadTarget(Head, classes, []);
        }

        WindowCursor windows = new(batch.Rows, sequence);
        for (int i = 0; i < sequence.PieceCount && windows.TryFind(i, out TextRow row); i++)
        {
            targets[batch.Rows.IndexOf(row)].Classes[row.TokenOf(i) - row.FirstToken] = Labels.Index(example.Tags[i], Definition.Outputs);
        }
    }
}
