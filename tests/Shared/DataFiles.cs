using System.Text.Json;

namespace BertGen.Tests;

/// <summary>Reads the forms in which the real data sets come.</summary>
internal static class DataFiles
{
    /// <summary>A table with a header: the columns asked for, of each row.</summary>
    public static IEnumerable<string[]> Table(string path, params string[] columns)
    {
        int[]? places = null;
        foreach (string line in File.ReadLines(path))
        {
            string[] cells = line.Split('\t');
            if (places is null)
            {
                places = Array.ConvertAll(columns, column => Array.IndexOf(cells, column) is var place and >= 0 ? place : throw new InvalidDataException($"'{path}' has no column '{column}'; it has {line}."));
            }
            else
            {
                yield return Array.ConvertAll(places, place => cells[place]);
            }
        }
    }

    /// <summary>Sentences as words with tags: a word a line with its tag in the second column, a blank line between sentences; a first line of column names begins with "# ".</summary>
    public static IEnumerable<(string[] Words, string[] Tags)> Tagged(string path)
    {
        bool hasHeader = File.ReadLines(path).First().StartsWith("# ", StringComparison.Ordinal);
        return Sentences(File.ReadLines(path).Skip(hasHeader ? 1 : 0).Select(line => line.Length == 0 ? null : line.Split('\t')), word: 0, tag: 1);
    }

    /// <summary>Sentences of a CoNLL-U file with their UPOS tags; multiword tokens and empty nodes are left out.</summary>
    public static IEnumerable<(string[] Words, string[] Tags)> Conllu(string path) =>
        Sentences(File.ReadLines(path).Where(line => !line.StartsWith('#')).Select(line => line.Length == 0 ? null : line.Split('\t')).Where(cells => cells is null || cells[0].All(char.IsAsciiDigit)), word: 1, tag: 3);

    /// <summary>Questions of a file with a paragraph a line. Starts count code points, as in SQuAD.</summary>
    public static IEnumerable<(string Question, string Passage, (string Text, int Start)[] Answers)> Questions(string path)
    {
        foreach (string line in File.ReadLines(path))
        {
            using JsonDocument paragraph = JsonDocument.Parse(line);
            string passage = paragraph.RootElement.GetProperty("context").GetString()!;
            foreach (JsonElement question in paragraph.RootElement.GetProperty("qas").EnumerateArray())
            {
                yield return (question.GetProperty("question").GetString()!, passage, [.. question.GetProperty("answers").EnumerateArray().Select(answer =>
                    (answer.GetProperty("text").GetString()!, answer.GetProperty("start").GetInt32()))]);
            }
        }
    }

    private static IEnumerable<(string[] Words, string[] Tags)> Sentences(IEnumerable<string[]?> lines, int word, int tag)
    {
        List<string> words = [], tags = [];
        foreach (string[]? cells in lines.Append(null))
        {
            if (cells is not null)
            {
                words.Add(cells[word]);
                tags.Add(cells[tag]);
            }
            else if (words.Count > 0)
            {
                yield return ([.. words], [.. tags]);
                words.Clear();
                tags.Clear();
            }
        }
    }
}
