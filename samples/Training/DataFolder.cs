using System.Text.Json;
using BertGen;

namespace BertGen.Samples.Training;

/// <summary>The folder of the data sets and their formats.</summary>
internal sealed class DataFolder(string path)
{
    /// <summary>A file of the folder.</summary>
    /// <exception cref="FileNotFoundException">It is not there; says which one is missing.</exception>
    public string File(params string[] parts)
    {
        string file = Path.Combine([path, .. parts]);
        return System.IO.File.Exists(file) ? file : throw new FileNotFoundException($"The data folder '{path}' has no '{Path.Combine(parts)}'.", file);
    }

    public List<LabeledText<Sentiment>> Sentiments(string part) =>
        [.. Rows(File("sentiment-movie-en", $"{part}.tsv")).Select(row => new LabeledText<Sentiment>(row[0], row[1] == "1" ? Sentiment.Positive : Sentiment.Negative))];

    public List<LabeledText<Inference>> Pairs(string part) =>
        [.. Rows(File("nli-snli-en", $"{part}.tsv")).Select(row => new LabeledText<Inference>(row[0], Enum.Parse<Inference>(row[2], ignoreCase: true), row[1]))];

    /// <summary>Words with their tags; a blank line ends a sentence.</summary>
    public List<TaggedSentence<Upos>> TrainingTags() => Sentences(File("pos-ud-ewt-en", "train.tsv"), row => (row[0], row[1]));

    /// <summary>The same from CoNLL-U, whose rows of several words and of none have no plain number.</summary>
    public List<TaggedSentence<Upos>> DevelopmentTags() => Sentences(File("pos-ud-ewt-en", "dev.conllu"), row => row[0].All(char.IsAsciiDigit) ? (row[1], row[3]) : null);

    public List<QuestionExample> Questions(string part) => [.. System.IO.File.ReadLines(File("qa-xquad-en", $"{part}.jsonl")).SelectMany(Paragraph)];

    /// <summary>The books as one corpus: a sentence a line, a blank line between documents.</summary>
    public List<List<string>> Documents()
    {
        string books = Path.Combine(path, "pretrain-en", "books");
        if (!Directory.Exists(books))
        {
            throw new FileNotFoundException($"The data folder '{path}' has no '{Path.Combine("pretrain-en", "books")}'.", books);
        }

        List<List<string>> documents = [[]];
        foreach (string line in Directory.GetFiles(books, "*.txt").Order(StringComparer.Ordinal).SelectMany(book => System.IO.File.ReadLines(book).Append("")))
        {
            if (line.Length > 0)
            {
                documents[^1].Add(line);
            }
            else if (documents[^1].Count > 0)
            {
                documents.Add([]);
            }
        }

        return [.. documents.Where(document => document.Count > 0)];
    }

    private static IEnumerable<string[]> Rows(string file) => System.IO.File.ReadLines(file).Skip(1).Select(line => line.Split('\t'));

    private static List<TaggedSentence<Upos>> Sentences(string file, Func<string[], (string Word, string Tag)?> word)
    {
        List<TaggedSentence<Upos>> sentences = [];
        List<(string Word, string Tag)> words = [];
        foreach (string line in System.IO.File.ReadLines(file).Append(""))
        {
            if (line.Length == 0 && words.Count > 0)
            {
                sentences.Add(new([.. words.Select(one => one.Word)], [.. words.Select(one => Enum.Parse<Upos>(one.Tag, ignoreCase: true))]));
                words.Clear();
            }
            else if (line.Length > 0 && !line.StartsWith("# ", StringComparison.Ordinal) && word(line.Split('\t')) is { } one)
            {
                words.Add(one);
            }
        }

        return sentences;
    }

    private static IEnumerable<QuestionExample> Paragraph(string line)
    {
        using JsonDocument paragraph = JsonDocument.Parse(line);
        string passage = paragraph.RootElement.GetProperty("context").GetString()!;
        return [.. paragraph.RootElement.GetProperty("qas").EnumerateArray().Select(question => new QuestionExample(
            question.GetProperty("question").GetString()!,
            passage,
            [.. question.GetProperty("answers").EnumerateArray().Select(answer => AnswerSpan.AtCharacter(passage, answer.GetProperty("text").GetString()!, answer.GetProperty("start").GetInt32()))]))];
    }
}
