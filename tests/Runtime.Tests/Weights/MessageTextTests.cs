using System.Text;
using System.Text.Json;
using BertGen.Weights;

namespace BertGen.Tests.Weights;

/// <summary>What a file says stands in messages short and printable.</summary>
public sealed class MessageTextTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bertgen-messages-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("bert.encoder.layer.11.attention.output.LayerNorm.weight", "bert.encoder.layer.11.attention.output.LayerNorm.weight")]
    [InlineData("Größe 吃 👍", "Größe 吃 👍")]
    [InlineData("a\nb\u0007c", "a\\u{000A}b\\u{0007}c")]
    [InlineData("\u202Eevil\u2028", "\\u{202E}evil\\u{2028}")]
    [InlineData("", "")]
    public void Names_are_printable(string name, string shown) => Assert.Equal(shown, MessageText.Of(name));

    [Fact]
    public void Names_are_short()
    {
        Assert.Equal(new string('x', MessageText.Longest), MessageText.Of(new string('x', MessageText.Longest)));
        Assert.Equal(new string('x', MessageText.Longest) + "…", MessageText.Of(new string('x', MessageText.Longest + 1)));
        Assert.InRange(MessageText.Of(new string('\u202E', 100_000)).Length, 0, MessageText.Longest + 10);

        // Halves of pairs are no text.
        Assert.Equal("\uFFFD", MessageText.Of("\uD83D"));
    }

    public static TheoryData<string> Entries => new()
    {
        """NAME:{"dtype":"F32","shape":[1],"data_offsets":[0,8]}""",
        """NAME:{"dtype":"F32","shape":[1],"data_offsets":[4,0]}""",
        """NAME:{"dtype":"F32","shape":[1],"data_offsets":[4,8]}""",
        """NAME:{"dtype":NAME,"shape":[1],"data_offsets":[0,4]}""",
        """NAME:{"dtype":"F32",NAME:[1],"data_offsets":[0,4]}""",
        """NAME:{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}""",
        """NAME:{"dtype":"F32","shape":[1,1,"a"],"data_offsets":[0,4]}""",
        """NAME:{"dtype":"F32","shape":7,"data_offsets":[0,4]}""",
        """NAME:7""",
        """NAME:{"dtype":"F32","shape":[1],"data_offsets":[0,4]},NAME:{"dtype":"F32","shape":[1],"data_offsets":[4,8]}""",
        """META:{NAME:"a",NAME:"b"}""",
        """META:{NAME:7}""",
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public void A_refused_header_does_not_repeat_its_names(string entry)
    {
        string name = JsonSerializer.Serialize("bell \u0007 " + new string('n', 200_000));
        byte[] header = Encoding.UTF8.GetBytes("{" + entry.Replace("META", "\"__metadata__\"", StringComparison.Ordinal).Replace("NAME", name, StringComparison.Ordinal) + "}");
        string path = Path.Combine(_folder, "model.safetensors");
        File.WriteAllBytes(path, [.. BitConverter.GetBytes((ulong)header.Length), .. header, .. new byte[8]]);
        AssertShort(Assert.Throws<InvalidDataException>(() => SafetensorsFile.Open(path).Dispose()).Message);
    }

    [Fact]
    public void A_refused_checkpoint_does_not_repeat_its_names()
    {
        using CheckpointFolder folder = new(TinyModel.Define([TinyModel.Classifier("a", "b")]));
        string endless = "bell \u0007 " + new string('n', 200_000);
        folder.Tensors.Add("bert.encoder." + endless, SafetensorsTensor.FromSingles([1], [1]));
        folder.Tensors.Add("encoder." + endless, SafetensorsTensor.FromSingles([1], [1]));
        folder.Config["hidden_act"] = endless;
        folder.Config["position_embedding_type"] = endless;
        folder.Config["problem_type"] = endless;
        folder.SetLabels(["a", endless]);
        CheckpointException exception = Refusal.Of(TinyModel.Define([TinyModel.Classifier("a", "b")]), folder.Write().FolderPath);
        Assert.InRange(exception.Problems.Count, 6, 10);
        Assert.All(exception.Problems, AssertShort);
    }

    private static void AssertShort(string message)
    {
        Assert.InRange(message.Length, 1, 2000);
        Assert.DoesNotContain('\u0007', message);
    }
}
