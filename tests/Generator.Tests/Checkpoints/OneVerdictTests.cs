using System.Text.Json.Nodes;
using BertGen.CompilerServices;
using BertGen.Generator.Checkpoints;
using BertGen.Generator.Specs;
using BertGen.Generator.Tests.Compiler;
using BertGen.Weights;

namespace BertGen.Generator.Tests.Checkpoints;

/// <summary>The check at build and the loader judge the same folders alike.</summary>
/// <remarks>They share no code: one runs in the compiler, over a text that MSBuild wrote; the other runs in the program, over the files.</remarks>
public sealed class OneVerdictTests(OneVerdictTests.Verdicts verdicts) : IClassFixture<OneVerdictTests.Verdicts>
{
    private const string Encoder = "bert.encoder.layer.0.";
    private const string Decoder = "cls.predictions.decoder.weight";
    private const string DecoderBias = "cls.predictions.decoder.bias";
    private const int Vocabulary = 20, Hidden = 32;

    private static readonly ModelSpec s_model = TestModels.Model(
        new EncoderSpec { Layers = 1, HiddenSize = Hidden, Heads = 2, IntermediateSize = 48, VocabularySize = Vocabulary, MaxPositions = 12 },
        Labelled(null, "negative", "positive"),
        Labelled("Topic", "sports", "science", "arts"),
        TestModels.Head(Specs.HeadKind.MaskedLanguageModel),
        TestModels.Head(Specs.HeadKind.SentenceEmbedding));

    private enum Verdict
    {
        Fits,
        Refused,

        /// <summary>Only values show it, which a build does not read.</summary>
        RefusedWhenLoaded,
    }

