using System.Globalization;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;
using BertGen.Generator.Specs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Emission;

/// <summary>The model's definition as C#: sizes, heads, published weights, and where each lies. Layers are a loop.</summary>
internal sealed class DefinitionPrinter(CodeWriter writer, CompiledStages stages)
{
    private const string Services = SimdPrinter.Services;
    private readonly ModelSpec _spec = stages.Spec;
    private readonly TilePlan _tiles = stages.Tiles;
    private readonly MemoryPlan _memory = stages.Memory;

    public void Print()
    {
        using (writer.Open($"private static {Services}.ModelDefinition Define()"))
        {
            writer.Write($"global::System.Collections.Generic.List<{Services}.ParameterDefinition> parameters = [];");
            writer.Write($"global::System.Collections.Generic.List<{Services}.PackedTensor> packed = [];");
            writer.Write("");
            PrintParameters();
            PrintPacked();
            PrintDefinition();
            PrintShorthands();
        }
    }

    /// <summary>Local functions, so that a weight is a line.</summary>
    private void PrintShorthands()
    {
        writer.Write("");
        foreach (ParameterRole role in _tiles.Kernels.Graph.Values.Select(value => value.Operator).OfType<Parameter>().Select(parameter => parameter.Role).Distinct())
        {
            writer.Write($"void {role}(string name, int head, params int[] shape) => parameters.Add(new(name, shape, {Services}.ParameterRole.{role}, head));");
        }

        foreach (PackedWeightOrder order in _memory.Weights.Select(weight => weight.Packed.Order).Distinct())
        {
            (string extra, string argument) = order == PackedWeightOrder.Table ? ("rowStride", "RowStride: rowStride") : ("groups", "Groups: groups");
            writer.Write($"void {order}(long offset, long floats, int {extra}, params string[] sources) => packed.Add(new(sources, {Services}.PackedOrder.{order}, offset, floats, {argument}));");
        }
    }

    private void PrintParameters()
    {
        // In the order of the graph, each weight once.
        HashSet<string> known = [];
        List<(Parameter Parameter, int? Layer)> parameters = [];
        foreach (Value value in _tiles.Kernels.Graph.Values)
        {
            if (value.Operator is Parameter parameter && known.Add(parameter.Key))
            {
                parameters.Add((parameter, value.Layer));
            }
        }

        WriteAll(parameters.TakeWhile(entry => entry.Layer is null));
        if (_tiles.Kernels.Layers is { } loop)
        {
            using (writer.Open($"for (int layer = 0; layer < {loop.Count}; layer++)"))
            {
                WriteAll(parameters.Where(entry => entry.Layer == 0));
            }
        }

        WriteAll(parameters.SkipWhile(entry => entry.Layer is null).Where(entry => entry.Layer is null));
        writer.Write("");

        void WriteAll(IEnumerable<(Parameter Parameter, int? Layer)> entries)
        {
            foreach ((Parameter parameter, int? layer) in entries)
            {
                string shape = string.Join(", ", parameter.Shape.Dimensions);
                writer.Write($"{parameter.Role}({Key(parameter.Key, layer is not null)}, {parameter.Head}, {shape});");
            }
        }
    }

    private void PrintPacked()
    {
        WriteAll(_memory.Weights.TakeWhile(weight => !weight.IsOfLayer));
        if (_tiles.Kernels.Layers is { } loop)
        {
            using (writer.Open($"for (int layer = 0; layer < {loop.Count}; layer++)"))
            {
                writer.Write("long offset = FirstLayerWeights + layer * LayerWeightFloats;");
                WriteAll(_memory.Weights.Where(weight => weight.IsOfLayer));
            }
        }

        WriteAll(_memory.Weights.SkipWhile(weight => !weight.IsOfLayer).Where(weight => !weight.IsOfLayer));
        writer.Write("");

        void WriteAll(IEnumerable<WeightPlacement> weights)
        {
            foreach (WeightPlacement weight in weights)
            {
                string sources = string.Join(", ", weight.Packed.Sources.Select(source => Key(((Parameter)source.Operator).Key, weight.IsOfLayer)));
                string offset = weight.IsOfLayer ? $"offset + {weight.Packed.Name}" : weight.Packed.Name;
                int extra = weight.Packed.Order == PackedWeightOrder.Table ? PackedWeights.TableStride(weight.Packed.Sources[0]) : weight.Packed.Groups;
                writer.Write($"{weight.Packed.Order}({offset}, {weight.Floats}, {extra}, {sources});");
            }
        }
    }

