namespace BertGen.Weights;

/// <summary>Weights in the order of the kernels, and what else a checkpoint says.</summary>
internal sealed class LoadedWeights : IDisposable
{
    private readonly IDisposable? _owner;

    /// <summary>Weights, the files they came with, what the folder they came from looked like, and what keeps a mapped arena in memory.</summary>
    internal LoadedWeights(WeightArena arena, IReadOnlyList<CheckpointFile> files, SourceStamp? source = null, IDisposable? owner = null)
    {
        Arena = arena;
        Files = files;
        Source = source;
        _owner = owner;
    }

    /// <summary>The weight arena.</summary>
    public WeightArena Arena { get; private set; }

    /// <summary>
    /// The small files of the folder that exist, as they are: config.json, vocab.txt, tokenizer.json, tokenizer_config.json,
    /// special_tokens_map.json, added_tokens.json, sentence_bert_config.json, ….
    /// </summary>
    public IReadOnlyList<CheckpointFile> Files { get; }

    /// <summary>Longest text in tokens by <c>sentence_bert_config.json</c>, or null.</summary>
    public int? MaxSequenceLength { get; init; }

    /// <summary>Published names of the weights that the checkpoint lacked and that were initialized.</summary>
    public IReadOnlyList<string> Initialized { get; init; } = [];

    /// <summary>Seed of what was initialized.</summary>
    public long Seed { get; init; }

    /// <summary>The folder's files that the weights came from; null for weights that no folder holds.</summary>
    public SourceStamp? Source { get; private set; }

    /// <summary>The pack file that the weights are mapped from, or null.</summary>
    public string? PackPath { get; init; }

    /// <summary>To be called when weights have been trained: a pack of them is no longer the pack of the folder they came from.</summary>
    public void MarkChanged() => Source = null;

    /// <summary>Replaces weights that are mapped from a file by a copy that can be trained. The small files stay mapped.</summary>
    /// <returns>True where the weights have moved.</returns>
    public bool MakeWritable()
    {
        if (!Arena.IsReadOnly)
        {
            return false;
        }

        WeightArena mapped = Arena;
        Arena = mapped.Copy();
        mapped.Dispose();
        return true;
    }

    /// <summary>Content of a file by name, or null.</summary>
    public CheckpointFile? File(string name)
    {
        foreach (CheckpointFile file in Files)
        {
            if (file.Name == name)
            {
                return file;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Arena.Dispose();
        _owner?.Dispose();
    }
}
