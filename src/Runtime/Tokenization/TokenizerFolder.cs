using System.Text.Json;
using BertGen.Weights;

namespace BertGen.Tokenization;

/// <summary>Reads the tokenizer files of a Hugging Face folder, or of a pack that holds them.</summary>
internal static class TokenizerFolder
{
    // Tokenizers of the transformers library that are BERT's under another name.
    private static readonly string[] s_bertNames =
    [
        "Bert", "DistilBert", "Electra", "MobileBert", "ConvBert", "SqueezeBert", "RetriBert", "Lxmert", "Funnel", "LayoutLM",
        "DPRContextEncoder", "DPRQuestionEncoder", "DPRReader", "PreTrained", "Tokenizers",
    ];

    public static EncoderSettings Read(TokenizerSource source)
    {
        using JsonFile? config = JsonFile.OpenIfThere(source, "tokenizer_config.json");
        using JsonFile? map = JsonFile.OpenIfThere(source, "special_tokens_map.json");
        SpecialTokens special = ReadSpecial(config, map);
        using JsonFile? file = JsonFile.OpenIfThere(source, "tokenizer.json");
        if (file is not null)
        {
            return TokenizerJson.Read(file, special, config);
        }

        return source.Read("vocab.txt") is ReadOnlyMemory<byte> vocabulary
            ? ReadVocabulary(vocabulary.Span, source.PathOf("vocab.txt"), special, config, map)
            : throw new FileNotFoundException($"'{source.Path}' has neither tokenizer.json nor vocab.txt. A folder saved by Hugging Face's save_pretrained has one of them: download it too, or copy the vocab.txt of the model that this one was trained from.");
    }

    /// <summary>The model's longest sequence: model_max_length, which stands there as 1e30 where there is no limit.</summary>
    public static int? MaxLength(JsonFile? config) =>
        config?.Number("model_max_length") is double length ? (length is >= 1 and < int.MaxValue ? (int)length : int.MaxValue) : null;

    /// <summary>The rules with what tokenizer_config.json says otherwise.</summary>
    public static TextRules Override(bool lowerCase, bool? stripAccents, bool splitChinese, bool clean, JsonFile? config)
    {
        bool? configured = config?.Has("strip_accents") == true ? config.Boolean("strip_accents") : stripAccents;
        return EncoderSettings.RulesFor(config?.Boolean("do_lower_case") ?? lowerCase, configured, config?.Boolean("tokenize_chinese_chars") ?? splitChinese, clean);
    }

    private static EncoderSettings ReadVocabulary(ReadOnlySpan<byte> content, string path, SpecialTokens special, JsonFile? config, JsonFile? map)
    {
        CheckClass(config);
        Vocabulary vocabulary = Vocabulary.Parse(content, path);
        TextRules rules = Override(lowerCase: true, null, splitChinese: true, clean: true, config);
        EncoderSettings settings = EncoderSettings.FromVocabulary(vocabulary, rules, special, $"'{path}'") with { MaxLength = MaxLength(config) ?? int.MaxValue };
        AddedTokenReader added = new(vocabulary, settings.Added);
        if (config?.Property("added_tokens_decoder") is JsonElement decoder && decoder.ValueKind == JsonValueKind.Object)
        {
            added.ReadById(decoder, config.Path);
        }

        added.ReadNames(config);
        added.ReadNames(map);
        return settings with { Vocabulary = added.Vocabulary(), Added = added.Tokens };
    }

    private static void CheckClass(JsonFile? config)
    {
        if (config?.Text("tokenizer_class") is string name && !s_bertNames.Any(bert => name == bert + "Tokenizer" || name == bert + "TokenizerFast"))
        {
            throw new InvalidDataException($"'{config.Path}' names the tokenizer class '{MessageText.Of(name)}', which is no plain BERT WordPiece tokenizer. Expected BertTokenizer or one that only renames it; other tokenizers would give other ids.");
        }

        if (config?.Boolean("do_basic_tokenize") == false)
        {
            throw new InvalidDataException($"'{config.Path}' switches basic tokenization off (do_basic_tokenize: false), which is not supported. Save the tokenizer as tokenizer.json, or switch it on if the model was trained with it.");
        }
    }

    private static SpecialTokens ReadSpecial(JsonFile? config, JsonFile? map)
    {
        SpecialTokens names = new();
        return new()
        {
            Unknown = Name("unk_token") ?? names.Unknown,
            Classification = Name("cls_token") ?? names.Classification,
            Separator = Name("sep_token") ?? names.Separator,
            Padding = Name("pad_token") ?? names.Padding,
            Mask = Name("mask_token") ?? names.Mask,
        };

        string? Name(string key) => config?.TokenName(key) ?? map?.TokenName(key);
    }
}
