using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Calls of heads with one row of outputs for each text.</summary>
internal static class TextRows
{
    public static TResult One<TDecoder, TResult>(TextModel model, int head, string first, string? second) where TDecoder : struct, IRowDecoder<TResult>
    {
        ArgumentNullException.ThrowIfNull(first);
        LoadedModel loaded = model.Loaded;
        HeadDefinition declared = loaded.Definition.Heads[head];
        TextBatch batch = loaded.BeginText();
        try
        {
            batch.Add(loaded.Tokenizer!, first, second, loaded.LimitsFor(declared.Kind));
            loaded.Run(batch, head, CancellationToken.None);
            return SequenceRows.Decode<TDecoder, TResult>(batch, declared, 0);
        }
        finally
        {
            loaded.EndText(batch);
        }
    }

    public static TResult[] Many<TDecoder, TResult>(TextModel model, int head, TextSource texts, CancellationToken cancellationToken) where TDecoder : struct, IRowDecoder<TResult>
    {
        LoadedModel loaded = model.Loaded;
        HeadDefinition declared = loaded.Definition.Heads[head];
        TextLimits limits = loaded.LimitsFor(declared.Kind);
        return Batches.Run(
            loaded, loaded.Texts, head, texts.Count,
            (batch, index) =>
            {
                (string first, string? second) = texts[index];
                batch.Add(loaded.Tokenizer!, first, second, limits);
            },
            (batch, text, _) => SequenceRows.Decode<TDecoder, TResult>(batch, declared, text),
            cancellationToken);
    }
}
