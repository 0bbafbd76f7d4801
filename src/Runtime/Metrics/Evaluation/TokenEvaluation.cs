using System.Diagnostics.CodeAnalysis;
using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Evaluates heads with one row of outputs for each token.</summary>
internal static class TokenEvaluation
{
    public static ClassificationReport Tags<TTag>(TextModel model, int head, IEnumerable<TaggedSentence<TTag>> examples, CancellationToken cancellationToken) where TTag : struct, Enum
    {
        int outputs = model.Loaded.Definition.Heads[head].Outputs;
        ClassificationTally tally = ClassificationTally.Of<TTag>(outputs);
        foreach (List<TaggedSentence<TTag>> portion in Portions.Of(examples, cancellationToken))
        {
            WordTag[][] sentences = TokenRows.Many<WordTagReader<TTag>, TaggedSentence<TTag>, WordTag[]>(model, head, portion, cancellationToken);
            for (int i = 0; i < sentences.Length; i++)
            {
                for (int word = 0; word < sentences[i].Length; word++)
                {
                    int actual = Labels.Index(portion[i].Tags[word], outputs);
                    if (sentences[i][word] is { IsSeen: true } tag)
                    {
                        tally.Add(actual, tag.Predicted, tag.Loss);
                    }
                    else
                    {
                        tally.AddUnseen(actual);
                    }
                }
            }
        }

        return tally.Report();
    }

    public static ClassificationReport Tags<TTag>(VectorModel model, int head, IEnumerable<TaggedVectors<TTag>> examples, CancellationToken cancellationToken) where TTag : struct, Enum
    {
        int outputs = model.Loaded.Definition.Heads[head].Outputs;
        ClassificationTally tally = ClassificationTally.Of<TTag>(outputs);
        foreach (List<TaggedVectors<TTag>> portion in Portions.Of(examples, cancellationToken))
        {
            IReadOnlyList<Prediction<TTag>>[] sequences = FrameTags.Many<TTag>(model, head, portion.ConvertAll(example => example.Frames), cancellationToken);
            for (int i = 0; i < sequences.Length; i++)
            {
                IReadOnlyList<TTag> tags = portion[i].Tags;
                for (int frame = 0; frame < tags.Count; frame++)
                {
                    int actual = Labels.Index(tags[frame], outputs);
                    if (frame < sequences[i].Count)
                    {
                        Prediction<TTag> prediction = sequences[i][frame];
                        tally.Add(actual, Labels.Index(prediction.Label, outputs), ClassificationTally.Loss(prediction[tags[frame]]));
                    }
                    else
                    {
                        tally.AddUnseen(actual);
                    }
                }
            }
        }

        return tally.Report();
    }

    public static EntityReport Entities<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEntity>(
        TextModel model, int head, IEnumerable<EntitySentence<TEntity>> examples, CancellationToken cancellationToken) where TEntity : struct, Enum
    {
        EntityTally tally = new(ClassificationTally.Names<TEntity>((model.Loaded.Definition.Heads[head].Outputs - 1) / 2));
        foreach (List<EntitySentence<TEntity>> portion in Portions.Of(examples, cancellationToken))
        {
            List<EntityRange<TEntity>>[] found = TokenRows.Many<WordEntityReader<TEntity>, EntitySentence<TEntity>, List<EntityRange<TEntity>>>(model, head, portion, cancellationToken);
            for (int i = 0; i < found.Length; i++)
            {
                tally.Add(portion[i].Entities, found[i]);
            }
        }

        return tally.Report();
    }
}

/// <summary>The tag of a word, and what its right tag costs.</summary>
internal readonly record struct WordTag(bool IsSeen, int Predicted, double Loss);

/// <summary>Reads the tags of a sentence's words; words that were cut off stay unseen.</summary>
internal readonly struct WordTagReader<TTag> : ITokenDecoder<TaggedSentence<TTag>, WordTag[]> where TTag : struct, Enum
{
    public static void Add(TextBatch batch, ITextTokenizer tokenizer, TaggedSentence<TTag> source, TextLimits limits) => batch.AddWords(tokenizer, source.Words, limits);

    public static WordTag[] Decode(TextBatch batch, int text, TaggedSentence<TTag> source, HeadDefinition head)
    {
        WordTag[] tags = new WordTag[source.Words.Count];
        TokenRows.Words words = new(batch, text, head.Outputs);
        while (words.MoveNext())
        {
            int actual = Labels.Index(source.Tags[words.Word], head.Outputs);
            tags[words.Word] = new WordTag(IsSeen: true, Softmax.Largest(words.Row), Softmax.LogSum(words.Row) - words.Row[actual]);
        }

        return tags;
    }
}

/// <summary>Reads the entities of a sentence by its words, with the rules of <see cref="EntityDecoder{TEntity}"/>.</summary>
internal readonly struct WordEntityReader<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicFields)] TEntity> : ITokenDecoder<EntitySentence<TEntity>, List<EntityRange<TEntity>>>
    where TEntity : struct, Enum
{
    public static void Add(TextBatch batch, ITextTokenizer tokenizer, EntitySentence<TEntity> source, TextLimits limits) => batch.AddWords(tokenizer, source.Words, limits);

    public static List<EntityRange<TEntity>> Decode(TextBatch batch, int text, EntitySentence<TEntity> source, HeadDefinition head)
    {
        const int None = -1;
        List<EntityRange<TEntity>> entities = [];
        int kind = None, start = 0, end = 0;
        TokenRows.Words words = new(batch, text, head.Outputs);
        while (words.MoveNext())
        {
            int tag = Softmax.Largest(words.Row);
            int wordKind = (tag + 1) / 2 - 1;
            if (tag == 0 || tag % 2 != 0 || wordKind != kind)
            {
                Close();
                (kind, start) = (wordKind, words.Word);
            }

            end = words.Word + 1;
        }

        Close();
        return entities;

        void Close()
        {
            if (kind != None)
            {
                entities.Add(new EntityRange<TEntity>(Labels.At<TEntity>(kind), start, end));
            }
        }
    }
}
