using BertGen.Generator.Emission;
using BertGen.Generator.Specs;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace BertGen.Generator.Tests;

/// <summary>The typed half of a class, compiled against the runtime with a stand-in for the other half.</summary>
public sealed class ApiPrinterTests
{
    private const string Enums = "public enum Label { A, B } public enum Tag { X, Y } public enum Entity { Person }";

    private const string AllHeads = """
        [BertEncoder]
        [SequenceClassification<Label>, MultiLabelClassification<Label>(Name = "All"), SequenceRegression(Name = "Rank", Sigmoid = true)]
        [TokenClassification<Tag>(Name = "Pos"), EntityRecognition<Entity>(Name = "Ner"), QuestionAnswering(NoAnswer = true)]
        [MaskedLanguageModel, NextSentencePrediction, SentenceEmbedding]
        public sealed partial class Model;
        """;

    /// <summary>The kernels' half is another printer's; this one only has to bind.</summary>
    private const string OtherHalf = """
        partial class Model
        {
            private sealed unsafe class Program : BertGen.CompilerServices.CompiledProgram
            {
                public static readonly Program Instance = new();
                public override BertGen.CompilerServices.ModelDefinition Definition => throw new NotSupportedException();
                public override ModelDescription Description => throw new NotSupportedException();
                public override void Forward(BertGen.CompilerServices.SimdWidth width, BertGen.CompilerServices.Worker worker, BertGen.CompilerServices.ForwardPass* pass) { }
            }
        }
        """;

    [Fact]
    public void Every_head_binds_to_the_runtime() => AssertBinds($"{AllHeads}{Enums}", "");

    [Fact]
    public void Heads_over_vectors_bind_to_the_runtime() => AssertBinds($$"""
        [BertEncoder, VectorInput(Features = 80)]
        [SequenceClassification<Label>, MultiLabelClassification<Label>(Name = "All"), SequenceRegression(Name = "Rank")]
        [TokenClassification<Tag>(Name = "Pos"), SentenceEmbedding]
        public partial class Model;
        {{Enums}}
        """, "");

    [Fact]
    public void A_class_binds_inside_namespaces_and_types() => AssertBinds($$"""
        namespace Some.@where;
        public partial interface IOuter { public partial record struct @event { [BertEncoder, SentenceEmbedding] internal partial class Model; } }
        """, "namespace Some.@where; public partial interface IOuter { public partial record struct @event {", "} }");

    [Fact]
    public void A_program_can_make_every_call_of_the_documented_table() => AssertBinds($$"""
        {{AllHeads}}
        {{Enums}}
        class Uses
        {
            static void Call(Model m, string[] texts, (string, string)[] pairs, string[][] sentences)
            {
                Prediction<Label> one = m.Classify("a");
                one = m.Classify("a", "b");
                System.Collections.Generic.IReadOnlyList<Prediction<Label>> many = m.Classify(texts);
                many = m.Classify(pairs);
                foreach (LabelProbability<Label> p in m.ClassifyAllAll("a")) { }
                float score = m.ScoreRank("a", "b");
                RankedPassage best = m.RerankRank("q", texts)[0];
                foreach (TaggedToken<Tag> t in m.TagPos("a")) { }
                foreach (TaggedToken<Tag> t in m.TagWordsPos(sentences)[0]) { }
                foreach (EntitySpan<Entity> e in m.FindEntitiesNer("a")) { }
                Answer answer = m.Answer("q", "p");
                foreach (Answer a in m.Answers("q", "p", top: 3)) { }
                foreach (MaskCandidate c in m.FillMask("[MASK]", top: 5)) { }
                foreach (var list in m.FillMasks("[MASK] [MASK]", 2)) foreach (MaskCandidate c in list) { }
                float probability = m.NextSentenceProbability("a", "b");
                float[] v = m.Embed("a");
                foreach (float[] w in m.Embed(texts, default)) { }
                ModelDescription d = Model.Description;
                using Model loaded = Model.Load("folder", new ModelOptions());
                using Model made = Model.Create("vocab.txt");
            }
        }
        """, "");

