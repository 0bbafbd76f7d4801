using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Programs;
using BertGen.Generator.Schedules;
using BertGen.Generator.Specs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Emission;

/// <summary>The compiler from a checked declaration to C#, one way, downhill.</summary>
internal static class ModelCompiler
{
    public static GeneratedModel Compile(ModelSpec spec) => Run(spec).Verify().Print();

    /// <summary>All stages but the last, for tests and dumps.</summary>
    /// <param name="spec">The model.</param>
    /// <param name="isFused">False leaves operators kernels of their own, for tests of the fusion; there is no training then.</param>
    public static CompiledStages Run(ModelSpec spec, bool isFused = true)
    {
        Graph graph = GraphBuilder.Build(spec);                         // operators with static shapes; token and text counts are the free dimensions
        KernelPlan kernels = KernelPlanner.Fuse(graph, isFused);        // groups of operators that become one kernel; layers rolled into one body
        TilePlan tiles = TileBuilder.Lower(kernels, Schedule.Simd);     // loop nests; tile sizes are data
        MemoryPlan memory = MemoryPlanner.Place(tiles);                 // lifetimes → offsets in one arena
        ProgramPlan program = ProgramBuilder.Build(tiles, memory, Schedule.Simd);      // order, shares, barriers, what may be skipped
        TrainingStages? training = isFused && GraphBuilder.BuildForTraining(spec) is Graph forward ? TrainingStages.Of(forward, tiles, memory) : null;       // the same for losses and gradients
        return new CompiledStages(spec, graph, kernels, tiles, memory, program, training);
    }
}

/// <summary>What each stage made of one model.</summary>
internal sealed record CompiledStages(ModelSpec Spec, Graph Graph, KernelPlan Kernels, TilePlan Tiles, MemoryPlan Memory, ProgramPlan Program, TrainingStages? Training = null)
{
    public GeneratedModel Print() =>
        new(new[] { ApiPrinter.Print(Spec) }.Concat(ModelPrinter.Print(this)).ToEquatableArray());

    /// <summary>Runs every level's verifier.</summary>
    public CompiledStages Verify()
    {
        GraphVerifier.Verify(Graph);
        KernelVerifier.Verify(Kernels);
        TileVerifier.Verify(Tiles.All);
        MemoryVerifier.Verify(Tiles, Memory);
        ProgramVerifier.Verify(Program, Tiles, Memory);
        Training?.Verify();
        return this;
    }
}
