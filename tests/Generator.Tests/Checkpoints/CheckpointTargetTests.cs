using BertGen.Generator.Checkpoints;

namespace BertGen.Generator.Tests.Checkpoints;

/// <summary>The package's targets read folders on the disk and hand their facts to the compiler.</summary>
public sealed class CheckpointTargetTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bertgen-checkpoint-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Folders_become_facts_that_the_generator_checks()
    {
        PublishedCheckpoint published = new();
        published.Write(Path.Combine(_folder, "whole"));
        published.Write(Path.Combine(_folder, "shards"));
        Shard(Path.Combine(_folder, "shards"));
        published.Write(Path.Combine(_folder, "pooled"));
        Directory.CreateDirectory(Path.Combine(_folder, "pooled", "1_Pooling"));
        File.WriteAllText(Path.Combine(_folder, "pooled", "1_Pooling", "config.json"), """{"pooling_mode_cls_token": false, "pooling_mode_mean_tokens": true}""");
        published.Write(Path.Combine(_folder, "lying"));
        File.WriteAllBytes(Path.Combine(_folder, "lying", "model.safetensors"), [.. BitConverter.GetBytes(ulong.MaxValue), .. new byte[100]]);
        published.Write(Path.Combine(_folder, "garbled"));
        File.WriteAllText(Path.Combine(_folder, "garbled", "config.json"), "{ \"hidden_size\": ");

        published.Write(Path.Combine(_folder, "halved"));
        File.WriteAllText(Path.Combine(_folder, "halved", "config.json"), """{"hidden_act": "\ud800"}""");

        string[] folders = ["whole", "shards", "pooled", "lying", "garbled", "halved", "absent"];
        Dictionary<string, string> texts = CheckpointTargets.Run(_folder, folders);
        Dictionary<string, CheckpointFacts> facts = texts.ToDictionary(text => text.Key, text => CheckpointFacts.Parse(text.Value));
        Assert.Equal(folders.Order(), facts.Keys.Order());
        string[] Diagnose(string folder) =>
            [.. GeneratorDriverFixture.Run(GeneratorDriverFixture.Compilation(PublishedCheckpoint.Declaration), new InMemoryText(texts[folder])).Diagnostics
                .Select(d => d.GetMessage(System.Globalization.CultureInfo.InvariantCulture))];

        foreach (string folder in new[] { "whole", "shards" })
        {
            Assert.Empty(facts[folder].Errors);
            Assert.Equal(published.Tensors.Count, facts[folder].Tensors.Count);
            Assert.Equal(["negative", "positive"], facts[folder].Labels.Select(l => l.Name));
            Assert.Empty(Diagnose(folder));
        }

        Assert.Equal(["mean"], facts["pooled"].Sentences.Poolings);
        Assert.Contains("model.safetensors is no safetensors file: its header would have 18446744073709551615 bytes.", Assert.Single(Diagnose("lying")), StringComparison.Ordinal);
        Assert.Contains("config.json is no JSON", Assert.Single(Diagnose("garbled")), StringComparison.Ordinal);
        Assert.Contains("config.json is no JSON", Assert.Single(Diagnose("halved")), StringComparison.Ordinal);
        Assert.Contains(Diagnose("absent"), message => message.Contains("there is no config.json", StringComparison.Ordinal));
        Assert.Contains(Diagnose("absent"), message => message.Contains("there is neither model.safetensors nor", StringComparison.Ordinal));
    }

    /// <summary>Splits the one file of weights into two and an index.</summary>
    private static void Shard(string folder)
    {
        List<(string Name, int[] Shape)> tensors = new PublishedCheckpoint().Tensors;
        List<string> map = [];
        for (int part = 0; part < 2; part++)
        {
            string name = $"model-0000{part + 1}-of-00002.safetensors";
            (string Name, int[] Shape)[] own = [.. tensors.Where((_, i) => i % 2 == part)];
            map.AddRange(own.Select(t => $"\"{t.Name}\": \"{name}\""));
            long end = 0;
            IEnumerable<string> entries = own.Select(t =>
            {
                long start = end;
                end += 4 * t.Shape.Aggregate(1L, (product, dimension) => product * dimension);
                return $"\"{t.Name}\":{{\"dtype\":\"F32\",\"shape\":[{string.Join(",", t.Shape)}],\"data_offsets\":[{start},{end}]}}";
            });
            byte[] header = System.Text.Encoding.UTF8.GetBytes("{" + string.Join(",", entries) + "}");
            File.WriteAllBytes(Path.Combine(folder, name), [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[end]]);
        }

        File.Delete(Path.Combine(folder, "model.safetensors"));
        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), $"{{\"metadata\": {{}}, \"weight_map\": {{ {string.Join(", ", map)} }}}}");
    }
}
