using BertGen.Samples.Training;

const string Usage = """
    usage: dotnet run --project samples/Training -c Release -- <task> [data folder] [output folder]
      task            pretrain, sentiment, tags, pairs or answers; all runs them in this order
      data folder     the folder of the data sets; where it is left out, the environment's BERTGEN_DATA
      output folder   vocabulary and models; artifacts/training where it is left out
    """;

string? folder = args.Length > 1 ? args[1] : Environment.GetEnvironmentVariable("BERTGEN_DATA");
if (args.Length is 0 or > 3 || (args[0] != "all" && !Tasks.All.ContainsKey(args[0])))
{
    Console.Error.WriteLine(Usage);
    return 2;
}

if (string.IsNullOrEmpty(folder) || !Directory.Exists(folder))
{
    Console.Error.WriteLine(string.IsNullOrEmpty(folder) ? "There is no data: name its folder, or set BERTGEN_DATA." : $"There is no folder '{folder}'.");
    Console.Error.WriteLine(Usage);
    return 1;
}

try
{
    Workshop workshop = new(new DataFolder(folder), args.Length > 2 ? args[2] : Path.Combine("artifacts", "training"));
    foreach ((string name, Action<Workshop> run) in Tasks.All)
    {
        if (args[0] == "all" || args[0] == name)
        {
            run(workshop);
        }
    }

    return 0;
}
catch (FileNotFoundException missing)
{
    Console.Error.WriteLine(missing.Message);
    return 1;
}