    [Fact]
    public void A_program_can_make_every_documented_call_of_training() => AssertBinds($$"""
        {{AllHeads}}
        {{Enums}}
        class Uses
        {
            static void Call(Model model, LabeledText<Label>[] train, LabeledText<Label>[] test, System.IProgress<TrainingStep> progress, System.Threading.CancellationToken cancellationToken)
            {
                using var trainer = model.CreateTrainer(new TrainingOptions { Epochs = 3, BatchSize = 16, LearningRate = 5e-5f, WarmupRatio = 0.1f, Seed = 7 });
                foreach (TrainingStep step in trainer.Fit(train)) System.Console.WriteLine($"{step.Number}/{step.Total} loss {step.Loss:F4} {step.TokensPerSecond:N0} tokens/s");
                foreach (TrainingStep step in trainer.Fit(train, test)) { }
                TrainingSummary summary = trainer.Train(train, progress, cancellationToken);
                summary = trainer.Train(train, test, progress, cancellationToken);
                summary = trainer.Train(train);
                ClassificationReport report = model.Evaluate(test);
                trainer.SaveCheckpoint("run/step-200");
                trainer.Resume("run/step-200");
                foreach (TrainingStep step in trainer.Fit(new MultiLabeledText<Label>[0])) { }
                foreach (TrainingStep step in trainer.Fit(new ScoredText[0])) { }
                foreach (TrainingStep step in trainer.Fit(new TaggedSentence<Tag>[0])) { }
                foreach (TrainingStep step in trainer.Fit(new EntitySentence<Entity>[0])) { }
                foreach (TrainingStep step in trainer.Fit(new QuestionExample[0])) { }
                MultiLabelReport labels = model.EvaluateAll(new MultiLabeledText<Label>[0], threshold: 0.4f);
                RegressionReport scores = model.EvaluateRank(new ScoredText[0]);
                ClassificationReport tags = model.EvaluatePos(new TaggedSentence<Tag>[0]);
                EntityReport entities = model.EvaluateNer(new EntitySentence<Entity>[0]);
                AnswerReport answers = model.Evaluate(new QuestionExample[0]);
                foreach (TrainingStep step in trainer.Fit(Model.Heads.SequenceClassification.With(train, weight: 1), Model.Heads.Rank.With(new ScoredText[0], weight: 0.5f))) { }
                PretrainingCorpus corpus = PretrainingCorpus.FromFile("corpus.txt");
                using var pretrainer = model.CreatePretrainer(new PretrainingOptions { Steps = 2000, BatchSize = 32, Masking = new() { Rate = 0.15f, MaskShare = 0.8f, RandomShare = 0.1f, WholeWord = false } });
                foreach (PretrainingStep step in pretrainer.Fit(corpus)) { double loss = step.MaskedLanguageModelLoss + step.NextSentenceLoss + step.MaskedAccuracy; }
                MaskedLanguageModelReport masks = model.Evaluate(corpus);
                ClassificationReport next = model.EvaluateNextSentence(corpus);
            }
        }
        """, "");

