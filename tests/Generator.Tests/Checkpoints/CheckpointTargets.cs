using System.Diagnostics;
using System.Runtime.CompilerServices;
using BertGen.Generator.Checkpoints;

namespace BertGen.Generator.Tests.Checkpoints;

/// <summary>Runs the package's targets in a project of their own: no SDK, no restore.</summary>
internal static class CheckpointTargets
{
    /// <summary>The texts that the build writes, by folder.</summary>
    /// <param name="project">A folder, the checkpoints in folders below.</param>
    /// <param name="folders">Their names.</param>
    /// <param name="missingHeads">What the item says of missing heads, by the name of the folder.</param>
    public static Dictionary<string, string> Run(string project, IEnumerable<string> folders, Func<string, string>? missingHeads = null)
    {
        string file = Path.Combine(project, "Model.proj");
        File.WriteAllText(file, $"""
            <Project DefaultTargets="BertGenAddCheckpoints">
              <PropertyGroup><IntermediateOutputPath>obj/</IntermediateOutputPath></PropertyGroup>
              <ItemGroup>{string.Concat(folders.Select(f => $"<BertGenCheckpoint Include=\"{f}\" Model=\"Model\" MissingHeads=\"{missingHeads?.Invoke(f)}\" />"))}</ItemGroup>
              <Import Project="{Targets()}" />
            </Project>
            """);
        ProcessStartInfo start = new("dotnet", ["msbuild", file, "-nologo", "-nodeReuse:false"]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = project };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + errors.Result);
        return Directory.GetFiles(Path.Combine(project, "obj", "bertgen"), "*" + CheckpointFacts.FileEnding).Select(File.ReadAllText).ToDictionary(text => CheckpointFacts.Parse(text).Path);
    }

    private static string Targets([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "src", "Runtime", "build", "BertGen.targets"));
}
