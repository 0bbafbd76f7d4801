namespace BertGen.Tests.Data;

/// <summary>A corpus in a file of its own.</summary>
internal sealed class CorpusFile : IDisposable
{
    public CorpusFile(string text) => File.WriteAllText(Path, text);

    public string Path { get; } = System.IO.Path.GetTempFileName();

    public void Dispose() => File.Delete(Path);
}
