using BertGen.Benchmarks;

Dictionary<string, Action<Options>> sections = new()
{
    ["inference"] = InferenceBenchmark.Run,
    ["tokenization"] = _ => TokenizationBenchmark.Run(Console.Out),
    ["generator"] = GeneratorBenchmark.Run,
    ["coldstart"] = ColdStartBenchmark.Run,
    ["kernels"] = options => { KernelsBenchmark.Run(options); TrainingKernelsBenchmark.Run(options); },
    ["training"] = TrainingBenchmark.Run,
    ["trainingpeer"] = TrainingPeerBenchmark.Run,
};

try
{
    // A process of its own for each side's peak memory.
    if (args is ["trainingmemory", ..])
    {
        TrainingMemory.Run(args[1..]);
        return 0;
    }

    string[] chosen = [.. args.TakeWhile(argument => !argument.StartsWith("--", StringComparison.Ordinal))];
    Options options = Options.Parse(args[chosen.Length..]);
    if (chosen.FirstOrDefault(section => !sections.ContainsKey(section)) is { } unknown)
    {
        throw new ArgumentException($"'{unknown}' is none of {string.Join(", ", sections.Keys)}.");
    }

    MachineReport.Print();
    foreach (string section in chosen.Length > 0 ? chosen : sections.Keys.Where(name => name != "trainingpeer").ToArray())
    {
        sections[section](options);
        Console.WriteLine();
    }

    return 0;
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
