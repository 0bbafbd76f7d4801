using BertGen.Generator.Differentiation;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Memory;
using BertGen.Generator.Programs;
using BertGen.Generator.Schedules;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Emission;

/// <summary>What each stage made of the training pass.</summary>
/// <param name="Graph">Forward pass, losses and gradients as one graph.</param>
/// <param name="Kernels">Forward kernels, what they keep, backward kernels.</param>
/// <param name="Tiles">Loop nests.</param>
/// <param name="Memory">Offsets in the training arena.</param>
/// <param name="Program">Order, shares and barriers.</param>
internal sealed record TrainingStages(TrainingGraph Graph, TrainingKernelPlan Kernels, TrainingTilePlan Tiles, MemoryPlan Memory, ProgramPlan Program)
{
    /// <summary>Differentiates and lowers; its weights are those of inference.</summary>
    public static TrainingStages Of(Graph forward, TilePlan inference, MemoryPlan memory)
    {
        TrainingGraph graph = ReverseMode.Differentiate(forward);
        TrainingKernelPlan kernels = TrainingPlanner.Plan(graph);
        TrainingTilePlan tiles = TrainingTileBuilder.Lower(kernels, inference, Schedule.Simd);
        MemoryPlan arena = TrainingMemoryPlanner.Place(tiles, memory);
        return new TrainingStages(graph, kernels, tiles, arena, TrainingProgramBuilder.Build(tiles, arena));
    }

    /// <summary>Runs every level's verifier.</summary>
    public void Verify()
    {
        TrainingGraphVerifier.Verify(Graph);
        TrainingGraphVerifier.Verify(Kernels.Training);
        TrainingKernelVerifier.Verify(Kernels);
        TileVerifier.Verify(Tiles.All);
        TrainingMemoryVerifier.Verify(Tiles, Memory);
        ProgramVerifier.Verify(Program, Tiles, Memory);
    }

    /// <summary>Floats of the arena for each token: what a longer chunk costs.</summary>
    public long PerToken => Memory.PerToken;
}
