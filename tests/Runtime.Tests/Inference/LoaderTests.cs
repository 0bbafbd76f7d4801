using BertGen.CompilerServices;
using static BertGen.Tests.Inference.FakeModels;

namespace BertGen.Tests.Inference;

/// <summary>Loading over the real tokenizer, and what it refuses.</summary>
public sealed class LoaderTests : IDisposable
{
    private const string Pooler = "bert.pooler.dense.weight";
    private readonly string _folder = Directory.CreateTempSubdirectory("bertgen-loader").FullName;

    private enum Tag { A, B, C }

    private enum Kind { Thing }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("The cat sat.", "The|cat|sat|.")]
    [InlineData("  Playing,\r\nplayed  ", "Playing|,|played")]
    [InlineData("Café naïve", "Café|naïve")]
    [InlineData("Cafe\u0301 x", "Cafe\u0301|x")]
    [InlineData("吃苹果", "吃|苹|果")]
    [InlineData("a\u200Bb 👩‍👩‍👧 c", "a\u200Bb|👩‍👩‍👧|c")]
    [InlineData("हिन्दी भाषा", "हिन्दी|भाषा")]
    [InlineData("\u0000cat\uFFFD sat", "cat|sat")]
    [InlineData("[MASK] cat", "[MASK]|cat")]
    [InlineData("", "")]
    public void Tags_cover_the_words_of_the_text_as_given(string text, string words)
    {
        using FakeTextModel model = Create([Head(HeadKind.TokenClassification, 3)]);
        IReadOnlyList<TaggedToken<Tag>> tokens = TokenClassificationHead.Tag<Tag>(model, 0, text);
        Assert.Equal(words, string.Join('|', tokens.Select(token => token.Text)));
        Assert.All(tokens, token => Assert.Equal(token.Text, text[token.Start..token.End]));
        Assert.Equal(Enumerable.Range(0, tokens.Count), tokens.Select(token => token.Word));
    }

    [Fact]
    public void Entities_and_answers_are_parts_of_the_text_as_given()
    {
        using FakeTextModel model = Create([Head(HeadKind.EntityRecognition, 3), Head(HeadKind.QuestionAnswering, 2)], new FakeProgramOutputs
        {
            // The second and third word of a text; of a pair those of the passage, since positions count from its beginning.
            OfToken = (ids, at) => at is 2 or 3 ? [0, at == 2 ? 9 : 0, at == 3 ? 9 : 0] : [9, 0, 0],
        });
        EntitySpan<Kind> entity = Assert.Single(EntityRecognitionHead.FindEntities<Kind>(model, 0, "the  Café\u200B sat ."));
        Assert.Equal(("Café\u200B sat", 5, 14), (entity.Text, entity.Start, entity.End));
    }

    [Fact]
    public void Encoding_names_each_token_and_its_place()
    {
        using FakeTextModel model = Create([]);
        EncodedText encoded = model.Encode("Playing 吃");
        Assert.Equal([new("[CLS]", 0, 0), new("play", 0, 4), new("##ing", 4, 7), new("吃", 8, 9), new("[SEP]", 9, 9)], encoded.Tokens);
        Assert.Equal(5 * HiddenSize, encoded.Vectors.Length);
        Assert.Equal(model.Tokenizer.Encode("Playing 吃").Ids.Select(id => FakeProgram.Hidden(id, 0, 0) / 100), Enumerable.Range(0, 5).Select(i => MathF.Floor(encoded.Vector(i)[0] / 100)));
    }

    [Fact]
    public void A_vocabulary_larger_than_the_models_is_refused()
    {
        CheckpointException exception = Assert.Throws<CheckpointException>(() => Create([], vocabularySize: 5));
        Assert.Contains("tokens; the model declares 5", exception.Message);
    }

    [Fact]
    public void A_vocabulary_without_special_tokens_is_refused()
    {
        string path = Path.Combine(_folder, "vocab.txt");
        File.WriteAllText(path, "a\nb\n");
        Assert.Contains("[UNK]", Assert.Throws<CheckpointException>(() => ModelLoader.Create(new FakeProgram(Packed([], 60)), path, null)).Message);
        Assert.Throws<FileNotFoundException>(() => ModelLoader.Create(new FakeProgram(Packed([], 60)), Path.Combine(_folder, "none.txt"), null));
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Refuses("Threads", new() { Threads = 0 });
        Refuses("at most 1024", new() { Threads = int.MaxValue });
        Refuses("MaxBatchTokens", new() { MaxBatchTokens = 0 });
        Refuses("WindowStride", new() { WindowStride = -1 });
        Refuses("LongText", new() { LongText = (LongText)7 });
        Refuses("MissingHeads", new() { MissingHeads = (MissingHeads)7 });
        Assert.Throws<ArgumentNullException>(() => ModelLoader.Create(new FakeProgram(Packed([], 60)), Vocabulary(), new() { Device = null! }));

        void Refuses(string option, ModelOptions options) =>
            Assert.Contains(option, Assert.Throws<ArgumentOutOfRangeException>(() => ModelLoader.Create(new FakeProgram(Packed([], 60)), Vocabulary(), options)).Message);
    }

    [Fact]
    public void An_option_that_would_do_nothing_is_refused()
    {
        FakeProgram program = new(Packed([Head(HeadKind.SequenceClassification, 3)], 60));
        Refuses("PackedCache", () => ModelLoader.Create(program, Vocabulary(), new() { PackedCache = _folder }));
        Refuses("PackedCache", () => ModelLoader.Create(new FakeProgram(Packed([], 0, vectors: true)), new ModelOptions { PackedCache = _folder }));
        Refuses("LongText is Truncate", () => ModelLoader.Create(program, Vocabulary(), new() { WindowStride = 8, LongText = LongText.Truncate }));
        Refuses("LongText is Throw", () => ModelLoader.Create(program, Vocabulary(), new() { WindowStride = 8, LongText = LongText.Throw }));

        // A text's Encode cuts windows where nothing else is said; of vectors only heads over each of them do.
        ModelLoader.Create(program, Vocabulary(), new() { WindowStride = 8 }).Dispose();
        Refuses("none of its heads", () => ModelLoader.Create(new FakeProgram(Packed([Head(HeadKind.SequenceClassification, 3)], 0, vectors: true)), new ModelOptions { WindowStride = 8 }));
        ModelLoader.Create(new FakeProgram(Packed([Head(HeadKind.TokenClassification, 3)], 0, vectors: true)), new ModelOptions { WindowStride = 8 }).Dispose();
    }

    [Fact]
    public void A_pack_file_lacks_nothing_that_options_could_supply()
    {
        FakeProgram program = SavedFrames(out string folder);
        string pack = Path.Combine(_folder, "saved.bertgen");
        using (FakeVectorModel model = new(ModelLoader.Load(program, folder, new() { MissingHeads = MissingHeads.Initialize, Seed = 3, PackedCache = Path.Combine(_folder, "cache") })))
        {
            model.SavePacked(pack);
        }

        Refuses("PackedCache", () => ModelLoader.Load(program, pack, new() { PackedCache = _folder }));
        Refuses("MissingHeads is Initialize", () => ModelLoader.Load(program, pack, new() { MissingHeads = MissingHeads.Initialize }));
        Refuses("Seed is 3", () => ModelLoader.Load(program, pack, new() { Seed = 3 }));
        ModelLoader.Load(program, pack, new() { Threads = 2 }).Dispose();
    }

    [Fact]
    public void Windows_leave_no_gap()
    {
        // 64 positions, of which [CLS] and [SEP] take two, or [CLS] one.
        FakeProgram text = new(Packed([], 60)), vectors = new(Packed([Head(HeadKind.TokenClassification, 3)], 0, vectors: true));
        ModelLoader.Create(text, Vocabulary(), new() { WindowStride = 62 }).Dispose();
        Refuses("at most 62, the tokens beside [CLS] and [SEP]", () => ModelLoader.Create(text, Vocabulary(), new() { WindowStride = 63 }));
        ModelLoader.Create(vectors, new ModelOptions { WindowStride = 63 }).Dispose();
        Refuses("at most 63, the vectors beside [CLS]", () => ModelLoader.Create(vectors, new ModelOptions { WindowStride = 64 }));
    }

    private static void Refuses(string reason, Func<object> load) => Assert.Contains(reason, Assert.ThrowsAny<ArgumentException>(load).Message);

    [Fact]
    public void A_missing_folder_says_so() =>
        Assert.Throws<DirectoryNotFoundException>(() => ModelLoader.Load(new FakeProgram(Packed([], 60)), Path.Combine(_folder, "nowhere"), null));

    [Fact]
    public void What_is_wrong_with_weights_and_tokenizer_is_told_at_once()
    {
        CheckpointException exception = Assert.Throws<CheckpointException>(() => ModelLoader.Load(new FakeProgram(Packed([], 60)), _folder, null));
        Assert.Contains(exception.Problems, problem => problem.Contains("config.json"));
        Assert.Contains(exception.Problems, problem => problem.Contains("vocab.txt"));
    }

    [Fact]
    public void Files_that_cannot_be_read_are_problems_of_one_list()
    {
        FakeProgram program = new(Packed([Head(HeadKind.SequenceClassification, 3)], 60));
        string folder = Path.Combine(_folder, "locked");
        using (FakeTextModel model = new(ModelLoader.Create(program, Vocabulary(), null)))
        {
            model.Save(folder);
        }

        // What another process has taken for itself; root, too, cannot read it.
        string[] names = ["config.json", "model.safetensors", "vocab.txt"];
        List<FileStream> locks = names.ToList().ConvertAll(name => new FileStream(Path.Combine(folder, name), FileMode.Open, FileAccess.ReadWrite, FileShare.None));
        try
        {
            CheckpointException exception = Assert.Throws<CheckpointException>(() => ModelLoader.Load(program, folder, new() { PackedCache = Path.Combine(_folder, "cache") }));
            Assert.All(names, name => Assert.Single(exception.Problems, problem => problem.Contains(name)));
            Assert.Equal(names.Length, exception.Problems.Count);
            Assert.Contains("vocab.txt", Assert.Throws<CheckpointException>(() => ModelLoader.Create(program, Path.Combine(folder, "vocab.txt"), null)).Message);
        }
        finally
        {
            locks.ForEach(file => file.Dispose());
        }

        ModelLoader.Load(program, folder, null).Dispose();
    }

    [Theory]
    [InlineData("vocab.txt")]
    [InlineData("tokenizer.json")]
    [InlineData("tokenizer_config.json")]
    public void Tokenizer_files_of_any_size_are_not_read(string name)
    {
        // Sparse: nothing is on the disk. What reads it all the same takes that much memory by the file's own word.
        Vocabulary();
        const long TooLong = 100_000_001;
        using (FileStream file = new(Path.Combine(_folder, name), FileMode.OpenOrCreate))
        {
            file.SetLength(TooLong);
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        FakeProgram program = new(Packed([], 60));
        const string Reason = "has 100000001 bytes; the most accepted is 100000000";
        Assert.Contains(Reason, Assert.Throws<InvalidDataException>(() => WordPieceEncoder.Load(_folder)).Message);
        Assert.Contains(Reason, Assert.Throws<CheckpointException>(() => ModelLoader.Create(program, _folder, null)).Message);
        Assert.Single(Assert.Throws<CheckpointException>(() => ModelLoader.Load(program, _folder, null)).Problems, problem => problem.Contains(Reason));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, TooLong / 2);
    }

    [Fact]
    public void A_model_without_room_for_a_pair_is_refused()
    {
        ModelDefinition definition = Packed([], 60);
        FakeProgram program = new(definition with { Encoder = definition.Encoder with { MaxPositions = 4 } });
        Assert.Contains("declares 4 positions; the least that makes sense is 5", Assert.Throws<CheckpointException>(() => ModelLoader.Create(program, Vocabulary(), null)).Message);
    }

    [Fact]
    public void A_folder_that_leaves_no_room_for_a_vector_is_refused()
    {
        FakeProgram program = SavedFrames(out string folder);
        string settings = Path.Combine(folder, "sentence_bert_config.json");
        File.WriteAllText(settings, """{"max_seq_length": 2}""");
        ModelLoader.Load(program, folder, null).Dispose();
        File.WriteAllText(settings, """{"max_seq_length": 1}""");
        Assert.Contains("at most 1 tokens; the least that makes sense is 2", Assert.Throws<CheckpointException>(() => ModelLoader.Load(program, folder, null)).Message);
    }

    [Fact]
    public void Packed_weights_are_hashed_on_request()
    {
        FakeProgram program = SavedFrames(out string folder);
        string pack = Path.Combine(_folder, "saved.bertgen");
        ModelOptions verify = new() { VerifyContent = true };

        // A pack without a hash proves nothing.
        SavePacked(null);
        ModelLoader.Load(program, pack, null).Dispose();
        Assert.Contains("SHA-256", Assert.Throws<CheckpointException>(() => ModelLoader.Load(program, pack, verify)).Message);

        SavePacked(verify);
        ModelLoader.Load(program, pack, verify).Dispose();
        byte[] bytes = File.ReadAllBytes(pack);
        bytes[^1] ^= 1;
        File.WriteAllBytes(pack, bytes);
        ModelLoader.Load(program, pack, null).Dispose();
        Assert.Contains("SHA-256", Assert.Throws<CheckpointException>(() => ModelLoader.Load(program, pack, verify)).Message);

        void SavePacked(ModelOptions? options)
        {
            using FakeVectorModel model = new(ModelLoader.Load(program, folder, options));
            model.SavePacked(pack);
        }
    }

    /// <summary>A model over vectors, saved as a folder.</summary>
    private FakeProgram SavedFrames(out string folder)
    {
        FakeProgram program = new(Packed([Head(HeadKind.SentenceEmbedding, HiddenSize, "sentence_embedding")], 0, vectors: true));
        folder = Path.Combine(_folder, "frames");
        using FakeVectorModel model = new(ModelLoader.Create(program, null));
        model.Save(folder);
        return program;
    }

    private FakeTextModel Create(HeadDefinition[] heads, FakeProgramOutputs? outputs = null, int vocabularySize = 60) =>
        new(ModelLoader.Create(new FakeProgram(Packed(heads, vocabularySize)) { OfToken = outputs?.OfToken }, Vocabulary(), null));

    private static ModelDefinition Packed(HeadDefinition[] heads, int vocabularySize, bool vectors = false) => Definition(heads, vocabulary: vocabularySize, vectors: vectors) with
    {
        PackedTensors = [new PackedTensor([Pooler], PackedOrder.Panels, 0, HiddenSize * PackedPanels.Width)],
        WeightFloats = HiddenSize * PackedPanels.Width,
    };

    private string Vocabulary()
    {
        string path = Path.Combine(_folder, "vocab.txt");
        File.WriteAllLines(path, ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "sat", "play", "##ing", "##ed", ".", ",", "cafe", "naive", "吃", "苹", "a", "b", "ab", "c", "x"]);
        return path;
    }

    private sealed class FakeProgramOutputs
    {
        public TokenFunction? OfToken { get; init; }
    }
}
