using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>All kernels as tiles.</summary>
/// <param name="Kernels">The fused kernels.</param>
/// <param name="Layouts">Where values lie.</param>
/// <param name="Before">Calls ahead of the layers.</param>
/// <param name="Body">Calls of one layer.</param>
/// <param name="After">Calls behind the layers.</param>
internal sealed record TilePlan(KernelPlan Kernels, Layouts Layouts, ImmutableArray<TileKernel> Before, ImmutableArray<TileKernel> Body, ImmutableArray<TileKernel> After)
{
    public IEnumerable<TileKernel> All => Before.Concat(Body).Concat(After);
}

/// <summary>A copy of a result to the caller's memory.</summary>
internal sealed record CopyKernel(GraphOutput Output) : Kernel
{
    public override ImmutableArray<Value> Outputs => [];

    public override string Formula => "y = x, rows without padding";
}

/// <summary>From fused kernels to loop nests by the schedule's sizes.</summary>
internal static class TileBuilder
{
    public static TilePlan Lower(KernelPlan plan, Schedule schedule)
    {
        Layouts layouts = new(plan.Graph);
        DenseTiles dense = new(layouts, schedule);
        RowTiles rows = new(layouts);
        AttentionTiles attention = new(layouts, schedule, MostTokens(plan.Graph));
        TileKernel Lower(Kernel kernel) => new(kernel, kernel switch
        {
            DenseKernel product => dense.Lower(product),
            AttentionKernel attend => [attention.Lower(attend)],
            RowKernel row => [rows.Lower(row)],
            _ => throw new NotSupportedException($"{kernel.GetType().Name} has no tiles."),
        });

        IEnumerable<TileKernel> copies = layouts.CopiedResults.Select(output => new TileKernel(
            new CopyKernel(output) { Name = Kernel.PascalCase(output.Name) + "Result", Values = [] },
            [rows.Copy(output, output.Value)]));

        // Kernels whose tiles are equal are one class: heads with as many labels, copies of rows as long.
        Dictionary<string, string> classes = [];
        TileKernel Shared(TileKernel kernel)
        {
            string text = TileDump.Write(kernel);
            if (classes.TryGetValue(text, out string? name))
            {
                return kernel with { Name = name, IsClass = false };
            }

            classes.Add(text, kernel.Name);
            return kernel;
        }

        return new TilePlan(
            plan,
            layouts,
            plan.Before.Select(Lower).Select(Shared).ToImmutableArray(),
            (plan.Layers?.Body ?? []).Select(Lower).Select(Shared).ToImmutableArray(),
            plan.After.Select(Lower).Concat(copies).Select(Shared).ToImmutableArray());
    }

    /// <summary>Most tokens of a text: the rows of its table of positions.</summary>
    public static int MostTokens(Graph graph) =>
        graph.Values.FirstOrDefault(value => value is { Operator: Operators.Gather, Inputs: [_, { Operator: Input { Kind: InputKind.Positions } }] })?.Inputs[0].Shape.Dimensions[0].Size ?? 0;
}
