using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using BertGen.CompilerServices;
using BertGen.Weights;

namespace BertGen.Training;

/// <summary>The manifest of a training checkpoint: how far a run has come, what decides its result, and the file with its weights and moments.</summary>
/// <remarks>
/// The floats are written first, under a name that nothing else has; then the manifest that names them takes its name by a rename. A folder therefore
/// holds its earlier checkpoint, whole, until the moment in which it holds the new one, whole, whenever the process is killed.
/// </remarks>
internal sealed class RunManifest
{
    public const string FileName = "training.json";
    private const int Version = 1;

    private readonly string _folder;
    private readonly string _model;
    private readonly string _state;
    private readonly string _data;
    private readonly JsonObject _arenas;
    private readonly JsonObject _run;
    private readonly int _step;
    private readonly int _total;
    private readonly string _position;
    private readonly double _bestLoss;
    private readonly int _bestStep;
    private readonly int _worse;
    private readonly bool _isStopped;

    private RunManifest(string folder, ModelDefinition definition, JsonObject json, List<string> problems)
    {
        var fields = new ConfigFields(json, FileName, problems);
        _folder = folder;
        _model = definition.Name;
        _state = Required(fields.Text("state"), "state") ?? "";
        _data = Required(fields.Text("data"), "data") ?? "";
        _position = Required(fields.Text("position"), "position") ?? "";
        _arenas = Required(fields.Object("arenas"), "arenas") ?? [];
        _run = Required(fields.Object("run"), "run") ?? [];
        _step = Whole("step");
        _total = Whole("total");
        _bestStep = Whole("bestStep");
        _worse = Whole("worse");
        _isStopped = fields.Flag("stopped") ?? false;
        string? best = Required(fields.Text("bestLoss"), "bestLoss");
        if (!double.TryParse(best, NumberStyles.Float, CultureInfo.InvariantCulture, out _bestLoss) && best is not null)
        {
            problems.Add($"{FileName} has a 'bestLoss' that is no number.");
        }

        if (_state != Path.GetFileName(_state))
        {
            problems.Add($"{FileName} names a 'state' that is no file of the folder.");
        }

        T? Required<T>(T? value, string name) where T : class
        {
            if (value is null && json[name] is null)
            {
                problems.Add($"{FileName} has no '{name}'.");
            }

            return value;
        }

        int Whole(string name)
        {
            long? value = fields.Integer(name);
            if (value is null or < 0 or > int.MaxValue)
            {
                problems.Add($"{FileName} has no '{name}' from 0 on.");
                return 0;
            }

            return (int)value;
        }
    }

    /// <summary>Writes a checkpoint.</summary>
    public static void Write(
        string folder, ModelDefinition definition, OptimizationOptions options, RunDefinition run, RunProgress progress, IReadOnlyList<(string Name, WeightArena Arena)> arenas)
    {
        Directory.CreateDirectory(folder);
        string state = StateFile.FreshName();
        string path = Path.Combine(folder, state);
        JsonObject hashes = [];
        try
        {
            foreach ((string name, UInt128 hash) in StateFile.Write(path, arenas))
            {
                hashes.Add(name, Text(hash));
            }
        }
        catch
        {
            File.Delete(path);
            throw;
        }

        JsonObject manifest = new()
        {
            ["format"] = "BertGen training checkpoint",
            ["version"] = Version,
            ["model"] = definition.Name,
            ["definition"] = Text(DefinitionFingerprint.Of(definition)),
            ["step"] = progress.Step,
            ["total"] = run.Source.Total,
            ["position"] = progress.Position,
            ["bestLoss"] = progress.BestLoss.ToString("R", CultureInfo.InvariantCulture),
            ["bestStep"] = progress.BestStep,
            ["worse"] = progress.Worse,
            ["stopped"] = progress.IsStopped,
            ["data"] = Text(run.Source.Fingerprint),
            ["options"] = Object(options.Facts()),
            ["run"] = Object(run.Facts),
            ["state"] = state,
            ["arenas"] = hashes,
        };
        AtomicFile.Write(Path.Combine(folder, FileName), stream => stream.Write(JsonFiles.Write(manifest)));
        StateFile.DeleteOthers(folder, state);
    }

