using System.Runtime.CompilerServices;
using BertGen.CompilerServices;
using BertGen.Weights;

namespace BertGen.Tests.Weights;

/// <summary>A pack gives the weights of the folder as it is now, or is not used.</summary>
public sealed class PackTests : IDisposable
{
    private static readonly ModelDefinition Definition = TinyModel.Define([TinyModel.Classifier("a", "b"), TinyModel.Masks], headSize: 20);
    private readonly CheckpointFolder _folder = new CheckpointFolder(Definition).Write();
    private readonly string _cache;
    private readonly WeightOptions _options;

    public PackTests()
    {
        _cache = _folder.File("cache");
        _options = new WeightOptions { PackedCache = _cache };
    }

    public void Dispose() => _folder.Dispose();

    private string PackPath => PackCache.PathInCache(Definition, _folder.FolderPath, _cache);

    [Fact]
    public unsafe void The_second_load_maps_what_the_first_one_kept()
    {
        using LoadedWeights first = Load();
        Assert.Null(first.PackPath);
        using LoadedWeights second = Load();
        Assert.Equal(PackPath, second.PackPath);
        Assert.True(second.Arena.IsReadOnly);
        Assert.Equal(0, (long)second.Arena.Pointer % PackFormat.PageBytes);
        Assert.Equal(CheckpointReaderTests.Floats(first), CheckpointReaderTests.Floats(second));
        Assert.Equal(first.Files.Select(file => file.Name), second.Files.Select(file => file.Name));
        foreach (CheckpointFile file in first.Files)
        {
            Assert.Equal(file.Content.ToArray(), second.File(file.Name)!.Content.ToArray());
        }
    }

    [Fact]
    public void A_folder_that_moved_has_no_pack_in_the_cache()
    {
        Load().Dispose();
        using var other = new CheckpointFolder(Definition, seed: 2);
        other.Write();
        using LoadedWeights weights = CheckpointReader.Load(Definition, other.FolderPath, _options);
        Assert.Null(weights.PackPath);
        Assert.Equal(NaivePacker.Pack(Definition, other.Values), CheckpointReaderTests.Floats(weights));
    }

    [Fact]
    public void A_pack_beside_the_checkpoint_is_found()
    {
        using (LoadedWeights weights = CheckpointReader.Load(Definition, _folder.FolderPath, new WeightOptions()))
        {
            CheckpointWriter.SavePacked(Definition, weights, _folder.File(CheckpointWriter.DefaultPackName(Definition)));
        }

        using LoadedWeights packed = CheckpointReader.Load(Definition, _folder.FolderPath, new WeightOptions());
        Assert.Equal(_folder.File("Tiny.bertgen"), packed.PackPath);
    }

    [Fact]
    public void A_pack_of_another_folder_is_foreign()
    {
        using var other = new CheckpointFolder(Definition, seed: 2);
        other.Write();
        using (LoadedWeights weights = CheckpointReader.Load(Definition, other.FolderPath, new WeightOptions()))
        {
            CheckpointWriter.SavePacked(Definition, weights, _folder.File("Tiny.bertgen"));
        }

        Assert.Equal(NaivePacker.Pack(Definition, _folder.Values), CheckpointReaderTests.Floats(AssertNotPacked(new WeightOptions())));
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("config.json")]
    [InlineData("vocab.txt")]
    public void A_file_with_another_time_makes_it_stale(string name)
    {
        Load().Dispose();
        File.SetLastWriteTimeUtc(_folder.File(name), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        AssertNotPacked(_options).Dispose();
        Load().Dispose();
        using LoadedWeights kept = Load();
        Assert.NotNull(kept.PackPath);   // made anew
    }

    [Fact]
    public void Weights_of_the_same_length_and_time_with_another_header_make_it_stale()
    {
        Load().Dispose();
        string path = _folder.File("model.safetensors");
        DateTime time = File.GetLastWriteTimeUtc(path);
        byte[] bytes = File.ReadAllBytes(path);
        int at = bytes.AsSpan().IndexOf("\"format\":\"pt\""u8);
        bytes[at + "\"format\":\"".Length] = (byte)'q';
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, time);
        AssertNotPacked(_options).Dispose();
    }

    [Theory]
    [InlineData("tokenizer_config.json", true)]
    [InlineData("vocab.txt", false)]
    public void A_file_that_came_or_went_makes_it_stale(string name, bool came)
    {
        Load().Dispose();
        if (came)
        {
            File.WriteAllText(_folder.File(name), "{}");
        }
        else
        {
            File.Delete(_folder.File(name));
        }

        AssertNotPacked(_options).Dispose();
    }

    [Fact]
    public void A_pack_of_another_class_is_not_used()
    {
        Load().Dispose();
        ModelDefinition other = TinyModel.Define([TinyModel.Classifier("b", "a"), TinyModel.Masks], headSize: 20);
        using LoadedWeights weights = CheckpointReader.Load(other, _folder.FolderPath, _options);   // the same cache file, by the same class name
        Assert.Null(weights.PackPath);
    }

