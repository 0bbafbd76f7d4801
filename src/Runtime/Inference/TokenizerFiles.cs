using BertGen.Weights;
using System.Text;

namespace BertGen;

/// <summary>The files of a tokenizer that a new model keeps, so that saving writes them beside its weights.</summary>
internal static class TokenizerFiles
{
    /// <summary>Those of a published model's folder. What cannot be read is added to <paramref name="problems"/>.</summary>
    public static IReadOnlyList<CheckpointFile> OfFolder(string folder, List<string> problems) => SmallFiles.ReadAll(folder, SmallFiles.Tokenizer, problems);

    /// <summary>Those of an uncased vocabulary. One that cannot be read is added to <paramref name="problems"/>.</summary>
    public static IReadOnlyList<CheckpointFile> OfVocabulary(string path, int maxPositions, List<string> problems)
    {
        byte[] vocabulary;
        try
        {
            vocabulary = SmallFiles.Read(path);
        }
        catch (Exception exception) when (SmallFiles.IsUnreadable(exception))
        {
            problems.Add(exception.Message);
            return [];
        }

        string limit = maxPositions > 0 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\n  \"model_max_length\": {maxPositions},") : "";
        string settings = $$"""
            {
              "do_lower_case": true,{{limit}}
              "strip_accents": null,
              "tokenize_chinese_chars": true,
              "tokenizer_class": "BertTokenizer"
            }
            """;
        return [new CheckpointFile("vocab.txt", vocabulary), new CheckpointFile("tokenizer_config.json", Encoding.UTF8.GetBytes(settings))];
    }
}