    /// <summary>Reads a manifest and compares it with model and options.</summary>
    /// <exception cref="CheckpointException">It is damaged or does not fit; lists every difference.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no checkpoint.</exception>
    public static RunManifest Read(string folder, ModelDefinition definition, OptimizationOptions options)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            throw new DirectoryNotFoundException($"There is no training checkpoint in '{folder}': it has no {FileName}.");
        }

        JsonObject json;
        try
        {
            json = JsonFiles.Parse(File.ReadAllBytes(path));
        }
        catch (JsonException exception)
        {
            throw new CheckpointException(folder, definition.Name, [$"{FileName} cannot be read: {exception.Message}"], exception);
        }

        List<string> problems = [];
        var fields = new ConfigFields(json, FileName, problems);
        if (fields.Integer("version") is not Version and var version)
        {
            throw new CheckpointException(folder, definition.Name, [.. problems, $"{FileName} has version {version?.ToString(CultureInfo.InvariantCulture) ?? "none"}; this library reads version {Version}."]);
        }

        var manifest = new RunManifest(folder, definition, json, problems);
        if (fields.Text("model") is var model && model != definition.Name)
        {
            problems.Add($"It was saved by {model ?? "no model"}; this one is {definition.Name}.");
        }
        else if (fields.Text("definition") != Text(DefinitionFingerprint.Of(definition)))
        {
            problems.Add($"{definition.Name} was declared otherwise, or compiled by another version of the library, when it was saved.");
        }

        Compare(fields.Object("options"), options.Facts(), problems);
        return problems.Count == 0 ? manifest : throw new CheckpointException(folder, definition.Name, problems);
    }

    /// <summary>How far the run had come. Has room for the best weights where the checkpoint has some.</summary>
    public RunProgress Progress() => new()
    {
        Step = _step,
        Position = _position,
        BestLoss = _bestLoss,
        BestStep = _bestStep,
        Worse = _worse,
        IsStopped = _isStopped,
    };

    /// <summary>True where the checkpoint holds such an arena.</summary>
    public bool Has(string arena) => _arenas.ContainsKey(arena);

    /// <summary>Compares the hashes of the stored arenas, before anything is overwritten by them.</summary>
    /// <exception cref="CheckpointException">The file is missing, has another length or is damaged.</exception>
    public void Verify(IReadOnlyList<(string Name, WeightArena Arena)> arenas)
    {
        IReadOnlyList<(string Name, UInt128 Hash)> read;
        try
        {
            read = StateFile.Hashes(Path.Combine(_folder, _state), arenas);
        }
        catch (IOException exception)
        {
            throw new CheckpointException(_folder, _model, [exception.Message], exception);
        }

        List<string> damaged = [.. read.Where(arena => ConfigFields.AsText(_arenas[arena.Name]) != Text(arena.Hash)).Select(arena => $"The {arena.Name} in {_state} are damaged.")];
        if (damaged.Count > 0)
        {
            throw new CheckpointException(_folder, _model, damaged);
        }
    }

    /// <summary>Reads the arenas.</summary>
    public void Read(IReadOnlyList<(string Name, WeightArena Arena)> arenas) => StateFile.Read(Path.Combine(_folder, _state), arenas);

    /// <summary>Compares with the run that is to go on.</summary>
    /// <exception cref="CheckpointException">Its data or heads are others; lists every difference.</exception>
    public void CheckRun(RunDefinition run, string model)
    {
        List<string> problems = [];
        Compare(_run, run.Facts, problems);
        if (_data != Text(run.Source.Fingerprint))
        {
            problems.Add("The examples are not those of the run, or not in their order. Give the same list to Fit.");
        }
        else if (_total != run.Source.Total)
        {
            problems.Add($"The run had {_total} steps and has {run.Source.Total} now.");
        }

        if (problems.Count > 0)
        {
            throw new CheckpointException(_folder, model, problems);
        }
    }

    private static void Compare(JsonObject? saved, IEnumerable<KeyValuePair<string, string>> facts, List<string> problems)
    {
        HashSet<string> known = new(StringComparer.Ordinal);
        foreach ((string name, string now) in facts)
        {
            known.Add(name);
            if (ConfigFields.AsText(saved?[name]) is var before && before != now)
            {
                problems.Add($"{Capital(name)} was {before ?? "not known"} and is {now} now.");
            }
        }

        foreach (string name in saved?.Select(field => field.Key).Where(name => !known.Contains(name)) ?? [])
        {
            problems.Add($"{Capital(name)} was {ConfigFields.AsText(saved![name])} and is no longer there.");
        }
    }

    private static string Capital(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static JsonObject Object(IEnumerable<KeyValuePair<string, string>> facts)
    {
        JsonObject json = [];
        foreach ((string name, string value) in facts)
        {
            json.Add(name, value);
        }

        return json;
    }

    private static string Text(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);
}