    [Fact]
    public void Heads_that_learn_from_the_same_examples_are_told_apart_by_name()
    {
        string text = AssertBinds($$"""
            [BertEncoder]
            [SequenceClassification<Label>(Name = "Topic"), SequenceClassification<Label>(Name = "Tone"), QuestionAnswering(Name = "Topic"), SequenceRegression(Name = "Heads")]
            public sealed partial class Model;
            {{Enums}}
            class Uses
            {
                static void Call(Model model, LabeledText<Label>[] topics, LabeledText<Label>[] tones)
                {
                    using Model.Trainer trainer = model.CreateTrainer();
                    foreach (TrainingStep step in trainer.Fit(Model.Heads.Topic.With(topics, weight: 1), Model.Heads.Tone.With(tones, weight: 0.5f))) { }
                    foreach (TrainingStep step in trainer.Fit(Model.Heads.TopicQuestionAnswering.With(new QuestionExample[0]), Model.Heads.HeadsSequenceRegression.With(new ScoredText[0]))) { }
                    ClassificationReport report = model.EvaluateTopic(topics);
                }
            }
            """, "");
        Assert.DoesNotContain("Fit(global::System.Collections.Generic.IEnumerable<global::BertGen.LabeledText", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Pretrainer", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trainer_takes_the_examples_of_its_own_model_only()
    {
        const string Source = """
            [BertEncoder, SequenceClassification<Label>] public sealed partial class Model;
            [BertEncoder, SequenceClassification<Label>] public sealed partial class Other;
            public enum Label { A, B }
            class Uses
            {
                static void Call(Model.Trainer trainer, Other.Trainer other, LabeledText<Label>[] texts, ScoredText[] scores)
                {
                    trainer.Fit(Model.Heads.SequenceClassification.With(texts));
                    trainer.Fit(Other.Heads.SequenceClassification.With(texts));
                    other.Fit(scores);
                }
            }
            """;
        IEnumerable<string> refused = GeneratorDriverFixture.Run(Source).CompilerDiagnostics.Select(d => d.Location.SourceTree!.GetText().Lines[d.Location.GetLineSpan().StartLinePosition.Line].ToString().Trim());
        Assert.Equal(["trainer.Fit(Other.Heads.SequenceClassification.With(texts));", "other.Fit(scores);"], refused.Distinct());
    }

    [Fact]
    public void A_class_that_only_embeds_has_no_trainer()
    {
        ModelSpec spec = GeneratorDriverFixture.Spec("[BertEncoder, SentenceEmbedding] public partial class Model;");
        Assert.DoesNotContain("rainer", ApiPrinter.Print(spec).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedder_is_an_embedding_generator_where_the_project_references_the_abstractions()
    {
        string text = AssertBinds("""
            [BertEncoder, SentenceEmbedding, SentenceEmbedding(Name = "First", Pooling = Pooling.Cls)]
            public partial class Model;
            class Uses
            {
                Microsoft.Extensions.AI.IEmbeddingGenerator<string, Microsoft.Extensions.AI.Embedding<float>> One(Model m) => m.AsEmbeddingGenerator();
                Microsoft.Extensions.AI.IEmbeddingGenerator<string, Microsoft.Extensions.AI.Embedding<float>> Two(Model m) => m.AsFirstEmbeddingGenerator();
            }
            """, "", "", GeneratorDriverFixture.EmbeddingAbstractions);
        Assert.Contains("model.EmbedFirst(texts, cancellationToken)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_mentions_the_abstractions_where_the_project_does_not_reference_them()
    {
        ModelSpec spec = GeneratorDriverFixture.Spec("[BertEncoder, SentenceEmbedding] public partial class Model;");
        Assert.DoesNotContain("Extensions.AI", ApiPrinter.Print(spec).Text, StringComparison.Ordinal);
    }

    /// <summary>Compiles without an error or warning, documentation included.</summary>
    private static string AssertBinds(string source, string open, string close = "", params MetadataReference[] references)
    {
        ModelSpec spec = GeneratorDriverFixture.Spec(source, references);
        GeneratedFile api = ApiPrinter.Print(spec);
        Assert.Equal($"{spec.QualifiedName}.g.cs", api.HintName);
        // The oldest language that the diagnostic on the language version lets through.
        const LanguageVersion Oldest = LanguageVersion.CSharp12;
        Compilation whole = GeneratorDriverFixture.Compilation(source, Oldest).AddReferences(references).AddSyntaxTrees(
            GeneratorDriverFixture.Parse(open + OtherHalf + close, "OtherHalf.cs", Oldest),
            CSharpSyntaxTree.ParseText(api.Text, new(Oldest, DocumentationMode.Diagnose), api.HintName, cancellationToken: TestContext.Current.CancellationToken));
        // Unused variables and fields are the source's; what counts here is the generated file and that calls bind.
        IEnumerable<Diagnostic> complaints = whole.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(d => d.Severity == DiagnosticSeverity.Error || (d.Severity == DiagnosticSeverity.Warning && d.Location.SourceTree?.FilePath == api.HintName));
        Assert.Equal("", string.Join("\n", complaints));
        return api.Text;
    }
}
