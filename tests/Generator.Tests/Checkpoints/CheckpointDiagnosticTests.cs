using System.Globalization;
using Microsoft.CodeAnalysis;

namespace BertGen.Generator.Tests.Checkpoints;

public sealed class CheckpointDiagnosticTests
{
    private static readonly PublishedCheckpoint s_published = new();

    [Fact]
    public void A_fitting_checkpoint_is_silent() => Assert.Empty(Check(s_published.Facts()));

    [Fact]
    public void A_bare_encoder_may_be_stored_without_its_prefix() => Assert.Empty(Check((s_published with { Prefix = "" }).Facts()));

    [Fact]
    public void Weights_converted_from_TensorFlow_fit() => Assert.Empty(Check(s_published.Facts(edit: t =>
        (t.Name.Replace("LayerNorm.weight", "LayerNorm.gamma", StringComparison.Ordinal).Replace("LayerNorm.bias", "LayerNorm.beta", StringComparison.Ordinal), t.Shape))));

    [Fact]
    public void Positions_that_hold_nothing_learned_are_ignored() =>
        Assert.Empty(Check(s_published.Facts() + "tensor I64 1,32 bert.embeddings.position_ids\n"));

    [Theory]
    [InlineData("Layers = 2", "Layers = 3", "Layers is 3, but the checkpoint 'models/sentiment' says num_hidden_layers 2. Declare Layers = 2, or choose another checkpoint.")]
    [InlineData("HiddenSize = 48", "HiddenSize = 96", "HiddenSize is 96, but the checkpoint 'models/sentiment' says hidden_size 48. Declare HiddenSize = 48, or choose another checkpoint.")]
    [InlineData("Heads = 3", "Heads = 4", "Heads is 4, but the checkpoint 'models/sentiment' says num_attention_heads 3. Declare Heads = 3, or choose another checkpoint.")]
    [InlineData("IntermediateSize = 80", "IntermediateSize = 81", "IntermediateSize is 81, but the checkpoint 'models/sentiment' says intermediate_size 80. Declare IntermediateSize = 80, or choose another checkpoint.")]
    [InlineData("VocabularySize = 100", "VocabularySize = 99", "VocabularySize is 99, but the checkpoint 'models/sentiment' says vocab_size 100. Declare VocabularySize = 100, or choose another checkpoint.")]
    [InlineData("MaxPositions = 32", "MaxPositions = 64", "MaxPositions is 64, but the checkpoint 'models/sentiment' says max_position_embeddings 32. Declare MaxPositions = 32, or choose another checkpoint.")]
    // What the checkpoint does not say is what the Python library assumes.
    [InlineData("MaxPositions = 32", "MaxPositions = 32, TokenTypes = 3", "TokenTypes is 3, but the checkpoint 'models/sentiment' says type_vocab_size 2. Declare TokenTypes = 2, or choose another checkpoint.")]
    [InlineData("MaxPositions = 32", "MaxPositions = 32, Activation = Activation.Relu", "Activation is Relu, but the checkpoint 'models/sentiment' says hidden_act gelu. Declare Activation = Activation.Gelu.")]
    [InlineData("MaxPositions = 32", "MaxPositions = 32, LayerNormEpsilon = 1e-5", "LayerNormEpsilon is 1E-05, but the checkpoint 'models/sentiment' says layer_norm_eps 1e-12. Declare LayerNormEpsilon = 1e-12.")]
    public void Every_setting_is_compared_and_underlined(string fits, string differs, string message)
    {
        string source = PublishedCheckpoint.Declaration.Replace(fits, differs, StringComparison.Ordinal);
        Diagnostic diagnostic = Assert.Single(Check(s_published.Facts(), source));
        Assert.Equal("BG0403", diagnostic.Id);
        Assert.Equal(message, diagnostic.GetMessage(CultureInfo.InvariantCulture));
        Assert.StartsWith(message.Split(' ')[0] + " = ", Underlined(diagnostic, source), StringComparison.Ordinal);
    }

    [Fact]
    public void A_pooling_is_compared()
    {
        const string Source = "[BertEncoder, SentenceEmbedding(Pooling = Pooling.Cls)] public partial class Model;";
        Diagnostic diagnostic = Assert.Single(Check("model Model\npath embedder\npooling mean\n", Source));
        Assert.Equal("Pooling is Cls, but the checkpoint 'embedder' says pooling mean. Declare Pooling = Pooling.Mean.", diagnostic.GetMessage(CultureInfo.InvariantCulture));
        Assert.Equal("Pooling = Pooling.Cls", Underlined(diagnostic, Source));
    }

