using System.Globalization;
using BertGen.Generator.Diagnostics;
using BertGen.Generator.Tests.Checkpoints;
using Microsoft.CodeAnalysis;

namespace BertGen.Generator.Tests.Diagnostics;

/// <summary>Every rule has a page, and the examples of the page do what it says.</summary>
public sealed class DiagnosticPageTests
{
    public static TheoryData<string> Ids => [.. DiagnosticRules.All.Select(r => r.Id)];

    /// <summary>Rules whose example is too long for a page, or does not come from source: each has a test of its own, named here.</summary>
    private static readonly Dictionary<string, string> s_testedElsewhere = new()
    {
        ["BG0018"] = nameof(LabelDiagnosticTests.More_labels_than_outputs_are_too_many),
        ["BG0201"] = nameof(InternalFailureTests.A_failure_names_the_model_and_the_stage),
        ["BG0405"] = nameof(CheckpointDiagnosticTests.Missing_weights_are_counted),
        ["BG0406"] = nameof(CheckpointDiagnosticTests.Another_number_of_numbered_labels_shows_in_the_shapes),
        ["BG0407"] = nameof(CheckpointDiagnosticTests.Weights_that_would_be_left_out_are_told),
        ["BG0408"] = nameof(CheckpointDiagnosticTests.A_type_that_is_not_read_is_told),
        ["BG0409"] = nameof(CheckpointDiagnosticTests.A_second_copy_of_a_tied_weight_must_be_alike),
    };

    [Theory, MemberData(nameof(Ids))]
    public void The_example_triggers_the_diagnostic_alone(string id)
    {
        DiagnosticPage page = DiagnosticPage.Read(id);
        if (page.Trigger is null)
        {
            Assert.True(s_testedElsewhere.ContainsKey(id), $"{id}.md has no example and no test is named for it.");
            return;
        }

        AdditionalText[] texts = page.Trigger.Facts is { } facts ? [new InMemoryText(facts)] : [];
        GeneratorOutcome outcome = GeneratorDriverFixture.Run(page.Trigger.Compilation(), texts);
        Assert.All(outcome.Diagnostics, d => Assert.Equal(id, d.Id));
        // Two classes that meet are both told.
        Assert.Equal(id == "BG0027" ? 2 : 1, outcome.Diagnostics.Length);
        Diagnostic diagnostic = outcome.Diagnostics[0];
        Assert.Equal(DiagnosticSeverity.Error, diagnostic.Severity);
        // A checkpoint without a model has no line in the source.
        Assert.Equal(id == "BG0402" ? "" : "Model.cs", diagnostic.Location.GetLineSpan().Path ?? "");
        string message = diagnostic.GetMessage(CultureInfo.InvariantCulture);
        if (Environment.GetEnvironmentVariable("BERTGEN_UPDATE_GOLDENS") == "1")
        {
            page.Update(message);
            return;
        }

        Assert.Equal(page.Message, message);
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_mended_example_compiles(string id)
    {
        if (DiagnosticPage.Read(id).Fixed is { } mended)
        {
            GeneratorOutcome outcome = GeneratorDriverFixture.Run(mended.Compilation());
            Assert.Equal("", string.Join("\n", outcome.Diagnostics));
            Assert.Equal("", string.Join("\n", outcome.CompilerDiagnostics.Where(d => d.Severity == DiagnosticSeverity.Error)));
        }
        else
        {
            Assert.True(s_testedElsewhere.ContainsKey(id), $"{id}.md shows no mended example.");
        }
    }

    [Theory, MemberData(nameof(Ids))]
    public void The_page_has_the_title_of_the_rule(string id) =>
        Assert.Equal(DiagnosticRules.All.Single(r => r.Id == id).Title, DiagnosticPage.Read(id).Title);

    [Fact]
    public void No_number_is_used_twice()
    {
        string[] ids = [.. DiagnosticRules.All.Select(r => r.Id)];
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Every_rule_is_in_the_list_of_its_class()
    {
        IEnumerable<string> fields = typeof(DiagnosticRules).Assembly.GetTypes()
            .Where(t => t.Namespace == typeof(DiagnosticRules).Namespace)
            .SelectMany(t => t.GetFields(System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.Public))
            .Select(f => f.GetValue(null)).OfType<DiagnosticRule>().Select(r => r.Id);
        Assert.Equal(fields.Order(), DiagnosticRules.All.Select(r => r.Id).Order());
    }

    [Fact]
    public void Every_page_belongs_to_a_rule()
    {
        IEnumerable<string> pages = Directory.GetFiles(DiagnosticPage.Folder(), "BG*.md").Select(f => Path.GetFileNameWithoutExtension(f)!);
        Assert.Equal(DiagnosticRules.All.Select(r => r.Id).Order(), pages.Order());
    }

    [Fact]
    public void Every_page_is_in_the_index()
    {
        string index = File.ReadAllText(Path.Combine(DiagnosticPage.Folder(), "README.md"));
        Assert.All(DiagnosticRules.All, r => Assert.Contains($"| [{r.Id}]({r.Id}.md) | {r.Title} |", index, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_rule_is_in_the_release_notes()
    {
        string notes = File.ReadAllText(Path.Combine(DiagnosticPage.Folder(), "..", "..", "src", "Generator", "AnalyzerReleases.Unshipped.md"));
        Assert.All(DiagnosticRules.All, r => Assert.Contains($"{r.Id} | BertGen | Error | {r.Title}", notes, StringComparison.Ordinal));
    }
}
