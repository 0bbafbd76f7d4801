using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Programs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Emission;

/// <summary>The forward pass as C#: where everything lies, and the kernels in order.</summary>
internal sealed class ProgramPrinter(CodeWriter writer, TilePlan tiles, MemoryPlan memory, ProgramPlan program)
{
    private const string Services = SimdPrinter.Services;
    private readonly Dictionary<Value, string> _pointers = [];

    private CallPrinter Calls => new(writer, memory, value => _pointers[tiles.Kernels.Resolve(value)]);

    public void PrintOffsets()
    {
        writer.Write("// Where packed weights begin, in floats; those of a layer from the layer's begin.");
        foreach (WeightPlacement weight in memory.Weights)
        {
            writer.Write($"private const long {weight.Packed.Name} = {weight.Offset};");
        }

        writer.Write($"private const long FirstLayerWeights = {memory.LayerWeightsOffset};");
        writer.Write($"private const long LayerWeightFloats = {memory.LayerWeightFloats};");
        writer.Write("");
        writer.Write("// Length of the arena, in floats for each of them.");
        writer.Write($"private const long PerToken = {memory.PerToken};");
        writer.Write($"private const long PerText = {memory.PerText};");
        writer.Write($"private const long PerSelected = {memory.PerSelected};");
        writer.Write($"private const long PerWorker = {memory.PerWorker};");
    }

    public void PrintForward() => PassPrinter.Print(writer, "Forward", "ForwardPass", () =>
    {
        PrintCounts();
        PrintPointers();
        Print(program.Steps);
    });

    private void PrintCounts()
    {
        TileCall[] calls = [.. tiles.All.SelectMany(kernel => kernel.Calls)];
        int heads = calls.Any(call => call.Split == Split.Heads) ? tiles.Body.Select(kernel => kernel.Kernel).OfType<DenseKernel>().First(kernel => kernel.Heads > 0).Heads : 0;
        PassPrinter.PrintCounts(writer, calls, needsSelected: calls.Any(call => call.Function.Rows == Axis.Selected), heads);
    }

    private void PrintPointers()
    {
        string RoundUp(string count) => $"{Services}.PackedPanels.RoundUp({count})";
        writer.Write("float* weights = pass->Weights;");
        writer.Write($"long tokenRoom = {RoundUp("tokenCount")};");
        writer.Write($"long textRoom = {RoundUp("textCount")};");
        writer.Write("float* tokens = pass->Arena;");
        writer.Write("float* texts = tokens + PerToken * tokenRoom;");
        writer.Write("float* selected = texts + PerText * textRoom;");
        writer.Write($"float* scratch = selected + PerSelected * {RoundUp("pass->SelectedCount")} + PerWorker * worker.Rank;");
        writer.Write("");
        foreach (Placement place in memory.Activations.Values.Distinct().OrderBy(place => place.First).ThenBy(place => tiles.Kernels.Graph.IdOf(place.Value)))
        {
            string name = UniqueName(place.Value);
            string region = place.Axis switch
            {
                Axis.Tokens => "tokens",
                Axis.Texts => "texts",
                Axis.Selected => "selected",
                _ => throw new NotSupportedException($"{place.Axis} has no region."),
            };
            string room = place.Axis switch
            {
                Axis.Tokens => "tokenRoom",
                Axis.Texts => "textRoom",
                _ => RoundUp("selectedCount"),
            };
            string shape = $"{place.Value.Shape}";
            writer.Write(place.SharesWith is not null
                ? $"float* {name} = {_pointers[place.SharesWith]}; // {shape}, where the next layer reads"
                : $"float* {name} = {(place.Offset == 0 ? region : $"{region} + {place.Offset} * {room}")}; // {shape}");
            _pointers[place.Value] = name;
        }
    }

    private string UniqueName(Value value)
    {
        Kernel kernel = tiles.Kernels.Kernels.First(kernel => kernel.Outputs.Contains(value));
        string name = Names.CamelCase(value.Name ?? kernel.Name);
        HashSet<string> taken = [.. _pointers.Values, "tokens", "texts", "selected", "weights", "scratch", "pass", "worker", "layer"];
        string unique = name;
        for (int number = 2; taken.Contains(unique); number++)
        {
            unique = $"{name}{number}";
        }

        return unique;
    }

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
            case Step.Few few:
                writer.Write("");
                using (writer.Open($"if (worker.Count > 1 && tokenCount < {few.Tokens})"))
                {
                    writer.Write("// Few tokens: each worker reads only its columns of the weights.");
                    Print(few.IfFew);
                }

                using (writer.Open("else"))
                {
                    Print(few.Otherwise);
                }

                break;
            case Step.Call call:
                Calls.Print(call);
                break;
            case Step.Layers layers:
                using (writer.Open($"for (int layer = 0; layer < {layers.Count}; layer++)"))
                {
                    writer.Write("float* layerWeights = weights + FirstLayerWeights + layer * LayerWeightFloats;");
                    Print(layers.Body);
                }

                break;
            case Step.When conditional:
                writer.Write("");
                using (writer.Open($"if ({string.Join(" || ", conditional.Results.Select(result => $"{CallPrinter.Result(result)} != null"))})"))
                {
                    Print(conditional.Body);
                }

                break;
            default:
                throw new NotSupportedException($"{step.GetType().Name} cannot be printed.");
        }
    }
}
