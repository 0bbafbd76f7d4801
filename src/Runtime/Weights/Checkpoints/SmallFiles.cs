namespace BertGen.Weights;

/// <summary>The files of a checkpoint besides its weights.</summary>
internal static class SmallFiles
{
    public const string Config = "config.json";
    public const string Modules = "modules.json";
    public const string Pooling = "1_Pooling/config.json";
    public const string SentenceBert = "sentence_bert_config.json";

    /// <summary>Longest such file accepted, in bytes: several times the largest published tokenizer.json.</summary>
    public const long MaxLength = 100_000_000;

    /// <summary>Those of a tokenizer.</summary>
    public static readonly string[] Tokenizer = ["vocab.txt", "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json"];

    /// <summary>Every file that is read, kept in packs and handed on when saving.</summary>
    public static readonly string[] Names =
    [
        Config,
        .. Tokenizer,
        SentenceBert,
        Pooling,
        Modules,
        "config_sentence_transformers.json",
    ];

    /// <summary>Those that exist in a folder. What cannot be read is added to <paramref name="problems"/>.</summary>
    public static List<CheckpointFile> ReadAll(string folder, IEnumerable<string> names, List<string> problems)
    {
        var files = new List<CheckpointFile>();
        foreach (string name in names)
        {
            string path = Path.Combine(folder, name);
            if (!File.Exists(path))
            {
                continue;
            }

            try
            {
                files.Add(new CheckpointFile(name, Read(path)));
            }
            catch (Exception exception) when (IsUnreadable(exception))
            {
                problems.Add(exception.Message);
            }
        }

        return files;
    }

    /// <summary>One file.</summary>
    /// <exception cref="InvalidDataException">It is larger than <see cref="MaxLength"/>.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static byte[] Read(string path)
    {
        // One file all the way: its length is looked at where it is read.
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1);
        long length = stream.Length;
        if (length > MaxLength)
        {
            throw new InvalidDataException($"'{path}' has {length} bytes; the most accepted is {MaxLength}.");
        }

        byte[] content = new byte[length];
        stream.ReadExactly(content);
        return content;
    }

    /// <summary>True for what the file is to blame for, or its disk, or who owns it: a problem among others of a checkpoint.</summary>
    public static bool IsUnreadable(Exception exception) => exception is IOException or UnauthorizedAccessException or InvalidDataException;
}
