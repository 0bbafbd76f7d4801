using System.Collections.Immutable;
using BertGen.Generator.Emission;
using BertGen.Generator.Fusion;
using BertGen.Generator.Memory;
using BertGen.Generator.Programs;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>The verifiers of the training pass refuse what is broken.</summary>
public sealed class TrainingVerifierTests
{
    private static readonly TrainingStages s_stages = ModelCompiler.Run(TestModels.Model(TestModels.Odd, TestModels.AllHeads)).Training!;

    [Fact]
    public void Without_any_barrier_of_a_layer_workers_meet()
    {
        foreach (Step.Layers layers in s_stages.Program.Steps.OfType<Step.Layers>())
        {
            int[] barriers = [.. layers.Body.Select((step, index) => (step, index)).Where(entry => entry.step is Step.Barrier).Select(entry => entry.index)];
            Assert.NotEmpty(barriers);
            foreach (int barrier in barriers)
            {
                Step.Layers broken = layers with { Body = layers.Body.RemoveAt(barrier) };
                ProgramPlan program = new(s_stages.Program.Steps.Replace(layers, broken));
                Assert.Contains("other workers", Refusal(() => ProgramVerifier.Verify(program, s_stages.Tiles, s_stages.Memory)), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Without_any_barrier_of_the_heads_workers_meet()
    {
        foreach (Step.WhenHeads heads in s_stages.Program.Steps.OfType<Step.WhenHeads>())
        {
            Step.WhenHeads broken = heads with { Body = [.. heads.Body.Where(step => step is not Step.Barrier)] };
            ProgramPlan program = new(s_stages.Program.Steps.Replace(heads, broken));
            Assert.Contains("other workers", Refusal(() => ProgramVerifier.Verify(program, s_stages.Tiles, s_stages.Memory)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_gradient_that_no_call_or_more_than_one_computes_is_refused()
    {
        TileKernel sums = s_stages.Tiles.After.First(kernel => kernel.Kernel is ColumnSumKernel);
        TrainingTilePlan none = s_stages.Tiles with { After = s_stages.Tiles.After.Remove(sums) };
        Assert.Contains("is computed by 0 calls", Refusal(() => ProgramVerifier.Verify(s_stages.Program, none, s_stages.Memory)), StringComparison.Ordinal);
        TrainingTilePlan twice = s_stages.Tiles with { After = s_stages.Tiles.After.Add(sums) };
        Assert.Contains("is computed by 2 calls", Refusal(() => ProgramVerifier.Verify(s_stages.Program, twice, s_stages.Memory)), StringComparison.Ordinal);
    }

    [Fact]
    public void Kept_values_in_one_place_are_refused()
    {
        Placement[] kept = [.. s_stages.Memory.Activations.Values.Where(place => place.IsKept && place.SharesWith is null && place.Value != s_stages.Kernels.Forward!.CarriedIn)];
        Assert.True(kept.Length > 8, $"Only {kept.Length} values are kept.");
        foreach ((Placement one, Placement other) in kept.Zip(kept.Skip(1)))
        {
            MemoryPlan broken = s_stages.Memory with { Activations = s_stages.Memory.Activations.SetItem(one.Value, one with { Offset = other.Offset }) };
            Assert.Contains("no longer there", Refusal(() => TrainingMemoryVerifier.Verify(s_stages.Tiles, broken)), StringComparison.Ordinal);
        }
    }

    /// <summary>The layers' values lie side by side; where each layer wrote over the one before, the backward pass would read the last layer's.</summary>
    [Fact]
    public void Layers_that_keep_their_values_in_one_place_are_refused()
    {
        MemoryPlan broken = s_stages.Memory with { KeptPerLayer = 0 };
        Assert.Contains("no longer there", Refusal(() => TrainingMemoryVerifier.Verify(s_stages.Tiles, broken)), StringComparison.Ordinal);
    }

    [Fact]
    public void An_arena_that_is_too_short_is_refused()
    {
        MemoryPlan broken = s_stages.Memory with { PerToken = s_stages.Memory.PerToken - 1 };
        Assert.Contains("outside its region", Refusal(() => TrainingMemoryVerifier.Verify(s_stages.Tiles, broken)), StringComparison.Ordinal);
    }

    private static string Refusal(Action verify) => Assert.Throws<InvalidOperationException>(verify).Message;
}
