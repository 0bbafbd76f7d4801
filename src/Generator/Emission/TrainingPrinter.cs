using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Programs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Emission;

/// <summary>Forward pass, losses and backward pass as C#.</summary>
internal sealed class TrainingPrinter(CodeWriter writer, TrainingTilePlan tiles, MemoryPlan memory, ProgramPlan program)
{
    private const string Services = SimdPrinter.Services;
    private const string Math = "global::System.Math";
    private static readonly string[] s_reserved = ["tokens", "texts", "selected", "weights", "gradients", "scratch", "pass", "worker", "layer", "kept", "constant", "tokenRoom", "textRoom", "tokenCount", "textCount", "selectedCount", "vectorCount", "layerWeights", "layerGradients"];

    private readonly Dictionary<Value, string> _pointers = [];

    /// <summary>Pointers in the loop that is being printed, which come before those around it.</summary>
    private readonly Dictionary<Value, string> _ofLayer = [];
    private readonly HashSet<string> _names = [.. s_reserved];

    private CallPrinter Calls => new(writer, memory, PointerTo);

    private LayerLoop? Forward => tiles.Kernels.Forward;

    public void PrintOffsets()
    {
        writer.Write("// Length of the training arena, in floats for each of them; of which a layer keeps so many for its backward pass.");
        writer.Write($"private const long TrainingPerToken = {memory.PerToken};");
        writer.Write($"private const long TrainingPerText = {memory.PerText};");
        writer.Write($"private const long TrainingPerSelected = {memory.PerSelected};");
        writer.Write($"private const long TrainingPerWorker = {memory.PerWorker};");
        writer.Write($"private const long TrainingFixed = {memory.Fixed};");
        writer.Write($"private const long KeptPerLayer = {memory.KeptPerLayer};");
    }

    public void PrintTrain() => PassPrinter.Print(writer, "Train", "TrainingPass", () =>
    {
        PrintCounts();
        PrintPointers();
        Print(program.Steps);
    });

    private void PrintCounts()
    {
        TileCall[] calls = [.. tiles.All.SelectMany(kernel => kernel.Calls)];
        int heads = tiles.Forward.Select(kernel => kernel.Kernel).OfType<DenseKernel>().FirstOrDefault(kernel => kernel.Heads > 0)?.Heads ?? 0;
        PassPrinter.PrintCounts(writer, calls, needsSelected: true, heads);
    }

    private void PrintPointers()
    {
        static string RoundUp(string count) => $"{Services}.PackedPanels.RoundUp({count})";
        writer.Write("float* weights = pass->Weights;");
        writer.Write("float* gradients = pass->Gradients;");
        writer.Write($"long tokenRoom = {RoundUp("tokenCount")};");
        writer.Write($"long textRoom = {RoundUp("textCount")};");
        writer.Write($"long selectedRoom = {RoundUp("selectedCount")};");
        writer.Write("float* tokens = pass->Arena;");
        writer.Write("float* texts = tokens + TrainingPerToken * tokenRoom;");
        writer.Write("float* selected = texts + TrainingPerText * textRoom;");
        writer.Write("float* constant = selected + TrainingPerSelected * selectedRoom;");
        writer.Write("float* scratch = constant + TrainingFixed + TrainingPerWorker * worker.Rank;");
        writer.Write("");
        foreach (Placement place in memory.Activations.Values.Distinct().OrderBy(place => place.First).ThenBy(place => tiles.Kernels.Graph.IdOf(place.Value)))
        {
            if (place.IsKept && place.Value != Forward!.CarriedIn && place.Value != Forward.Result)
            {
                continue;
            }

            string name = UniqueName(place.Value);
            string pointer =
                place.IsKept ? place.Value == Forward!.Result ? $"tokens + {Forward.Count} * KeptPerLayer * tokenRoom" : "tokens"
                : place.SharesWith is not null ? _pointers[place.SharesWith]
                : Pointer(place);
            writer.Write($"float* {name} = {pointer}; // {place.Value.Shape}");
            _pointers[place.Value] = name;
        }

        writer.Write("");
    }

    private static string Pointer(Placement place)
    {
        (string region, string? room) = place.Axis switch
        {
            Axis.Tokens => ("tokens", "tokenRoom"),
            Axis.Texts => ("texts", "textRoom"),
            Axis.Selected => ("selected", "selectedRoom"),
            Axis.Constant => ("constant", null),
            _ => throw new NotSupportedException($"{place.Axis} has no region."),
        };
        return place.Offset == 0 ? region : $"{region} + {place.Offset}{(room is null ? "" : $" * {room}")}";
    }

