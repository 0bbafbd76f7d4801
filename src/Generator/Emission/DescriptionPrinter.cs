using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Operators;
using BertGen.Generator.Specs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Emission;

/// <summary>The model's public description as C#.</summary>
internal static class DescriptionPrinter
{
    public static void Print(CodeWriter writer, CompiledStages stages)
    {
        (ModelSpec spec, TilePlan tiles, MemoryPlan memory) = (stages.Spec, stages.Tiles, stages.Memory);
        int RunsOf(TileKernel kernel) => tiles.Body.Contains(kernel) ? tiles.Kernels.Layers!.Count : 1;
        TileKernel[] encoder = [.. tiles.Before, .. tiles.Body];
        long perToken = encoder.Where(kernel => kernel.Kernel is DenseKernel).Sum(kernel => RunsOf(kernel) * KernelCost.Of(kernel.Kernel).Flops);
        long perPair = encoder.Where(kernel => kernel.Kernel is AttentionKernel).Sum(kernel => RunsOf(kernel) * KernelCost.Of(kernel.Kernel).Flops);
        long parameters = tiles.Kernels.Graph.Values.Select(value => value.Operator).OfType<Parameter>().GroupBy(parameter => parameter.Key).Sum(group => group.First().Shape.ConstantElements);

        EncoderSpec encoderSpec = spec.Encoder;
        string heads = string.Join(", ", spec.Heads.Select(head => $"new({Names.Literal(head.TensorName)}, \"{head.Kind}\", {HeadGraphs.OutputsOf(spec, head)})"));

        writer.Write("/// <inheritdoc/>");
        writer.Write("public override global::BertGen.ModelDescription Description { get; } = new()");
        writer.Write(
            $$"""
            {
                Name = {{Names.Literal(spec.Name)}},
                Encoder = "{{encoderSpec.Kind}}",
                Layers = {{encoderSpec.Layers}},
                HiddenSize = {{encoderSpec.HiddenSize}},
                AttentionHeads = {{encoderSpec.Heads}},
                IntermediateSize = {{encoderSpec.IntermediateSize}},
                VocabularySize = {{encoderSpec.VocabularySize}},
                MaxPositions = {{encoderSpec.MaxPositions}},
                TokenTypes = {{encoderSpec.TokenTypes}},
                Features = {{encoderSpec.Features}},
                Window = {{encoderSpec.Window}},
                Heads = [{{heads}}],
                ParameterCount = {{parameters}},
                FlopsPerToken = {{perToken}},
                FlopsPerTokenPair = {{perPair}},
                WeightBytes = {{4 * memory.WeightFloats}},
                ActivationBytesPerToken = {{4 * memory.PerToken}},
                TrainingBytesPerToken = {{4 * (stages.Training?.PerToken ?? 0)}},
                Kernels =
                [
            """);
        foreach (TileKernel kernel in tiles.All)
        {
            KernelCost cost = KernelCost.Of(kernel.Kernel);
            writer.Write($"        new({Names.Literal(kernel.Name)}, {Names.Literal(kernel.Kernel.Formula)}, {RunsOf(kernel)}, {Names.Literal(cost.Unit)}, {cost.Flops}, {cost.Bytes}),");
        }

        writer.Write("    ],");
        writer.Write($"    MemoryPlan = {Names.Literal(MemoryDump.Write(memory, tiles))},");
        writer.Write("};");
    }
}
