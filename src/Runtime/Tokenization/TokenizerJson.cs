using System.Text.Json;
using BertGen.Weights;

namespace BertGen.Tokenization;

/// <summary>Reads a <c>tokenizer.json</c> of Hugging Face's tokenizers library: BERT's normalizer, pre-tokenizer, WordPiece and template; anything else is refused.</summary>
internal static class TokenizerJson
{
    public static EncoderSettings Read(JsonFile file, SpecialTokens special, JsonFile? config)
    {
        JsonElement model = file.Property("model") ?? throw Refuse(file, "model", "WordPiece", "nothing");
        string type = file.Text(model, "type") ?? (file.Property(model, "max_input_chars_per_word") is null ? "unknown" : "WordPiece");
        if (type != "WordPiece")
        {
            throw Refuse(file, "model", "WordPiece", type);
        }

        if (file.Text(model, "continuing_subword_prefix") is string prefix and not "##")
        {
            throw Refuse(file, "continuing_subword_prefix", "##", prefix);
        }

        Vocabulary vocabulary = ReadVocabulary(file, model);
        special = special with { Unknown = file.Text(model, "unk_token") ?? special.Unknown };
        special = ReadTemplate(file, special);
        AddedTokenReader added = new(vocabulary, []);
        if (file.Read(file.Root, "added_tokens", JsonValueKind.Array) is JsonElement list)
        {
            added.ReadList(list, file.Path);
        }

        return new EncoderSettings
        {
            Vocabulary = added.Vocabulary(),
            Rules = ReadRules(file, config),
            Special = special,
            Added = added.Tokens,
            Source = $"'{file.Path}'",
            MaxWordCharacters = MaxWordCharacters(file, model),
            MaxLength = TokenizerFolder.MaxLength(config) ?? int.MaxValue,
        };
    }

    private static Vocabulary ReadVocabulary(JsonFile file, JsonElement model)
    {
        JsonElement vocabulary = file.Read(model, "vocab", JsonValueKind.Object) ?? throw Refuse(file, "vocab", "an object from tokens to ids", "nothing");
        string?[] tokens = new string?[vocabulary.EnumerateObject().Count()];
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            if (entry.Value.ValueKind != JsonValueKind.Number || !entry.Value.TryGetInt32(out int id) || (uint)id >= (uint)tokens.Length)
            {
                throw new InvalidDataException($"'{file.Path}': token '{MessageText.Of(entry.Name)}' has the id {MessageText.Of(entry.Value.GetRawText())}; the ids of {tokens.Length} tokens are 0 to {tokens.Length - 1}, each once.");
            }

            tokens[id] = tokens[id] is string other
                ? throw new InvalidDataException($"'{file.Path}': the tokens '{MessageText.Of(other)}' and '{MessageText.Of(entry.Name)}' both have the id {id}. Each id may stand there once: download the file again.")
                : entry.Name;
        }

        return new Vocabulary(tokens!);
    }

    private static TextRules ReadRules(JsonFile file, JsonFile? config)
    {
        string pre = TypeOf(file, Unwrap(file, "pre_tokenizer", "pretokenizers"));
        if (pre != "BertPreTokenizer")
        {
            throw Refuse(file, "pre_tokenizer", "BertPreTokenizer", pre);
        }

        if (Unwrap(file, "normalizer", "normalizers") is not JsonElement normalizer)
        {
            return TextRules.SplitWords;
        }

        string type = TypeOf(file, normalizer);
        return type == "BertNormalizer"
            ? TokenizerFolder.Override(
                file.Boolean(normalizer, "lowercase") ?? true,
                file.Boolean(normalizer, "strip_accents"),
                file.Boolean(normalizer, "handle_chinese_chars") ?? true,
                file.Boolean(normalizer, "clean_text") ?? true,
                config)
            : throw Refuse(file, "normalizer", "BertNormalizer", type);
    }

    // A sequence of one is that one.
    private static JsonElement? Unwrap(JsonFile file, string name, string members)
    {
        JsonElement? step = file.Property(name);
        return step is JsonElement sequence && TypeOf(file, sequence) == "Sequence"
            && file.Read(sequence, members, JsonValueKind.Array) is JsonElement list && list.GetArrayLength() == 1 ? list[0] : step;
    }

    private static string TypeOf(JsonFile file, JsonElement? step) => step is JsonElement element ? file.Text(element, "type") ?? "nothing" : "nothing";

    private static int MaxWordCharacters(JsonFile file, JsonElement model)
    {
        if (file.Read(model, "max_input_chars_per_word", JsonValueKind.Number) is not JsonElement number)
        {
            return 100;
        }

        return number.TryGetInt32(out int characters) && characters is >= 1 and <= 100_000
            ? characters
            : throw Refuse(file, "max_input_chars_per_word", "1 to 100000", number.GetRawText());
    }

    private static SpecialTokens ReadTemplate(JsonFile file, SpecialTokens special)
    {
        if (file.Property("post_processor") is not JsonElement processor)
        {
            return special;
        }

        string type = TypeOf(file, processor);
        if (type == "BertProcessing")
        {
            return special with { Classification = First(file, processor, "cls") ?? special.Classification, Separator = First(file, processor, "sep") ?? special.Separator };
        }

        if (type != "TemplateProcessing")
        {
            throw Refuse(file, "post_processor", "TemplateProcessing or BertProcessing", type);
        }

        string single = Template(file, processor, "single"), pair = Template(file, processor, "pair");
        string[] parts = single.Split(' ');
        if (parts is not [string classification, "A:0", string separator]
            || !classification.EndsWith(":0", StringComparison.Ordinal) || !separator.EndsWith(":0", StringComparison.Ordinal)
            || pair != $"{classification} A:0 {separator} B:1 {separator[..^1]}1")
        {
            throw Refuse(file, "post_processor", "[CLS] A [SEP] and [CLS] A [SEP] B [SEP], B of type 1", $"'{single}' and '{pair}'");
        }

        return special with { Classification = classification[..^2], Separator = separator[..^2] };
    }

    private static string? First(JsonFile file, JsonElement processor, string name) =>
        file.Read(processor, name, JsonValueKind.Array) is JsonElement list && list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String ? list[0].GetString() : null;

    // [{"SpecialToken": {"id": "[CLS]", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}, …] as "[CLS]:0 A:0 …".
    private static string Template(JsonFile file, JsonElement processor, string name)
    {
        List<string> parts = [];
        foreach (JsonElement part in (file.Read(processor, name, JsonValueKind.Array) ?? throw Refuse(file, name, "a template", "nothing")).EnumerateArray())
        {
            JsonElement piece = file.Property(part, "SpecialToken") ?? file.Property(part, "Sequence") ?? throw Refuse(file, name, "special tokens and sequences", part.GetRawText());
            parts.Add($"{file.Text(piece, "id")}:{file.Property(piece, "type_id")?.GetRawText() ?? "0"}");
        }

        return string.Join(' ', parts);
    }

    private static InvalidDataException Refuse(JsonFile file, string name, string expected, string got) =>
        new($"'{file.Path}': '{name}' is {MessageText.Of(got)}; expected {expected}. Only BERT's WordPiece tokenizer is supported: another one would give other ids than the model was trained with.");
}