    [Fact]
    public void Whatever_byte_of_the_head_is_flipped_the_weights_are_right()
    {
        Load().Dispose();
        byte[] sound = File.ReadAllBytes(PackPath);
        int head = (int)BitConverter.ToInt64(sound, 64);
        float[] expected = NaivePacker.Pack(Definition, _folder.Values);
        var readOnly = new WeightOptions();
        string beside = _folder.File("Tiny.bertgen");
        for (int at = 0; at < head; at += at < 600 ? 1 : 37)
        {
            byte[] damaged = (byte[])sound.Clone();
            damaged[at] ^= (byte)(1 << at % 8);
            File.WriteAllBytes(beside, damaged);
            using LoadedWeights weights = CheckpointReader.Load(Definition, _folder.FolderPath, readOnly);
            Assert.Null(weights.PackPath);
            Assert.Equal(expected, CheckpointReaderTests.Floats(weights));
        }

        File.WriteAllBytes(beside, sound);
        using LoadedWeights packed = CheckpointReader.Load(Definition, _folder.FolderPath, readOnly);
        Assert.NotNull(packed.PackPath);   // it was the damage that kept them from being used
    }

    [Fact]
    public void A_cut_off_or_lengthened_pack_is_not_used()
    {
        Load().Dispose();
        byte[] sound = File.ReadAllBytes(PackPath);
        foreach (int length in (int[])[0, 1, 127, 4095, 4096, sound.Length / 2, sound.Length - 1, sound.Length + 4])
        {
            byte[] damaged = new byte[length];
            sound.AsSpan(0, Math.Min(length, sound.Length)).CopyTo(damaged);
            File.WriteAllBytes(PackPath, damaged);
            AssertNotPacked(_options).Dispose();
            Assert.Equal(sound.Length, new FileInfo(PackPath).Length);   // replaced
        }
    }

    [Fact]
    public void Tables_with_a_right_checksum_and_senseless_counts_are_not_used()
    {
        Load().Dispose();
        byte[] sound = File.ReadAllBytes(PackPath);
        var random = new Random(1);
        int start = (int)BitConverter.ToInt64(sound, 64);
        for (int round = 0; round < 500; round++)
        {
            byte[] damaged = (byte[])sound.Clone();
            for (int i = 0; i < 4; i++)
            {
                // The tables begin at 128; most of their bytes are counts, lengths and names.
                int at = 128 + random.Next(400);
                damaged[at] = random.Next(3) switch { 0 => 0xFF, 1 => 0x7F, _ => (byte)random.Next(256) };
            }

            UInt128 checksum = StableHash.Of(damaged.AsSpan(PackFormat.ChecksumStart, start - PackFormat.ChecksumStart));
            System.Buffers.Binary.BinaryPrimitives.WriteUInt128LittleEndian(damaged.AsSpan(32), checksum);
            string path = _folder.File("damaged.bertgen");
            File.WriteAllBytes(path, damaged);
            if (PackReader.Open(path, Definition, out _) is { } pack)
            {
                Assert.All(pack.Weights.Files, file => Assert.Equal(file.Content.Length, file.Content.ToArray().Length));
                pack.Weights.Dispose();
            }
        }
    }

    [Fact]
    public void Initialized_heads_need_the_same_options()
    {
        File.Delete(_folder.File("model.safetensors"));
        _folder.Tensors.Remove("classifier.weight");
        _folder.Tensors.Remove("classifier.bias");
        _folder.Write();
        WeightOptions seven = _options with { MissingHeads = MissingHeads.Initialize, Seed = 7 };
        CheckpointReader.Load(Definition, _folder.FolderPath, seven).Dispose();
        using LoadedWeights again = CheckpointReader.Load(Definition, _folder.FolderPath, seven);
        Assert.NotNull(again.PackPath);
        Assert.Equal(["classifier.weight", "classifier.bias"], again.Initialized);
        Assert.Throws<CheckpointException>(() => CheckpointReader.Load(Definition, _folder.FolderPath, _options));
        AssertNotPacked(seven with { Seed = 8 }).Dispose();
    }

    [Fact]
    public void Verified_content_sees_what_times_do_not()
    {
        WeightOptions verify = _options with { VerifyContent = true };
        Load().Dispose();
        AssertNotPacked(verify).Dispose();   // a pack without hashes proves nothing
        using (LoadedWeights verified = CheckpointReader.Load(Definition, _folder.FolderPath, verify))
        {
            Assert.NotNull(verified.PackPath);
        }

        string path = _folder.File("model.safetensors");
        DateTime time = File.GetLastWriteTimeUtc(path);
        File.SetLastWriteTimeUtc(path, time.AddDays(-1));
        using (LoadedWeights sameContent = CheckpointReader.Load(Definition, _folder.FolderPath, verify))
        {
            Assert.NotNull(sameContent.PackPath);   // another time alone is no change
        }

        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);
        File.SetLastWriteTimeUtc(path, time);
        using (LoadedWeights trusted = Load())
        {
            Assert.NotNull(trusted.PackPath);   // the documented limit of length, time and header
        }