    private static readonly Dictionary<string, (Verdict Verdict, Action<SuspectFolder> Change)> s_cases = new()
    {
        ["as it should be"] = (Verdict.Fits, _ => { }),
        ["another field"] = (Verdict.Fits, f => f.Config["torch_dtype"] = "float32"),
        ["null fields"] = (Verdict.Fits, f => (f.Config["hidden_act"], f.Config["problem_type"], f.Config["is_decoder"]) = (null, null, null)),
        ["half precision"] = (Verdict.Fits, f => f.Set("classifier.weight", TensorType.Float16, 2, Hidden)),
        ["bfloat16"] = (Verdict.Fits, f => f.Set("classifier.weight", TensorType.BFloat16, 2, Hidden)),
        ["double precision"] = (Verdict.Refused, f => f.Set("classifier.weight", TensorType.Float64, 2, Hidden)),
        ["integers"] = (Verdict.Refused, f => f.Set(Encoder + "output.dense.bias", TensorType.Int32, Hidden)),
        ["integers that nobody reads"] = (Verdict.Fits, f => f.Set("bert.embeddings.position_ids", TensorType.Int64, 1, 12)),
        ["another shape"] = (Verdict.Refused, f => f.Set("classifier.weight", TensorType.Float32, 2, Hidden + 1)),
        ["a weight too many"] = (Verdict.Refused, f => f.Set("bert.encoder.layer.1.output.dense.bias", TensorType.Float32, Hidden)),
        ["a weight of another head too many"] = (Verdict.Fits, f => f.Set("qa_outputs.weight", TensorType.Float32, 2, Hidden)),
        ["a weight missing"] = (Verdict.Refused, f => f.Remove(Encoder + "output.dense.bias")),
        ["a head missing"] = (Verdict.Refused, f => f.Remove("heads.Topic.")),
        ["a head missing, which may"] = (Verdict.Fits, f => f.Remove("heads.Topic.")),
        ["labels of a head missing, which may"] = (Verdict.Fits, f => { f.Remove("heads.Topic."); f.SetLabels("Topic", "x", "y"); }),
        ["half a head missing, which may"] = (Verdict.Refused, f => f.Remove("heads.Topic.classifier.bias")),
        ["a head missing and a senseless spread, which may"] = (Verdict.Refused, f => { f.Remove("heads.Topic."); f.Config["initializer_range"] = -1; }),
        ["a spread that is no number, which may"] = (Verdict.Refused, f => { f.Remove("heads.Topic."); f.Config["initializer_range"] = "wide"; }),
        ["a senseless spread that nobody needs, which may"] = (Verdict.Fits, f => f.Config["initializer_range"] = -1),
        ["the encoder missing, which may"] = (Verdict.Refused, f => f.Remove("bert.embeddings.LayerNorm.weight")),
        ["two spellings"] = (Verdict.Refused, f => f.Set("embeddings.LayerNorm.gamma", TensorType.Float32, Hidden)),
        ["another spelling"] = (Verdict.Fits, f => { f.Remove("bert.embeddings.LayerNorm.weight"); f.Set("embeddings.LayerNorm.gamma", TensorType.Float32, Hidden); }),
        ["a tied copy"] = (Verdict.Fits, f => f.Set(Decoder, TensorType.Float32, Vocabulary, Hidden)),
        ["a tied copy alone"] = (Verdict.Fits, f => { f.Remove("bert.embeddings.word_embeddings"); f.Set(Decoder, TensorType.Float32, Vocabulary, Hidden); }),
        ["a tied copy of another type"] = (Verdict.Refused, f => f.Set(Decoder, TensorType.Float16, Vocabulary, Hidden)),
        ["a tied copy of another shape"] = (Verdict.Refused, f => f.Set(Decoder, TensorType.Float32, Vocabulary + 1, Hidden)),
        ["a tied bias of another shape"] = (Verdict.Refused, f => f.Set(DecoderBias, TensorType.Float32, Vocabulary + 1)),
        ["a tied copy of other values"] = (Verdict.RefusedWhenLoaded, f => f.Tensors[Decoder] = SafetensorsTensor.FromSingles([Vocabulary, Hidden], [.. Enumerable.Repeat(1f, Vocabulary * Hidden)])),
        ["another kind of model"] = (Verdict.Refused, f => f.Config["model_type"] = "roberta"),
        ["a size that differs"] = (Verdict.Refused, f => f.Config["num_attention_heads"] = 4),
        ["a size left out"] = (Verdict.Refused, f => f.Config.Remove("hidden_size")),
        ["a size as text"] = (Verdict.Refused, f => f.Config["hidden_size"] = "32"),
        ["a size with a fraction"] = (Verdict.Refused, f => f.Config["hidden_size"] = 32.5),
        ["an activation that differs"] = (Verdict.Refused, f => f.Config["hidden_act"] = "relu"),
        ["an activation that nobody knows"] = (Verdict.Refused, f => f.Config["hidden_act"] = "silu"),
        ["an activation as a number"] = (Verdict.Refused, f => f.Config["hidden_act"] = 7),
        ["an epsilon that differs"] = (Verdict.Refused, f => f.Config["layer_norm_eps"] = 1e-5),
        ["an epsilon written otherwise"] = (Verdict.Fits, f => f.Config["layer_norm_eps"] = JsonNode.Parse("0.000000000001")),
        ["an epsilon as text"] = (Verdict.Refused, f => f.Config["layer_norm_eps"] = "1e-12"),
        ["relative positions"] = (Verdict.Refused, f => f.Config["position_embedding_type"] = "relative_key"),
        ["a decoder"] = (Verdict.Refused, f => f.Config["is_decoder"] = true),
        ["no decoder"] = (Verdict.Fits, f => f.Config["is_decoder"] = false),
        ["perhaps a decoder"] = (Verdict.Refused, f => f.Config["is_decoder"] = 1),
        ["cross attention"] = (Verdict.Refused, f => f.Config["add_cross_attention"] = true),
        ["the right task"] = (Verdict.Fits, f => f.Config["problem_type"] = "single_label_classification"),
        ["another task"] = (Verdict.Refused, f => f.Config["problem_type"] = "multi_label_classification"),
        ["another task of a named head"] = (Verdict.Refused, f => f.Section("Topic")["problem_type"] = "regression"),
        ["a section that is none"] = (Verdict.Refused, f => f.Config["bertgen"] = "own"),
        ["labels in another order"] = (Verdict.Fits, f => f.SetLabels(null, "POSITIVE", "Negative")),
        ["labels by number"] = (Verdict.Fits, f => f.SetLabels(null, "LABEL_0", "LABEL_1")),
        ["more labels by number"] = (Verdict.Refused, f => { f.SetLabels(null, "LABEL_0", "LABEL_1", "LABEL_2"); f.Set("classifier.weight", TensorType.Float32, 3, Hidden); }),
        ["other labels"] = (Verdict.Refused, f => f.SetLabels(null, "negative", "neutral")),
        ["one label twice"] = (Verdict.Refused, f => f.SetLabels(null, "negative", "NEGATIVE")),
        ["other labels of a named head"] = (Verdict.Refused, f => f.SetLabels("Topic", "sports", "science", "letters")),
        ["no labels"] = (Verdict.Fits, f => { f.Config.Remove("id2label"); f.Config.Remove("label2id"); }),
        ["labels in a list"] = (Verdict.Refused, f => f.Config["id2label"] = new JsonArray("negative", "positive")),
        ["labels with a gap"] = (Verdict.Refused, f => f.Config["id2label"] = new JsonObject { ["0"] = "negative", ["2"] = "positive" }),
        ["labels under one number"] = (Verdict.Refused, f => f.Config["id2label"] = new JsonObject { ["0"] = "negative", ["00"] = "positive" }),
        ["a label that is no text"] = (Verdict.Refused, f => f.Config["id2label"] = new JsonObject { ["0"] = "negative", ["1"] = 7 }),
        ["label2id that contradicts"] = (Verdict.Refused, f => f.Config["label2id"] = new JsonObject { ["negative"] = 1, ["positive"] = 0 }),
        ["label2id that is no number"] = (Verdict.Refused, f => f.Config["label2id"] = new JsonObject { ["negative"] = "0" }),
        ["label2id of a part"] = (Verdict.Fits, f => f.Config["label2id"] = new JsonObject { ["positive"] = 1 }),
        ["label2id that is a list"] = (Verdict.Refused, f => f.Config["label2id"] = new JsonArray(0, 1)),
        ["the right pooling"] = (Verdict.Fits, f => f.File("1_Pooling/config.json", """{"pooling_mode_mean_tokens": true, "pooling_mode_cls_token": false}""")),
        ["the right pooling by name"] = (Verdict.Fits, f => f.File("1_Pooling/config.json", """{"pooling_mode": "mean"}""")),
        ["another pooling"] = (Verdict.Refused, f => f.File("1_Pooling/config.json", """{"pooling_mode_cls_token": true}""")),
        ["two poolings"] = (Verdict.Refused, f => f.File("1_Pooling/config.json", """{"pooling_mode": ["mean", "max"]}""")),
        ["a pooling that is no text"] = (Verdict.Refused, f => f.File("1_Pooling/config.json", """{"pooling_mode": 7}""")),
        ["a pooling without end"] = (Verdict.Refused, f => f.File("1_Pooling/config.json", "{")),
        ["the usual stages"] = (Verdict.Fits, f => f.File("modules.json", """[{"type": "sentence_transformers.models.Transformer"}, {"type": "sentence_transformers.models.Pooling"}, {"idx": 2}]""")),
        ["a stage more"] = (Verdict.Refused, f => f.File("modules.json", """[{"type": "sentence_transformers.models.Transformer"}, {"type": "sentence_transformers.models.Dense"}]""")),
        ["stages without end"] = (Verdict.Refused, f => f.File("modules.json", "[")),
        ["a longest text"] = (Verdict.Fits, f => f.File("sentence_bert_config.json", """{"max_seq_length": 12}""")),
        ["a longest text of nothing"] = (Verdict.Refused, f => f.File("sentence_bert_config.json", """{"max_seq_length": 0}""")),
        ["a longest text that is no number"] = (Verdict.Refused, f => f.File("sentence_bert_config.json", """{"max_seq_length": "long"}""")),
        ["a longest text without end"] = (Verdict.Refused, f => f.File("sentence_bert_config.json", "{")),
        ["no configuration"] = (Verdict.Refused, f => f.Delete("config.json")),
        ["a configuration without end"] = (Verdict.Refused, f => f.File("config.json", """{"hidden_size": """)),
        ["a configuration that is a list"] = (Verdict.Refused, f => f.File("config.json", "[]")),
        ["a field twice"] = (Verdict.Refused, f => f.File("config.json", f.Config.ToJsonString().Replace("{\"model_type\"", "{\"hidden_size\":32,\"model_type\"", StringComparison.Ordinal))),
        ["half a character"] = (Verdict.Refused, f => f.File("config.json", f.Config.ToJsonString().Replace("{\"model_type\"", "{\"author\":\"\\ud800\",\"model_type\"", StringComparison.Ordinal))),
        ["a byte order mark"] = (Verdict.Fits, f => f.File("config.json", "\uFEFF" + f.Config.ToJsonString())),
        ["no weights"] = (Verdict.Refused, f => f.Delete("model.safetensors")),
        ["weights cut off"] = (Verdict.Refused, f => f.Afterwards.Add(() =>
        {
            using FileStream file = new(Path.Combine(f.Path, "model.safetensors"), FileMode.Open);
            file.SetLength(file.Length - 4);
        })),
        ["a type that nobody knows"] = (Verdict.Refused, f => f.Header(header => Once(header, "\"F32\"", "\"F31\""))),
        ["a hole between weights"] = (Verdict.Refused, f => { f.Set("extra", TensorType.Float32, 1); f.Header(header => System.Text.RegularExpressions.Regex.Replace(header, ",?\"extra\":\\{[^}]*\\}", "")); }),
        ["a header that is a list"] = (Verdict.Refused, f => f.Header(_ => "[]")),
        ["shards"] = (Verdict.Fits, f => f.Shard()),
        ["a shard missing"] = (Verdict.Refused, f => { f.Shard(); f.Delete("model-00002-of-00002.safetensors"); }),
        ["a shard elsewhere"] = (Verdict.Refused, f => f.Shard(map => map["classifier.bias"] = "../model.safetensors")),
        ["a weight in another shard"] = (Verdict.Refused, f => f.Shard(map => map["classifier.bias"] = map["classifier.weight"]!.ToString())),
        ["a weight that no shard has"] = (Verdict.Refused, f => f.Shard(map => map["unknown"] = map["classifier.weight"]!.ToString())),
        ["a weight that the index does not know"] = (Verdict.Refused, f => f.Shard(map => map.Remove("classifier.bias"))),
        ["an index without a map"] = (Verdict.Refused, f => { f.Shard(); f.File("model.safetensors.index.json", "{}"); }),
    };

