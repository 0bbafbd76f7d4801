using System.Globalization;

namespace BertGen.Benchmarks;

/// <summary>What the command line asks for.</summary>
/// <param name="ModelNames">Models to run, or null for all of a section's.</param>
/// <param name="ShapeNames">Shapes to run, or null for all of a section's.</param>
/// <param name="Threads">Thread counts to run.</param>
/// <param name="Rounds">Interleaved rounds.</param>
/// <param name="SecondsEachRound">Least time of one contender in one round.</param>
/// <param name="IsQuick">A few minutes are all that a section may take.</param>
internal sealed record Options(IReadOnlyList<string>? ModelNames, IReadOnlyList<string>? ShapeNames, IReadOnlyList<int> Threads, int Rounds, double SecondsEachRound, bool IsQuick = false)
{
    public const string Usage = """
        usage: ./build.sh bench [inference | tokenization | generator | coldstart | kernels | training | trainingpeer …]
                 [--quick] [--models BertTiny,MiniLM-L6,BERT-base] [--shapes 1x16,1x128,1x384,32x128,32xmixed] [--threads 1,2] [--rounds N] [--cpu-time]
                 training: [--models MiniLM-L6,BERT-base,MLM-4x256] [--shapes 16x128,16xmixed,32x128,32xmixed]
        """;

    /// <summary>The models of inference and cold starts.</summary>
    public IReadOnlyList<BenchmarkModel> Models => Chosen(BenchmarkModel.All, model => model.Name, ModelNames);

    /// <summary>The shapes of inference.</summary>
    public IReadOnlyList<Workload> Workloads => Chosen(Workload.All, workload => workload.Name, ShapeNames);

    /// <summary>What is trained; a quick run takes BERT-base only where it is named.</summary>
    public IReadOnlyList<TrainingTask> TrainingTasks =>
        Chosen([.. TrainingTask.All.Where(task => !IsQuick || ModelNames is not null || task.Encoder != BenchmarkModel.BertBase)], task => task.Name, ModelNames);

    /// <summary>The shapes in which it is trained.</summary>
    public IReadOnlyList<Workload> TrainingWorkloads(TrainingTask task) => Chosen(task.Workloads, workload => workload.Name, ShapeNames);

    /// <exception cref="ArgumentException">An option or a name is unknown.</exception>
    public static Options Parse(IReadOnlyList<string> arguments)
    {
        Options options = new(null, null, [.. new[] { 1, 2 }.Where(threads => threads <= Affinity.Processors.Count)], 9, 0.2);
        for (int i = 0; i < arguments.Count; i++)
        {
            string Next() => ++i < arguments.Count ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} needs a value.");
            options = arguments[i] switch
            {
                "--quick" => options with { Rounds = 3, SecondsEachRound = 0.05, IsQuick = true },
                "--models" => options with { ModelNames = Names(Next(), [.. BenchmarkModel.All.Select(model => model.Name), .. TrainingTask.All.Select(task => task.Name)]) },
                "--shapes" => options with { ShapeNames = Names(Next(), [.. Workload.All.Select(workload => workload.Name), .. TrainingTask.All.SelectMany(task => task.Workloads).Select(workload => workload.Name)]) },
                "--threads" => options with { Threads = [.. Next().Split(',').Select(text => int.Parse(text, CultureInfo.InvariantCulture))] },
                "--rounds" => options with { Rounds = int.Parse(Next(), CultureInfo.InvariantCulture) },
                "--cpu-time" => CountProcessorTime(options),
                _ => throw new ArgumentException($"'{arguments[i]}' is not an option."),
            };
        }

        return options;
    }

    private static Options CountProcessorTime(Options options)
    {
        Clock.CountsProcessorTime = true;
        return options with { Threads = [1] };
    }

    // Names that no section knows are mistakes; a section leaves out those that it does not know.
    private static string[] Names(string list, IReadOnlyList<string> known) =>
        [.. list.Split(',').Select(wanted => known.FirstOrDefault(name => string.Equals(name, wanted, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"'{wanted}' is none of {string.Join(", ", known.Distinct())}."))];

    private static IReadOnlyList<T> Chosen<T>(IReadOnlyList<T> all, Func<T, string> name, IReadOnlyList<string>? names) =>
        names is null ? all : [.. names.SelectMany(wanted => all.Where(item => name(item) == wanted))];
}
