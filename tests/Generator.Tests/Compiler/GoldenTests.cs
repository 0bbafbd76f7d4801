using System.Globalization;
using System.Runtime.CompilerServices;
using BertGen.Generator.Differentiation;
using BertGen.Generator.Emission;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Programs;
using BertGen.Generator.Specs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>Every stage of one small model beside its declaration. Updated only by <c>./build.sh golden</c>; the difference is reviewed as code.</summary>
public sealed class GoldenTests
{
    /// <summary>Small enough to read, with a head of each kind of rows.</summary>
    private static readonly ModelSpec s_model = TestModels.Model(
        new EncoderSpec { Layers = 2, HiddenSize = 32, Heads = 2, IntermediateSize = 64, VocabularySize = 100, MaxPositions = 64 },
        TestModels.Head(HeadKind.SequenceClassification, 2),
        TestModels.Head(HeadKind.TokenClassification, 3, "Tags"),
        TestModels.Head(HeadKind.MaskedLanguageModel));

    private static readonly CompiledStages s_stages = ModelCompiler.Run(s_model);

    public static TheoryData<string> Files => [.. s_files.Keys];

    private static readonly Dictionary<string, Func<string>> s_files = new()
    {
        ["1.graph.txt"] = () => GraphDump.Write(s_stages.Graph),
        ["2.kernels.txt"] = () => KernelDump.Write(s_stages.Kernels),
        ["3.tiles.txt"] = () => TileDump.Write(s_stages.Tiles.All),
        ["4.memory.txt"] = () => MemoryDump.Write(s_stages.Memory, s_stages.Tiles),
        ["5.program.txt"] = () => ProgramDump.Write(s_stages.Program),
        ["7.training-graph.txt"] = () => TrainingGraphDump.Write(s_stages.Training!.Kernels.Training),
        ["8.training-kernels.txt"] = () => TrainingKernelDump.Write(s_stages.Training!.Kernels),
        ["9.training-tiles.txt"] = () => TileDump.Write(s_stages.Training!.Tiles.All),
        ["9.training-memory.txt"] = () => MemoryDump.Write(s_stages.Training!.Memory, s_stages.Training.Tiles),
        ["9.training-program.txt"] = () => ProgramDump.Write(s_stages.Training!.Program),
        ["6.Kernels.g.cs.txt"] = () => Generated("Tests.Model.Kernels.g.cs"),
        ["6.Program.g.cs.txt"] = () => Generated("Tests.Model.Program.g.cs"),
        ["6.Plan.g.cs.txt"] = () => Generated("Tests.Model.Plan.g.cs"),
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void Stage_is_as_reviewed(string file)
    {
        string path = Path.Combine(Folder(), file);
        string actual = s_files[file]();
        if (Environment.GetEnvironmentVariable("BERTGEN_UPDATE_GOLDENS") == "1")
        {
            Directory.CreateDirectory(Folder());
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    /// <summary>The generator runs in the culture of whoever compiles: Swedish and Finnish write a minus that is no C#, most of Europe a comma.</summary>
    /// <remarks>Typed members print sizes and head indices alone; they are compared with what the invariant culture gives.</remarks>
    [Fact]
    public void Culture_of_the_compiler_changes_no_stage()
    {
        Dictionary<string, string> expected = s_files.ToDictionary(file => file.Key, file => file.Value());
        GeneratedModel compiled = ModelCompiler.Compile(s_model);
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = Foreign();
            Assert.Equal("\u22121,5", (-1.5).ToString(CultureInfo.CurrentCulture));
            Assert.All(s_files, file => Assert.Equal(expected[file.Key], file.Value()));
            Assert.Equal(compiled, ModelCompiler.Compile(s_model));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Made by hand: under InvariantGlobalization the cultures themselves are not there.</summary>
    private static CultureInfo Foreign()
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        return culture;
    }

    /// <summary>The walk through the stages quotes the dumps; a quotation that is no longer true fails here.</summary>
    [Fact]
    public void Architecture_page_quotes_what_the_stages_say()
    {
        string page = File.ReadAllText(Path.Combine(Folder(), "..", "..", "..", "..", "docs", "architecture.md"));
        string everything = string.Concat(s_files.Values.Select(file => file() + "\n"));
        HashSet<string> lines = [.. everything.Split('\n').Select(line => line.Trim())];
        string[] quoted = QuotedLines(page).ToArray();
        Assert.True(quoted.Length > 20, "The page quotes nothing.");
        Assert.All(quoted, line => Assert.Contains(line, lines));
    }

    /// <summary>Lines of the page's blocks marked <c>```dump</c>; <c>…</c> stands for lines left out.</summary>
    private static IEnumerable<string> QuotedLines(string page)
    {
        bool isQuoting = false;
        foreach (string line in page.Split('\n').Select(line => line.Trim()))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                isQuoting = line == "```dump";
            }
            else if (isQuoting && line.Length > 0 && line != "…")
            {
                yield return line;
            }
        }
    }

    private static string Generated(string name) => s_stages.Print().Files.Single(file => file.HintName == name).Text;

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "Goldens");
}
