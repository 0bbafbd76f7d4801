using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Evaluates the answers to questions.</summary>
internal static class AnswerEvaluation
{
    public static AnswerReport Run(TextModel model, int head, IEnumerable<QuestionExample> examples, CancellationToken cancellationToken)
    {
        LoadedModel loaded = model.Loaded;
        AnswerTally tally = new();
        foreach (List<QuestionExample> portion in Portions.Of(examples, cancellationToken))
        {
            TextBatch batch = loaded.BeginText();
            try
            {
                Add(loaded, head, portion, batch, tally, cancellationToken);
            }
            finally
            {
                loaded.EndText(batch);
            }
        }

        return tally.Report();
    }

    private static void Add(LoadedModel loaded, int head, List<QuestionExample> examples, TextBatch batch, AnswerTally tally, CancellationToken cancellationToken)
    {
        TextLimits limits = loaded.LimitsFor(HeadKind.QuestionAnswering);
        for (int done = 0; done < examples.Count;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int from = done;
            batch.Clear();
            while (done < examples.Count && batch.TokenCount < loaded.Options.MaxBatchTokens)
            {
                batch.Add(loaded.Tokenizer!, examples[done].Question, examples[done].Passage, limits);
                done++;
            }

            loaded.Run(batch, head, cancellationToken);
            for (int i = from; i < done; i++)
            {
                Answer best = AnswerFinder.Find(batch, i - from, examples[i].Passage, loaded.Definition.Heads[head], top: 1)[0];
                tally.Add(best.Text, examples[i].Answers);
            }
        }
    }
}