    private string UniqueName(Value value)
    {
        Kernel? kernel = tiles.Kernels.Kernels.FirstOrDefault(kernel => kernel.Outputs.Contains(value)) ?? tiles.Kernels.Kernels.FirstOrDefault(kernel => kernel.Values.Contains(value));
        string name = Names.CamelCase(value.Name ?? $"{kernel?.Name} {(kernel is not null && kernel.Outputs.Contains(value) ? "" : value.Operator.Name)}");
        string unique = name;
        for (int number = 2; !_names.Add(unique); number++)
        {
            unique = $"{name}{number}";
        }

        return unique;
    }

    private string PointerTo(Value value) => _ofLayer.TryGetValue(value, out string? ofLayer) ? ofLayer : _pointers[value];

    private void Print(ImmutableArray<Step> steps)
    {
        foreach (Step step in steps)
        {
            Print(step);
        }
    }

    private void Print(Step step)
    {
        switch (step)
        {
            case Step.Barrier barrier:
                writer.Write($"worker.Barrier(); // {barrier.Reason}");
                break;
            case Step.Call call:
                Calls.Print(call);
                break;
            case Step.Layers layers:
                writer.Write("");
                string header = layers.IsBackward
                    ? $"for (int layer = {layers.Count - 1}; layer >= {Math}.Max(0, pass->FrozenLayers); layer--)"
                    : $"for (int layer = 0; layer < {layers.Count}; layer++)";
                using (writer.Open(header))
                {
                    PrintLayerPointers(layers);
                    Print(layers.Body);
                    _ofLayer.Clear();
                }

                break;
            case Step.WhenHeads heads:
                writer.Write("");
                using (writer.Open($"if ({string.Join(" || ", heads.Heads.Select(head => $"pass->Heads[{head}].Weights != null"))})"))
                {
                    Print(heads.Body);
                }

                break;
            case Step.WhenEmbeddings embeddings:
                writer.Write("");
                using (writer.Open("if (pass->FrozenLayers < 0)"))
                {
                    Print(embeddings.Body);
                }

                break;
            default:
                throw new NotSupportedException($"{step.GetType().Name} cannot be printed.");
        }
    }

    /// <summary>Weights, gradients and kept values of the layer.</summary>
    private void PrintLayerPointers(Step.Layers layers)
    {
        writer.Write("float* layerWeights = weights + FirstLayerWeights + layer * LayerWeightFloats;");
        if (layers.IsBackward)
        {
            writer.Write("float* layerGradients = gradients + FirstLayerWeights + layer * LayerWeightFloats;");
        }

        writer.Write("float* kept = tokens + layer * KeptPerLayer * tokenRoom;");
        HashSet<Value> used = [.. layers.Body.OfType<Step.Call>().SelectMany(call => call.Tile.Arguments).OfType<Operand.Buffer>().Select(buffer => buffer.Value)];
        HashSet<string> names = [];
        foreach (Placement place in memory.Activations.Values.Where(place => place.IsKept && used.Contains(place.Value)).OrderBy(place => place.Offset).ThenBy(place => tiles.Kernels.Graph.IdOf(place.Value)))
        {
            bool isInput = place.Value == Forward!.CarriedIn;
            bool isOutput = place.Value == Forward.CarriedOut;
            string name = NameInLayer(place.Value, isInput ? "input" : isOutput ? "output" : null, names);
            writer.Write($"float* {name} = {(isInput ? "kept" : isOutput ? "kept + KeptPerLayer * tokenRoom" : $"kept + {place.Offset} * tokenRoom")}; // {place.Value.Shape}{(isOutput ? ", which the next layer reads" : "")}");
            _ofLayer[place.Value] = name;
        }
    }

    /// <summary>The same in both loops, and unlike any name around them.</summary>
    private string NameInLayer(Value value, string? given, HashSet<string> names)
    {
        Kernel kernel = tiles.Kernels.Kernels.First(kernel => kernel.Values.Contains(value));
        string name = given ?? Names.CamelCase(value.Name ?? $"{kernel.Name} {(kernel.Outputs.Contains(value) ? "" : value.Operator.Name)}");
        string unique = name;
        for (int number = 2; _names.Contains(unique) || !names.Add(unique); number++)
        {
            unique = $"{name}{number}";
        }

        return unique;
    }
}
