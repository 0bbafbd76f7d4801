using System.Text;
using BertGen.Data;

namespace BertGen;

/// <summary>Text to pre-train on: documents of sentences. Immutable; any number of runs may read it.</summary>
public sealed class PretrainingCorpus
{
    private PretrainingCorpus(CorpusText text) => Text = text;

    /// <summary>Number of documents.</summary>
    public int DocumentCount => Text.DocumentCount;

    /// <summary>Number of sentences.</summary>
    public long SentenceCount => Text.SentenceCount;

    internal CorpusText Text { get; }

    /// <summary>A corpus in a UTF-8 file: a sentence a line, a blank line between documents.</summary>
    /// <remarks>The file is read once to find its documents, and then again and again while a run needs it; of its text only what is being packed is in memory. It must not change meanwhile.</remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It has no sentence.</exception>
    public static PretrainingCorpus FromFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new PretrainingCorpus(CorpusText.OfFile(path));
    }

    /// <summary>A corpus of given documents. They are read once and kept in memory as UTF-8; a corpus that is too large for that belongs in a file.</summary>
    /// <param name="documents">The documents, each a list of its sentences. What is blank is left out.</param>
    /// <exception cref="InvalidDataException">There is no sentence, or they take more than 1 GB.</exception>
    public static PretrainingCorpus FromDocuments(IEnumerable<IEnumerable<string>> documents)
    {
        ArgumentNullException.ThrowIfNull(documents);
        MemoryStream memory = new();
        using (StreamWriter writer = new(memory, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" })
        {
            foreach (IEnumerable<string> document in documents)
            {
                ArgumentNullException.ThrowIfNull(document, nameof(documents));
                foreach (string sentence in document)
                {
                    ArgumentNullException.ThrowIfNull(sentence, nameof(documents));
                    if (!string.IsNullOrWhiteSpace(sentence))
                    {
                        writer.WriteLine(sentence.ReplaceLineEndings(" "));
                    }
                }

                writer.WriteLine();
                CheckRoom(memory.Length);
            }
        }

        return new PretrainingCorpus(CorpusText.OfMemory(memory.GetBuffer(), (int)memory.Length));
    }

    private static void CheckRoom(long bytes)
    {
        // Of what a MemoryStream can hold, as much as a document that is written at once may take more.
        const long Most = int.MaxValue / 2;
        if (bytes > Most)
        {
            throw new InvalidDataException("The documents take more memory than one array holds. Write them to a file, a sentence a line and a blank line between documents, and use PretrainingCorpus.FromFile.");
        }
    }
}
