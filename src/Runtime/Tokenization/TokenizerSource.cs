using BertGen.Weights;

namespace BertGen.Tokenization;

/// <summary>Where a tokenizer's files come from: a folder, or a pack that holds them.</summary>
/// <param name="Path">The folder or pack, for messages.</param>
/// <param name="Read">The content of a file by its name, or null where there is none.</param>
internal sealed record TokenizerSource(string Path, Func<string, ReadOnlyMemory<byte>?> Read)
{
    public static TokenizerSource Folder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        return new TokenizerSource(folder, name =>
        {
            string path = System.IO.Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                // Not in one expression: null would turn into an empty memory.
                return null;
            }

            return SmallFiles.Read(path);
        });
    }

    /// <summary>How messages name a file.</summary>
    public string PathOf(string name) => System.IO.Path.Combine(Path, name);
}