    [Fact]
    public void Labels_are_compared_by_name_ignoring_case()
    {
        Diagnostic diagnostic = Assert.Single(Check((s_published with { Labels = ["NEGATIVE", "neutral", "POSITIVE"] }).Facts()));
        Assert.Equal("BG0404", diagnostic.Id);
        Assert.Equal("Sentiment", Underlined(diagnostic, PublishedCheckpoint.Declaration));
        Assert.Contains("the checkpoint has 'neutral', which is not declared", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_in_another_order_fit() => Assert.Empty(Check((s_published with { Labels = ["positive", "negative"] }).Facts()));

    [Fact]
    public void Numbered_labels_are_matched_by_order() => Assert.Empty(Check((s_published with { Labels = ["LABEL_0", "LABEL_1"] }).Facts()));

    [Fact]
    public void Another_number_of_numbered_labels_shows_in_the_shapes()
    {
        Diagnostic[] diagnostics = Check((s_published with { Labels = ["LABEL_0", "LABEL_1", "LABEL_2"] }).Facts());
        Assert.Equal(["BG0406", "BG0406"], diagnostics.Select(d => d.Id));
        Assert.Equal("Weight 'classifier.weight' in the checkpoint 'models/sentiment' has shape [3, 48]; the model declares [2, 48]. Correct the declaration, or choose another checkpoint.",
            diagnostics.Select(d => d.GetMessage(CultureInfo.InvariantCulture)).Order().Last());
        Assert.All(diagnostics, d => Assert.Equal("SequenceClassification<Sentiment>", Underlined(d, PublishedCheckpoint.Declaration)));
    }

    [Fact]
    public void Missing_weights_are_counted()
    {
        Diagnostic diagnostic = Assert.Single(Check(s_published.Facts(edit: t => t.Name.Contains("layer.1.output.dense", StringComparison.Ordinal) ? null : t)));
        Assert.Equal("BG0405", diagnostic.Id);
        Assert.Equal("The checkpoint 'models/sentiment' lacks 2 weights of the encoder, such as 'bert.encoder.layer.1.output.dense.weight'. Choose a checkpoint that has them.",
            diagnostic.GetMessage(CultureInfo.InvariantCulture));
    }

    [Fact]
    public void A_missing_head_is_an_error_with_a_way_out()
    {
        Diagnostic diagnostic = Assert.Single(Check(s_published.Facts(edit: WithoutHead)));
        Assert.Equal("BG0405", diagnostic.Id);
        Assert.Contains("MissingHeads=\"Initialize\"", diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal("SequenceClassification<Sentiment>", Underlined(diagnostic, PublishedCheckpoint.Declaration));
    }

    [Fact]
    public void A_missing_head_may_be_wanted() => Assert.Empty(Check(s_published.Facts("Initialize", WithoutHead)));

    [Fact]
    public void Labels_of_a_head_that_is_missing_do_not_matter() =>
        Assert.Empty(Check((s_published with { Labels = ["toxic", "harmless"] }).Facts("Initialize", WithoutHead)));

    [Fact]
    public void Half_a_head_is_never_wanted() => Assert.Equal("BG0405",
        Assert.Single(Check(s_published.Facts("Initialize", t => t.Name == "classifier.bias" ? null : t))).Id);

    [Fact]
    public void Weights_that_would_be_left_out_are_told()
    {
        Diagnostic diagnostic = Assert.Single(Check(s_published.Facts() + "tensor F32 63,16 bert.encoder.layer.0.attention.self.distance_embedding.weight\n"));
        Assert.Equal("BG0407", diagnostic.Id);
        Assert.Contains("has a weight of the encoder that 'Model' does not declare, such as 'bert.encoder.layer.0.attention.self.distance_embedding.weight'",
            diagnostic.GetMessage(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }

    [Fact]
    public void A_type_that_is_not_read_is_told()
    {
        Diagnostic diagnostic = Assert.Single(Check(s_published.Facts().Replace("tensor F32 2,48 classifier.weight", "tensor F64 2,48 classifier.weight", StringComparison.Ordinal)));
        Assert.Equal("BG0408", diagnostic.Id);
        Assert.Equal("Weight 'classifier.weight' in the checkpoint 'models/sentiment' has the dtype F64; weights are read from F32, F16 and BF16. Save the checkpoint in one of them.",
            diagnostic.GetMessage(CultureInfo.InvariantCulture));
        Assert.Equal("SequenceClassification<Sentiment>", Underlined(diagnostic, PublishedCheckpoint.Declaration));
    }

    [Fact]
    public void A_second_copy_of_a_tied_weight_must_be_alike()
    {
        const string Source = "[CbowEncoder(HiddenSize = 16, Window = 2, VocabularySize = 8), MaskedLanguageModel] public partial class Model;";
        const string Masked = "[BertEncoder(Layers = 1, HiddenSize = 16, Heads = 1, IntermediateSize = 16, VocabularySize = 8, MaxPositions = 8), MaskedLanguageModel] public partial class Model;";
        const string Facts = """
            model Model
            path masks
            config number hidden_size 16
            config number vocab_size 8
            config number num_hidden_layers 1
            config number num_attention_heads 1
            config number intermediate_size 16
            config number max_position_embeddings 8
            tensor F32 8,16 bert.embeddings.word_embeddings.weight
            tensor F16 8,16 cls.predictions.decoder.weight
            tensor F32 8 cls.predictions.bias

            """;
        Diagnostic diagnostic = Assert.Single(Check(Facts, Masked), d => d.Id == "BG0409");
        Assert.Equal("Weight 'cls.predictions.decoder.weight' in the checkpoint 'masks' is F16 [8, 16], and 'bert.embeddings.word_embeddings.weight', to which the model ties it, is F32 [8, 16]. Save the checkpoint with tied weights, or choose another one.",
            diagnostic.GetMessage(CultureInfo.InvariantCulture));
        Assert.DoesNotContain(Check(Facts.Replace("F16", "F32", StringComparison.Ordinal), Masked), d => d.Id == "BG0409");

        // A CBOW has a decoder of its own.
        Assert.DoesNotContain(Check(Facts, Source), d => d.Id == "BG0409");
    }

    [Fact]
    public void Another_file_is_no_checkpoint() =>
        Assert.Empty(GeneratorDriverFixture.Run(GeneratorDriverFixture.Compilation(PublishedCheckpoint.Declaration), new InMemoryText("error no", "notes.txt")).Diagnostics);

    [Fact]
    public void A_namespace_may_be_left_out_or_written() => Assert.All(new[] { "Model", "Some.Model" }, name =>
        Assert.Empty(Check(s_published.Facts().Replace("model Model", $"model {name}", StringComparison.Ordinal), $"namespace Some; {PublishedCheckpoint.Declaration}")));

    [Fact]
    public void An_edited_checkpoint_is_checked_and_compiles_nothing()
    {
        InMemoryText before = new(s_published.Facts());
        GeneratorDriver driver = GeneratorDriverFixture.Driver(trackSteps: true, texts: before)
            .RunGenerators(GeneratorDriverFixture.Compilation(PublishedCheckpoint.Declaration), TestContext.Current.CancellationToken)
            .ReplaceAdditionalText(before, new InMemoryText((s_published with { Layers = 3 }).Facts()))
            .RunGenerators(GeneratorDriverFixture.Compilation(PublishedCheckpoint.Declaration), TestContext.Current.CancellationToken);
        GeneratorRunResult result = driver.GetRunResult().Results.Single();
        Assert.Equal("BG0403", Assert.Single(result.Diagnostics).Id);
        Assert.Equal(IncrementalStepRunReason.Cached, Assert.Single(result.TrackedSteps[BertGenGenerator.Steps.Compile].SelectMany(s => s.Outputs)).Reason);
    }

    private static (string, int[])? WithoutHead((string Name, int[] Shape) tensor) =>
        tensor.Name.StartsWith("classifier", StringComparison.Ordinal) ? null : tensor;

    private static Diagnostic[] Check(string facts, string source = PublishedCheckpoint.Declaration) =>
        [.. GeneratorDriverFixture.Run(GeneratorDriverFixture.Compilation(source), new InMemoryText(facts)).Diagnostics];

    private static string Underlined(Diagnostic diagnostic, string source) =>
        (GeneratorDriverFixture.Usings + source).Substring(diagnostic.Location.SourceSpan.Start, diagnostic.Location.SourceSpan.Length);
}
