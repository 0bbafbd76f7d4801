using BertGen.CompilerServices;
using BertGen.Data;

namespace BertGen;

/// <summary>Evaluates masked words and next sentences over a corpus.</summary>
internal static class PretrainingEvaluation
{
    // Logits over the vocabulary at a time: 64 MB.
    private const int MostLogits = 1 << 24;

    // What follows, and what comes from elsewhere, in the order of the published head.
    private static readonly string[] s_nextSentence = ["IsNext", "NotNext"];

    public static MaskedLanguageModelReport Words(TextModel model, int head, PretrainingCorpus corpus, MaskingOptions? masking, int? length, long seed, CancellationToken cancellationToken)
    {
        int outputs = model.Loaded.Definition.Heads[head].Outputs;
        int count = 0, correct = 0;
        double loss = 0;
        Run(model.Loaded, head, corpus, masking ?? new MaskingOptions(), length, seed, Math.Max(1, MostLogits / outputs), (examples, logits) =>
        {
            int row = 0;
            foreach (EncodedExample example in examples)
            {
                foreach (int word in Target(example, head).Classes)
                {
                    ReadOnlySpan<float> scores = logits.Items.Slice(row++ * outputs, outputs);
                    count++;
                    correct += Softmax.Largest(scores) == word ? 1 : 0;
                    loss += Softmax.LogSum(scores) - scores[word];
                }
            }
        }, cancellationToken);
        return new MaskedLanguageModelReport(count, correct, loss);
    }

    public static ClassificationReport NextSentences(TextModel model, int head, PretrainingCorpus corpus, int? length, long seed, CancellationToken cancellationToken)
    {
        ClassificationTally tally = new(s_nextSentence);
        Run(model.Loaded, head, corpus, masking: null, length, seed, int.MaxValue, (examples, logits) =>
        {
            for (int i = 0; i < examples.Count; i++)
            {
                ReadOnlySpan<float> scores = logits.Items.Slice(2 * i, 2);
                int actual = Target(examples[i], head).Classes[0];
                tally.Add(actual, Softmax.Largest(scores), Softmax.LogSum(scores) - scores[actual]);
            }
        }, cancellationToken);
        return tally.Report();
    }

    private static void Run(LoadedModel loaded, int head, PretrainingCorpus corpus, MaskingOptions? masking, int? length, long seed, int mostSelected, Action<List<EncodedExample>, PinnedBuffer<float>> read, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(corpus);
        PretrainingExamples examples = new(loaded, corpus, masking, PretrainingExamples.LengthFor(length, loaded.MaxTokens), seed);
        List<EncodedExample> group = [];
        int tokens = 0, selected = 0;
        foreach (EncodedExample example in examples.Epoch(0))
        {
            if (group.Count > 0 && (tokens + example.TokenCount > loaded.Options.MaxBatchTokens || selected + example.Selected.Length > mostSelected))
            {
                RunGroup();
            }

            group.Add(example);
            tokens += example.TokenCount;
            selected += example.Selected.Length;
        }

        RunGroup();

        void RunGroup()
        {
            cancellationToken.ThrowIfCancellationRequested();
            TextBatch batch = loaded.BeginText();
            try
            {
                foreach (EncodedExample example in group)
                {
                    foreach (int token in example.Selected)
                    {
                        batch.Selected.Add(batch.TokenCount + token);
                    }

                    batch.AddEncoded(example.Ids, example.TypeIds);
                }

                loaded.Run(batch, head, cancellationToken);
                read(group, batch.Outputs);
            }
            finally
            {
                loaded.EndText(batch);
            }

            group.Clear();
            tokens = selected = 0;
        }
    }

    private static HeadTarget Target(EncodedExample example, int head)
    {
        foreach (HeadTarget target in example.Targets)
        {
            if (target.Head == head)
            {
                return target;
            }
        }

        throw new InvalidOperationException($"The example has no target for head {head}.");
    }
}
