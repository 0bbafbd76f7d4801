namespace BertGen.Data;

/// <summary>Sentences packed to the length of a model, before anything is masked.</summary>
/// <param name="First">Tokens of the first segment, without special ones.</param>
/// <param name="Second">Tokens of the second segment; null where the model reads one.</param>
/// <param name="IsNext">Whether the second segment follows the first in its document.</param>
internal sealed record PackedText(int[] First, int[]? Second, bool IsNext);

/// <summary>Packs the sentences of one document after another.</summary>
internal interface ITextPacker : IDisposable
{
    /// <summary>The packed texts of a document; what they are depends on the epoch and what was packed before in it.</summary>
    IEnumerable<PackedText> Pack(int document, RandomNumbers random);
}
