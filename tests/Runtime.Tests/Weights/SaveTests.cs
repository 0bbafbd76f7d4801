using System.Text.Json.Nodes;
using BertGen.CompilerServices;
using BertGen.Weights;

namespace BertGen.Tests.Weights;

public sealed class SaveTests : IDisposable
{
    private static readonly ModelDefinition Definition = TinyModel.Define([TinyModel.Classifier("a", "b", "c"), TinyModel.Masks], headSize: 20);
    private readonly CheckpointFolder _folder = new CheckpointFolder(Definition).Write();

    private string Saved => _folder.File("saved");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Load_save_load_gives_the_same_bits()
    {
        using LoadedWeights first = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, first, Saved, WeightType.Float32);
        using LoadedWeights second = Load(Saved);
        Assert.Equal(CheckpointReaderTests.Floats(first), CheckpointReaderTests.Floats(second));
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Saved, "model.safetensors"));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal(Definition.Parameters.Count, file.Tensors.Count);
        foreach ((string name, float[] values) in _folder.Values)
        {
            Assert.Equal(values, file.Tensors[name].ToSingles());
        }
    }

    [Theory]
    [InlineData(WeightType.Float16, "float16")]
    [InlineData(WeightType.BFloat16, "bfloat16")]
    public void Narrow_weights_are_rounded_once(WeightType type, string name)
    {
        using LoadedWeights first = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, first, Saved, type);
        using LoadedWeights second = Load(Saved);
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(Saved, "model.safetensors"));
        foreach ((string tensor, float[] values) in _folder.Values)
        {
            float[] expected = SafetensorsTensor.FromSingles([values.Length], values, type).ToSingles();
            Assert.NotEqual(values, expected);
            Assert.Equal(expected, file.Tensors[tensor].ToSingles());
        }

        Assert.Equal(name, (string)Config()["torch_dtype"]!);
        string again = _folder.File("again");
        CheckpointWriter.Save(Definition, second, again, type);
        Assert.Equal(File.ReadAllBytes(Path.Combine(Saved, "model.safetensors")), File.ReadAllBytes(Path.Combine(again, "model.safetensors")));
    }

    [Fact]
    public void The_configuration_keeps_what_it_said_besides()
    {
        using LoadedWeights weights = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32);
        JsonNode config = Config();
        Assert.True((bool)config["custom_field"]!["kept"]!);
        Assert.Equal("bert", (string)config["model_type"]!);
        Assert.Equal("BertForSequenceClassification", (string)config["architectures"]![0]!);
        Assert.Equal("single_label_classification", (string)config["problem_type"]!);
        Assert.Equal(1e-12, (double)config["layer_norm_eps"]!);
        Assert.Equal(0.02, (double)config["initializer_range"]!);
        Assert.Equal("gelu", (string)config["hidden_act"]!);
        Assert.Equal(File.ReadAllBytes(_folder.File("vocab.txt")), File.ReadAllBytes(Path.Combine(Saved, "vocab.txt")));
    }

    [Fact]
    public void A_model_made_from_nothing_is_saved_as_a_whole_checkpoint()
    {
        using LoadedWeights created = CheckpointReader.Create(Definition, 7, [new CheckpointFile("vocab.txt", "[PAD]\n"u8.ToArray())]);
        CheckpointWriter.Save(Definition, created, Saved, WeightType.Float32);
        using LoadedWeights loaded = Load(Saved);
        Assert.Equal(CheckpointReaderTests.Floats(created), CheckpointReaderTests.Floats(loaded));
        Assert.Equal("[PAD]\n", File.ReadAllText(Path.Combine(Saved, "vocab.txt")));
    }

    [Fact]
    public void A_model_from_a_pack_is_saved_as_a_whole_checkpoint()
    {
        var options = new WeightOptions { PackedCache = _folder.File("cache") };
        CheckpointReader.Load(Definition, _folder.FolderPath, options).Dispose();
        using LoadedWeights packed = CheckpointReader.Load(Definition, _folder.FolderPath, options);
        Assert.NotNull(packed.PackPath);
        CheckpointWriter.Save(Definition, packed, Saved, WeightType.Float32);
        using LoadedWeights loaded = Load(Saved);
        Assert.Equal(CheckpointReaderTests.Floats(packed), CheckpointReaderTests.Floats(loaded));
        Assert.True((bool)Config()["custom_field"]!["kept"]!);
    }

    [Fact]
    public void An_earlier_checkpoint_is_replaced_and_other_files_stay()
    {
        Directory.CreateDirectory(Path.Combine(Saved, "logs"));
        Directory.CreateDirectory(Path.Combine(Saved, "1_Pooling"));
        Directory.CreateDirectory(Path.Combine(Saved, "checkpoint-500"));
        Directory.CreateSymbolicLink(Path.Combine(Saved, "link"), _folder.FolderPath);
        foreach (string name in (string[])["README.md", "logs/train.txt", "checkpoint-500/model.safetensors", "checkpoint-500/config.json", "1_Pooling/notes.txt", "tokenizer.json", "pytorch_model.bin", "model-00001-of-00002.safetensors", "model.safetensors.index.json", "Tiny.bertgen", "1_Pooling/config.json"])
        {
            File.WriteAllText(Path.Combine(Saved, name), name);
        }

        using LoadedWeights weights = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32);
        Assert.Equal(_folder.FolderPath, new DirectoryInfo(Path.Combine(Saved, "link")).LinkTarget);
        Directory.Delete(Path.Combine(Saved, "link"));
        string[] files = [.. Directory.EnumerateFiles(Saved, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Saved, path)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["1_Pooling/notes.txt", "README.md", "checkpoint-500/config.json", "checkpoint-500/model.safetensors", "config.json", "logs/train.txt", "model.safetensors", "vocab.txt"],
            files);
        Assert.Equal("logs/train.txt", File.ReadAllText(Path.Combine(Saved, "logs/train.txt")));
        AssertNothingTemporary();
    }

    [Fact]
    public void Saving_into_the_folder_that_was_loaded_works()
    {
        using LoadedWeights first = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, first, _folder.FolderPath, WeightType.Float32);
        using LoadedWeights second = Load(_folder.FolderPath);
        Assert.Equal(CheckpointReaderTests.Floats(first), CheckpointReaderTests.Floats(second));
    }

    [Fact]
    public void Saving_twice_gives_the_same_file()
    {
        using LoadedWeights weights = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32);
        byte[] first = File.ReadAllBytes(Path.Combine(Saved, "model.safetensors"));
        CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32);
        Assert.Equal(first, File.ReadAllBytes(Path.Combine(Saved, "model.safetensors")));
        AssertNothingTemporary();
    }

    [Fact]
    public void A_save_that_fails_leaves_the_earlier_checkpoint()
    {
        using LoadedWeights weights = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32);
        byte[] before = File.ReadAllBytes(Path.Combine(Saved, "model.safetensors"));
        Assert.Throws<IOException>(() => FolderReplacement.Write(
            Saved,
            [("config.json", stream => stream.WriteByte(1)), ("model.safetensors", _ => throw new IOException("The disk is full."))],
            _ => []));
        Assert.Equal(before, File.ReadAllBytes(Path.Combine(Saved, "model.safetensors")));
        Load(Saved).Dispose();
        AssertNothingTemporary();
    }

    [Fact]
    public void A_save_that_fails_leaves_no_folder_where_there_was_none()
    {
        Assert.Throws<IOException>(() => FolderReplacement.Write(Saved, [("model.safetensors", _ => throw new IOException("The disk is full."))], _ => []));
        Assert.False(Directory.Exists(Saved));
        AssertNothingTemporary();
    }

    [Fact]
    public void A_process_that_dies_while_writing_leaves_the_earlier_checkpoint()
    {
        // What is on the disk at the moment of death is looked at from within the last write.
        using LoadedWeights weights = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32);
        string? seen = null;
        FolderReplacement.Write(
            Saved,
            [("config.json", stream => stream.WriteByte(1)), ("model.safetensors", stream =>
            {
                stream.WriteByte(1);
                using LoadedWeights meanwhile = Load(Saved);
                seen = meanwhile.File("config.json") is null ? null : "whole";
            })],
            _ => []);
        Assert.Equal("whole", seen);
    }

    [Fact]
    public void A_folder_behind_a_link_stays_where_it_is()
    {
        // As the root of a volume, it cannot be exchanged for another.
        string place = Directory.CreateDirectory(_folder.File("volume")).FullName;
        Directory.CreateSymbolicLink(Saved, place);
        using LoadedWeights weights = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32);
        Assert.Equal(place, new DirectoryInfo(Saved).LinkTarget);
        Load(place).Dispose();
        AssertNothingTemporary();
    }

    [Fact]
    public void Nothing_is_written_beside_a_folder_that_is_there()
    {
        Directory.CreateDirectory(Saved);
        string[] before = Directory.GetFileSystemEntries(_folder.FolderPath);
        FolderReplacement.Write(Saved, [("config.json", _ => Assert.Equal(before, Directory.GetFileSystemEntries(_folder.FolderPath)))], _ => []);
        Assert.True(File.Exists(Path.Combine(Saved, "config.json")));
    }

    [Fact]
    public void A_name_that_is_taken_by_a_folder_leaves_the_earlier_checkpoint()
    {
        using LoadedWeights weights = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32);
        Directory.CreateDirectory(Path.Combine(Saved, "special_tokens_map.json"));
        using LoadedWeights other = CheckpointReader.Create(Definition, 7, [new CheckpointFile("special_tokens_map.json", "{}"u8.ToArray())]);
        Assert.ThrowsAny<SystemException>(() => CheckpointWriter.Save(Definition, other, Saved, WeightType.Float32));
        using LoadedWeights still = Load(Saved);
        Assert.Equal(CheckpointReaderTests.Floats(weights), CheckpointReaderTests.Floats(still));
        Assert.Equal(["config.json", "model.safetensors", "vocab.txt"], Directory.EnumerateFiles(Saved).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_process_that_dies_between_two_renames_leaves_one_checkpoint_or_none()
    {
        using LoadedWeights earlier = Load(_folder.FolderPath);
        CheckpointWriter.Save(Definition, earlier, Saved, WeightType.Float32);
        CheckpointWriter.SavePacked(Definition, earlier, Path.Combine(Saved, CheckpointWriter.DefaultPackName(Definition)));
        float[] before = CheckpointReaderTests.Floats(earlier);
        List<string> outcomes = [];
        FolderReplacement.Write(
            Saved,
            [
                ("model.safetensors", stream => stream.Write(File.ReadAllBytes(OtherWeights()))),
                ("tokenizer.json", stream => stream.Write("{}"u8)),
                ("config.json", stream => stream.Write(File.ReadAllBytes(_folder.File("config.json")))),
            ],
            _ => ["vocab.txt", "Tiny.bertgen"],
            () => outcomes.Add(Outcome()));
        outcomes.Add(Outcome());

        // Before the first of seven renames and after the last one there is a checkpoint; between them there is none.
        Assert.Equal(["earlier", .. Enumerable.Repeat("none", 6), "later"], outcomes);

        string Outcome()
        {
            try
            {
                using LoadedWeights found = Load(Saved);
                bool isEarlier = CheckpointReaderTests.Floats(found).AsSpan().SequenceEqual(before);
                bool hasVocabulary = found.File("vocab.txt") is not null, hasTokenizer = found.File("tokenizer.json") is not null;
                return (isEarlier, hasVocabulary, hasTokenizer) switch
                {
                    (true, true, false) => "earlier",
                    (false, false, true) => "later",
                    _ => "a mixture",
                };
            }
            catch (CheckpointException)
            {
                return "none";
            }
        }

        string OtherWeights()
        {
            using LoadedWeights other = CheckpointReader.Create(Definition, 7, []);
            CheckpointWriter.Save(Definition, other, _folder.File("other"), WeightType.Float32);
            return Path.Combine(_folder.File("other"), "model.safetensors");
        }
    }

    [Fact]
    public void A_file_in_place_of_the_folder_is_refused()
    {
        File.WriteAllText(Saved, "");
        using LoadedWeights weights = Load(_folder.FolderPath);
        Assert.Throws<IOException>(() => CheckpointWriter.Save(Definition, weights, Saved, WeightType.Float32));
        Assert.Equal("", File.ReadAllText(Saved));
    }

    [Theory]
    [InlineData(EncoderKind.Cbow, 0, "bertgen-cbow")]
    [InlineData(EncoderKind.Bert, 80, "bertgen-vectors")]
    public void Encoders_of_our_own_are_told_apart(EncoderKind kind, int features, string modelType)
    {
        ModelDefinition own = Definition with { Encoder = Definition.Encoder with { Kind = kind, Features = features, Window = 5 } };
        using LoadedWeights weights = CheckpointReader.Create(own, 1, []);
        CheckpointWriter.Save(own, weights, Saved, WeightType.Float32);
        CheckpointReader.Load(own, Saved, new WeightOptions()).Dispose();
        Refusal.Of(Definition, Saved, $"model_type '{modelType}'");
        ModelDefinition other = own with { Encoder = own.Encoder with { Window = 6, Features = features * 2 } };
        Refusal.Of(other, Saved, kind == EncoderKind.Cbow ? "bertgen.window 5; the model declares Window = 6" : "bertgen.features 80; the model declares Features = 160");
    }

    private static LoadedWeights Load(string folder) => CheckpointReader.Load(Definition, folder, new WeightOptions());

    private JsonNode Config() => JsonNode.Parse(File.ReadAllText(Path.Combine(Saved, "config.json")))!;

    private void AssertNothingTemporary() => Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.FolderPath, "*.tmp", SearchOption.AllDirectories));
}
