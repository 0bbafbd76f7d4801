using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Makes a result of one text's pieces and a head's outputs for them.</summary>
internal interface ITokenDecoder<TSource, TResult>
{
    /// <summary>Adds a text to the batch.</summary>
    static abstract void Add(TextBatch batch, ITextTokenizer tokenizer, TSource source, TextLimits limits);

    /// <summary>Reads the result of a text off the batch.</summary>
    static abstract TResult Decode(TextBatch batch, int text, TSource source, HeadDefinition head);
}

/// <summary>Calls of heads with one row of outputs for each token.</summary>
internal static class TokenRows
{
    public static TResult One<TDecoder, TSource, TResult>(TextModel model, int head, TSource source) where TDecoder : struct, ITokenDecoder<TSource, TResult>
    {
        ArgumentNullException.ThrowIfNull(source);
        LoadedModel loaded = model.Loaded;
        HeadDefinition declared = loaded.Definition.Heads[head];
        TextBatch batch = loaded.BeginText();
        try
        {
            TDecoder.Add(batch, loaded.Tokenizer!, source, loaded.LimitsFor(declared.Kind));
            loaded.Run(batch, head, CancellationToken.None);
            return TDecoder.Decode(batch, 0, source, declared);
        }
        finally
        {
            loaded.EndText(batch);
        }
    }

    public static TResult[] Many<TDecoder, TSource, TResult>(TextModel model, int head, IReadOnlyList<TSource> sources, CancellationToken cancellationToken) where TDecoder : struct, ITokenDecoder<TSource, TResult>
    {
        ArgumentNullException.ThrowIfNull(sources);
        LoadedModel loaded = model.Loaded;
        HeadDefinition declared = loaded.Definition.Heads[head];
        TextLimits limits = loaded.LimitsFor(declared.Kind);
        return Batches.Run(
            loaded, loaded.Texts, head, sources.Count,
            (batch, index) =>
            {
                TSource source = sources[index] ?? throw new ArgumentException($"Item {index} of the batch is null; give an empty one for a text without words.");
                TDecoder.Add(batch, loaded.Tokenizer!, source, limits);
            },
            (batch, text, index) => TDecoder.Decode(batch, text, sources[index], declared),
            cancellationToken);
    }

    /// <summary>Words of a text, each with the row of outputs of its first piece.</summary>
    public ref struct Words(TextBatch batch, int text, int outputs)
    {
        private readonly TextSpan _text = batch.Texts[text];
        private WindowCursor _window = new(batch.Rows, batch.Texts[text]);
        private int _next;

        /// <summary>Position of the word in the text.</summary>
        public int Word { get; private set; }

        /// <summary>Start of the word in UTF-16, in the text as given.</summary>
        public int Start { get; private set; }

        /// <summary>End of the word, exclusive.</summary>
        public int End { get; private set; }

        /// <summary>Outputs of its first piece.</summary>
        public ReadOnlySpan<float> Row { get; private set; }

        /// <summary>Goes to the next word.</summary>
        /// <returns>False at the end of the text, or of what a truncated text kept.</returns>
        public bool MoveNext()
        {
            if (_next == _text.PieceCount || !_window.TryFind(_next, out TextRow row))
            {
                return false;
            }

            ReadOnlySpan<int> words = batch.Pieces.Words.Slice(_text.FirstPiece, _text.PieceCount);
            ReadOnlySpan<int> starts = batch.Pieces.Starts.Slice(_text.FirstPiece, _text.PieceCount);
            ReadOnlySpan<int> ends = batch.Pieces.Ends.Slice(_text.FirstPiece, _text.PieceCount);
            int token = row.TokenOf(_next);
            Row = batch.Outputs.Items.Slice(token * outputs, outputs);
            (Word, Start, End) = (words[_next], starts[_next], ends[_next]);
            while (++_next < words.Length && words[_next] == Word)
            {
                // Marks may be sorted within a word, so that pieces need not ascend.
                Start = Math.Min(Start, starts[_next]);
                End = Math.Max(End, ends[_next]);
            }

            return true;
        }
    }
}