        AssertNotPacked(verify).Dispose();
    }

    [Fact]
    public void Verified_content_sees_damaged_weights()
    {
        WeightOptions verify = _options with { VerifyContent = true };
        CheckpointReader.Load(Definition, _folder.FolderPath, verify).Dispose();
        byte[] bytes = File.ReadAllBytes(PackPath);
        bytes[^70] ^= 1;
        File.WriteAllBytes(PackPath, bytes);
        AssertNotPacked(verify).Dispose();
    }

    [Fact]
    public void A_pack_can_be_loaded_by_its_own_path()
    {
        string path = _folder.File("one-file.bertgen");
        using (LoadedWeights weights = CheckpointReader.Create(Definition, 7, [new CheckpointFile("vocab.txt", new byte[] { 1, 2, 3 })]))
        {
            CheckpointWriter.SavePacked(Definition, weights, path);
            using LoadedWeights packed = CheckpointReader.Load(Definition, path, new WeightOptions());
            Assert.Equal(CheckpointReaderTests.Floats(weights), CheckpointReaderTests.Floats(packed));
            Assert.Equal(new byte[] { 1, 2, 3 }, packed.File("vocab.txt")!.Content.ToArray());
            Assert.Equal(7, packed.Seed);
        }

        ModelDefinition other = TinyModel.Define([TinyModel.Classifier("x", "b")], headSize: 20);
        Refusal.Of(other, path, "it was made for another model class");
        byte[] bytes = File.ReadAllBytes(path);
        File.WriteAllBytes(path, bytes[..^4]);
        Refusal.Of(Definition, path, "it is cut off or damaged");
        Refusal.Of(Definition, _folder.File("vocab.txt"), "it is no pack file");
    }

    [Fact]
    public void Trained_weights_are_not_the_pack_of_the_folder_they_came_from()
    {
        using (LoadedWeights weights = CheckpointReader.Load(Definition, _folder.FolderPath, new WeightOptions()))
        {
            weights.MarkChanged();
            CheckpointWriter.SavePacked(Definition, weights, _folder.File("Tiny.bertgen"));
        }

        AssertNotPacked(new WeightOptions()).Dispose();
    }

    [Fact]
    public void A_mapped_arena_cannot_be_packed_into()
    {
        Load().Dispose();
        using LoadedWeights mapped = Load();
        Assert.Throws<InvalidOperationException>(() => WeightPacker.Pack(new WeightLayout(Definition), [], mapped.Arena, 1));
        using WeightArena copy = mapped.Arena.Copy();
        WeightPacker.Pack(new WeightLayout(Definition), [KeyValuePair.Create("classifier.bias", PublishedTensor.Constant(5))], copy, 1);
        Assert.Equal([5f, 5f], WeightPacker.Unpack(new WeightLayout(Definition), "classifier.bias", copy));
    }

    [Fact]
    public async Task Many_writers_of_one_cache_do_no_harm()
    {
        float[] expected = NaivePacker.Pack(Definition, _folder.Values);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 10; i++)
            {
                using LoadedWeights weights = Load();
                Assert.Equal(expected, CheckpointReaderTests.Floats(weights));
                if (i % 3 == 0)
                {
                    PackCache.Keep(Definition, _folder.FolderPath, weights, _options);
                }
            }
        })));
        Assert.Equal([PackPath], Directory.EnumerateFiles(_cache));   // no temporary file is left
    }

    [Fact]
    public void A_cache_that_cannot_be_written_is_an_error()
    {
        File.WriteAllText(_cache, "a file where the folder should be");
        Assert.ThrowsAny<IOException>(() => Load());
    }

    [Fact]
    public void A_shard_that_changed_makes_it_stale()
    {
        File.Delete(_folder.File("model.safetensors"));
        SafetensorsFile.Write(_folder.File("part.safetensors"), _folder.Tensors);
        string map = string.Join(",", _folder.Tensors.Keys.Select(name => $"\"{name}\":\"part.safetensors\""));
        File.WriteAllText(_folder.File("model.safetensors.index.json"), $"{{\"weight_map\":{{{map}}}}}");
        Load().Dispose();
        using (LoadedWeights packed = Load())
        {
            Assert.NotNull(packed.PackPath);
        }

        File.SetLastWriteTimeUtc(_folder.File("part.safetensors"), new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        AssertNotPacked(_options).Dispose();
    }

    private LoadedWeights Load() => CheckpointReader.Load(Definition, _folder.FolderPath, _options);

    private LoadedWeights AssertNotPacked(WeightOptions options, [CallerMemberName] string test = "")
    {
        LoadedWeights weights = CheckpointReader.Load(Definition, _folder.FolderPath, options);
        Assert.True(weights.PackPath is null, $"{test}: a pack was used that should not be.");
        return weights;
    }
}
