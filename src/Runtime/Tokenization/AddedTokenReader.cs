using System.Globalization;
using System.Text.Json;
using BertGen.Weights;

namespace BertGen.Tokenization;

/// <summary>Collects added tokens from a tokenizer's files; those with new ids lengthen the vocabulary.</summary>
internal sealed class AddedTokenReader(Vocabulary vocabulary, IEnumerable<AddedToken> tokens)
{
    private readonly Dictionary<string, AddedToken> _tokens = tokens.ToDictionary(token => token.Content);
    private readonly SortedDictionary<int, string> _new = [];
    private string _path = "";

    public IReadOnlyList<AddedToken> Tokens => [.. _tokens.Values];

    /// <summary>The vocabulary with the tokens that were new to it.</summary>
    public Vocabulary Vocabulary()
    {
        int next = vocabulary.Count;
        foreach ((int id, string content) in _new)
        {
            if (id != next++)
            {
                throw new InvalidDataException($"'{_path}': added token '{MessageText.Of(content)}' has the id {id}, but the vocabulary's next free id is {next - 1}. Ids may not have gaps: save the tokenizer again.");
            }
        }

        return _new.Count == 0 ? vocabulary : new Vocabulary([.. Enumerable.Range(0, vocabulary.Count).Select(id => vocabulary[id]), .. _new.Values]);
    }

    /// <summary>Reads <c>added_tokens_decoder</c>: an object from ids to tokens.</summary>
    public void ReadById(JsonElement decoder, string path)
    {
        foreach (JsonProperty entry in decoder.EnumerateObject())
        {
            if (!int.TryParse(entry.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
            {
                throw new InvalidDataException($"'{path}': added token id '{MessageText.Of(entry.Name)}' is no whole number.");
            }

            Add(entry.Value, id, path);
        }
    }

    /// <summary>Reads <c>added_tokens</c>: a list of tokens with their ids.</summary>
    public void ReadList(JsonElement list, string path)
    {
        foreach (JsonElement entry in list.EnumerateArray())
        {
            if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("id", out JsonElement number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out int id))
            {
                throw new InvalidDataException($"'{path}': an entry of 'added_tokens' has no whole number as 'id'.");
            }

            Add(entry, id, path);
        }
    }

    /// <summary>Reads <c>additional_special_tokens</c>: names of tokens that are in the vocabulary, or objects.</summary>
    public void ReadNames(JsonFile? file)
    {
        if (file?.Property("additional_special_tokens") is not JsonElement { ValueKind: JsonValueKind.Array } names)
        {
            return;
        }

        foreach (JsonElement entry in names.EnumerateArray())
        {
            string? name = entry.ValueKind == JsonValueKind.String ? entry.GetString() : file.Text(entry, "content");
            if (!string.IsNullOrEmpty(name) && !_tokens.ContainsKey(name))
            {
                _tokens[name] = vocabulary.TryGetId(name, out int id)
                    ? new AddedToken(name, id, IsSpecial: true)
                    : throw new InvalidDataException($"'{file.Path}': the special token '{MessageText.Of(name)}' is not in the vocabulary and has no id in added_tokens_decoder. Save the tokenizer again, or add the token to vocab.txt.");
            }
        }
    }

    private void Add(JsonElement entry, int id, string path)
    {
        if (entry.ValueKind != JsonValueKind.Object || !entry.TryGetProperty("content", out JsonElement text) || text.ValueKind != JsonValueKind.String || text.GetString() is not { Length: > 0 } content)
        {
            throw new InvalidDataException($"'{path}': added token {id} has no 'content'.");
        }

        if (Flag("normalized"))
        {
            throw new InvalidDataException($"'{path}': added token '{MessageText.Of(content)}' is to be searched for in normalized text ('normalized': true), which is not supported. Set it to false where the token is to be found as it is written, or put it into the vocabulary proper.");
        }

        if (vocabulary.TryGetId(content, out int known) ? known != id : id < vocabulary.Count)
        {
            throw new InvalidDataException($"'{path}': added token '{MessageText.Of(content)}' has the id {id}, where the vocabulary has {(known >= 0 ? $"it at {known}" : $"'{MessageText.Of(vocabulary[Math.Max(id, 0)])}'")}. The files belong to different tokenizers: take all from one folder.");
        }

        _path = path;
        if (id >= vocabulary.Count && !_new.TryAdd(id, content))
        {
            throw new InvalidDataException($"'{path}': the added tokens '{MessageText.Of(_new[id])}' and '{MessageText.Of(content)}' both have the id {id}. Save the tokenizer again.");
        }

        _tokens[content] = new AddedToken(content, id, Flag("special"), Flag("lstrip"), Flag("rstrip"), Flag("single_word"));

        bool Flag(string name) => entry.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;
    }
}
