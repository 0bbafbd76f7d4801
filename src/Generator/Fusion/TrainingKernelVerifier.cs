using System.Collections.Immutable;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using static BertGen.Generator.Specs.Verification;

namespace BertGen.Generator.Fusion;

/// <summary>What every plan of training kernels must satisfy.</summary>
internal static class TrainingKernelVerifier
{
    /// <summary>Throws <see cref="InvalidOperationException"/> naming the first thing wrong.</summary>
    public static void Verify(TrainingKernelPlan plan)
    {
        HashSet<Value> computed = [];
        HashSet<Value> inMemory = [];
        Run(plan.Before.Concat(plan.Forward?.Body ?? []));
        HashSet<Value> ofForward = [.. computed];
        VerifyHeads(plan, computed, inMemory);
        foreach (Kernel kernel in plan.Heads.Where(head => head.Kernel is DenseKernel or RowKernel).Select(head => head.Kernel))
        {
            ofForward.UnionWith(kernel.Values);
        }

        foreach (Value value in plan.Kept)
        {
            Require(ofForward.Contains(value), $"{value} is kept and computed by no forward kernel.");
        }

        // From here on nothing of the forward pass is left but what is kept.
        inMemory.RemoveWhere(value => ofForward.Contains(value) && !plan.Kept.Contains(value));
        Run((plan.Backward?.Body ?? []).Concat(plan.After));
        VerifyComplete(plan, computed);

        void Run(IEnumerable<Kernel> kernels)
        {
            foreach (Kernel kernel in kernels)
            {
                VerifyKernel(plan, kernel, computed, inMemory);
            }
        }
    }

    private static void VerifyHeads(TrainingKernelPlan plan, HashSet<Value> computed, HashSet<Value> inMemory)
    {
        Dictionary<Value, ImmutableArray<int>> writers = [];
        foreach ((ImmutableArray<int> heads, Kernel kernel) in plan.Heads)
        {
            Require(heads.Length > 0, $"{kernel.Name} is needed by no head.");
            foreach (Value input in kernel.Inputs)
            {
                Require(
                    !writers.TryGetValue(plan.Resolve(input), out ImmutableArray<int> writing) || heads.All(writing.Contains),
                    $"{kernel.Name} runs for a head for which nothing computes {input}.");
            }

            VerifyKernel(plan, kernel, computed, inMemory);
            foreach (Value output in kernel.Outputs)
            {
                if (writers.TryGetValue(plan.Resolve(output), out ImmutableArray<int> clearing))
                {
                    Require(heads.All(clearing.Contains), $"{kernel.Name} adds to {output} for a head for which nothing clears it.");
                }
                else
                {
                    writers.Add(plan.Resolve(output), heads);
                }
            }
        }
    }

    private static void VerifyKernel(TrainingKernelPlan plan, Kernel kernel, HashSet<Value> computed, HashSet<Value> inMemory)
    {
        foreach (Value input in kernel.Inputs)
        {
            Require(
                input.Operator is Parameter or Input || inMemory.Contains(plan.Resolve(input)),
                $"{kernel.Name} reads {input}, which no kernel before it leaves in memory.");
        }

        foreach (Value value in kernel.Values)
        {
            Require(computed.Add(value) || Recomputation.IsComputedAgain(value), $"{kernel.Name} computes {value} a second time.");
        }

        Value? sum = kernel switch
        {
            InputGradientKernel product => product.AddsTo,
            RowGradientKernel rows => rows.AddsTo,
            _ => null,
        };
        if (sum is not null)
        {
            Require(inMemory.Contains(plan.Resolve(sum)), $"{kernel.Name} adds to {sum} before it is cleared.");
            Require(sum.Inputs.Contains(kernel.Values[kernel.Values.Length - 1]), $"{kernel.Name} adds to {sum} what is no part of it.");
        }

        inMemory.UnionWith(kernel.Outputs.Select(plan.Resolve));
        inMemory.UnionWith(kernel.Values.Where(plan.Kept.Contains));
    }

    /// <summary>Every value of the graph is computed, every part of a sum is added.</summary>
    private static void VerifyComplete(TrainingKernelPlan plan, HashSet<Value> computed)
    {
        HashSet<Value> added = [.. plan.Kernels.SelectMany(kernel => kernel is InputGradientKernel { AddsTo: not null } or RowGradientKernel { AddsTo: not null } ? kernel.Values : [])];
        foreach (Value value in plan.Graph.Values)
        {
            Require(
                value.Operator is Parameter or Input || (value.Layer ?? 0) != 0 || computed.Contains(value),
                $"No kernel computes {value}.");
            if (value.Operator is Sum)
            {
                foreach (Value part in value.Inputs)
                {
                    Require(added.Contains(part), $"No kernel adds {part} to {value}.");
                }
            }
        }
    }
}