    public static TheoryData<string> Cases => [.. s_cases.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Build_and_loader_judge_alike(string name)
    {
        Verdict expected = s_cases[name].Verdict;
        (string[] atBuild, string[] whenLoaded) = verdicts.Of(name);
        Assert.True(whenLoaded.Length > 0 == expected is not Verdict.Fits, $"{name}: the loader says {Say(whenLoaded)}.");
        Assert.True(atBuild.Length > 0 == expected is Verdict.Refused, $"{name}: the build says {Say(atBuild)}; the loader says {Say(whenLoaded)}.");
    }

    private static string Say(string[] problems) => problems.Length == 0 ? "nothing" : string.Join(" ", problems);

    private static string Once(string text, string from, string to)
    {
        int at = text.IndexOf(from, StringComparison.Ordinal);
        return text[..at] + to + text[(at + from.Length)..];
    }

    private static HeadSpec Labelled(string? name, params string[] labels) => TestModels.Head(Specs.HeadKind.SequenceClassification, labels.Length, name) with
    {
        Labels = labels.Select(label => new LabelSpec(label, label)).ToEquatableArray(),
    };

    /// <summary>All folders, written once and read by one build.</summary>
    public sealed class Verdicts : IDisposable
    {
        private readonly string _root = Directory.CreateTempSubdirectory("bertgen-verdicts-").FullName;
        private readonly ModelDefinition _definition = CompiledModel.Load(s_model).Definition;
        private readonly Dictionary<string, string> _facts;

        public Verdicts()
        {
            foreach ((string name, (_, Action<SuspectFolder> change)) in s_cases)
            {
                SuspectFolder folder = new(_definition, PathOf(name));
                change(folder);
                folder.Write();
            }

            _facts = CheckpointTargets.Run(_root, s_cases.Keys.Select(FolderOf), folder => MayMiss(folder) ? "Initialize" : "");
        }

        public void Dispose() => Directory.Delete(_root, recursive: true);

        public (string[] AtBuild, string[] WhenLoaded) Of(string name)
        {
            ModelAttributes attributes = new(0, -1, Enumerable.Range(1, s_model.Heads.Count).ToEquatableArray());
            CheckpointCheck check = CheckpointCheck.Of(s_model, attributes, [CheckpointFacts.Parse(_facts[FolderOf(name)])], TestContext.Current.CancellationToken);
            WeightOptions options = new() { MissingHeads = MayMiss(FolderOf(name)) ? MissingHeads.Initialize : MissingHeads.Error };
            try
            {
                CheckpointReader.Load(_definition, PathOf(name), options).Dispose();
                return (Messages(check), []);
            }
            catch (CheckpointException exception)
            {
                return (Messages(check), [.. exception.Problems]);
            }
        }

        private static string[] Messages(CheckpointCheck check) => [.. check.Diagnostics.Select(d => $"{d.Id}: {string.Join(" | ", d.Arguments)}")];

        private static bool MayMiss(string folder) => folder.EndsWith("-which-may", StringComparison.Ordinal);

        private static string FolderOf(string name) => name.Replace(",", "", StringComparison.Ordinal).Replace(' ', '-');

        private string PathOf(string name) => Path.Combine(_root, FolderOf(name));
    }
}