    private void PrintDefinition()
    {
        EncoderSpec encoder = _spec.Encoder;
        writer.Write($"return new {Services}.ModelDefinition");
        writer.Write("{");
        writer.Write(
            $$"""
                Name = {{Names.Literal(_spec.Name)}},
                Encoder = new {{Services}}.EncoderDefinition
                {
                    Kind = {{Services}}.EncoderKind.{{encoder.Kind}},
                    Layers = {{encoder.Layers}},
                    HiddenSize = {{encoder.HiddenSize}},
                    Heads = {{encoder.Heads}},
                    IntermediateSize = {{encoder.IntermediateSize}},
                    VocabularySize = {{encoder.VocabularySize}},
                    MaxPositions = {{encoder.MaxPositions}},
                    TokenTypes = {{encoder.TokenTypes}},
                    Activation = global::BertGen.Activation.{{encoder.Activation}},
                    LayerNormEpsilon = {{Real(encoder.LayerNormEpsilon)}},
                    HiddenDropout = {{Real(encoder.HiddenDropout)}},
                    AttentionDropout = {{Real(encoder.AttentionDropout)}},
                    Features = {{encoder.Features}},
                    Window = {{encoder.Window}},
                },
                Heads =
                [
            """);
        foreach (HeadSpec head in _spec.Heads)
        {
            string name = head.Name is null ? "null" : Names.Literal(head.Name);
            string labels = string.Join(", ", LabelsOf(head).Select(Names.Literal));
            writer.Write(
                $$"""
                        new {{Services}}.HeadDefinition
                        {
                            Kind = {{Services}}.HeadKind.{{head.Kind}},
                            Name = {{name}},
                            TensorName = {{Names.Literal(head.TensorName)}},
                            Outputs = {{HeadGraphs.OutputsOf(_spec, head)}},
                            Labels = [{{labels}}],
                            Sigmoid = {{(head.Sigmoid ? "true" : "false")}},
                            NoAnswer = {{(head.NoAnswer ? "true" : "false")}},
                            Pooling = global::BertGen.Pooling.{{head.Pooling}},
                            Normalize = {{(head.Normalize ? "true" : "false")}},
                        },
                """);
        }

        writer.Write(
            $$"""
                ],
                Parameters = parameters,
                PackedTensors = packed,
                WeightFloats = {{_memory.WeightFloats}},
                Arena = new {{Services}}.ArenaLayout(PerToken, PerText, PerSelected, PerWorker),
                TrainingArena = {{(stages.Training is null ? "null" : $"new {Services}.ArenaLayout(TrainingPerToken, TrainingPerText, TrainingPerSelected, TrainingPerWorker, TrainingFixed)")}},
                GroupTokens = {{Schedule.Simd.GroupTokens}},
            };
            """);
    }

    /// <summary>Published names of the outputs; entities have O, then B- and I- of each kind.</summary>
    private static IEnumerable<string> LabelsOf(HeadSpec head) => head.Kind == HeadKind.EntityRecognition
        ? new[] { "O" }.Concat(head.Labels.SelectMany(label => new[] { $"B-{label.PublishedName}", $"I-{label.PublishedName}" }))
        : head.Labels.Select(label => label.PublishedName);

    private static string Key(string key, bool isOfLayer) =>
        isOfLayer ? "$" + Names.Literal(key.Replace(".layer.0.", ".layer.{layer}.")) : Names.Literal(key);

    private static string Real(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
