using System.Globalization;
using System.Text;
using BertGen.Weights;

namespace BertGen.Training;

/// <summary>The folder of a run: a checkpoint for each of some steps, and a file that names the latest.</summary>
internal static class CheckpointFolders
{
    private const string Latest = "latest";
    private const string Prefix = "step-";

    /// <summary>Folder of a step's checkpoint.</summary>
    public static string ForStep(string run, int step) => Path.Combine(run, Prefix + step.ToString("D8", CultureInfo.InvariantCulture));

    /// <summary>Makes a complete checkpoint the latest of its run, and deletes all but some of the others.</summary>
    public static void MakeLatest(string folder, int kept)
    {
        string run = Path.GetDirectoryName(Path.GetFullPath(folder))!;
        string name = Path.GetFileName(folder);
        AtomicFile.Write(Path.Combine(run, Latest), stream => stream.Write(Encoding.UTF8.GetBytes(name)));

        // A folder that a run beyond this step has left is not this run's: it goes first.
        IEnumerable<string> others = Directory.EnumerateDirectories(run, Prefix + "*")
            .Where(other => Path.GetFileName(other) != name && StepOf(other) is not null)
            .OrderByDescending(other => StepOf(other) > StepOf(name) ? -1 : StepOf(other));
        foreach (string other in others.Skip(kept - 1).ToList())
        {
            Delete(other);
        }
    }

    /// <summary>The checkpoint that a path means: itself, or the latest of a run.</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such folder.</exception>
    public static string Resolve(string path)
    {
        if (!Directory.Exists(path))
        {
            throw new DirectoryNotFoundException($"There is no training checkpoint '{path}'.");
        }

        string latest = Path.Combine(path, Latest);
        if (File.Exists(Path.Combine(path, RunManifest.FileName)) || !File.Exists(latest))
        {
            return path;
        }

        string name = File.ReadAllText(latest).Trim();
        return name.Length > 0 && name == Path.GetFileName(name)
            ? Path.Combine(path, name)
            : throw new DirectoryNotFoundException($"'{latest}' names no folder beside it.");
    }

    /// <summary>Deletes a checkpoint, its manifest first: what is left of it when the process is killed is none.</summary>
    private static void Delete(string folder)
    {
        File.Delete(Path.Combine(folder, RunManifest.FileName));
        Directory.Delete(folder, recursive: true);
    }

    private static int? StepOf(string folder)
    {
        string name = Path.GetFileName(folder);
        return name.StartsWith(Prefix, StringComparison.Ordinal) && int.TryParse(name.AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : null;
    }
}
