using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Calls over many texts, pairs or sequences of vectors: a long list goes through in batches of about <see cref="ModelOptions.MaxBatchTokens"/>.</summary>
internal static class Batches
{
    /// <summary>The result of each item.</summary>
    /// <param name="loaded">The model.</param>
    /// <param name="pool">Where its batches of this kind are kept.</param>
    /// <param name="head">The head that is run.</param>
    /// <param name="count">Number of items.</param>
    /// <param name="add">Adds an item to the batch, by its index.</param>
    /// <param name="decode">Makes the result: of a text of the batch, which is the item of an index.</param>
    /// <param name="cancellationToken">Stops between batches and between groups of texts.</param>
    public static TResult[] Run<TBatch, TResult>(
        LoadedModel loaded, Pool<TBatch> pool, int head, int count, Action<TBatch, int> add, Func<TBatch, int, int, TResult> decode, CancellationToken cancellationToken)
        where TBatch : SequenceBatch
    {
        TResult[] results = new TResult[count];
        TBatch batch = loaded.Begin(pool);
        try
        {
            for (int done = 0; done < results.Length;)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int from = done;
                batch.Clear();
                while (done < results.Length && batch.TokenCount < loaded.Options.MaxBatchTokens)
                {
                    add(batch, done);
                    done++;
                }

                loaded.Run(batch, head, cancellationToken);
                for (int i = from; i < done; i++)
                {
                    results[i] = decode(batch, i - from, i);
                }
            }

            return results;
        }
        finally
        {
            loaded.End(pool, batch);
        }
    }
}
