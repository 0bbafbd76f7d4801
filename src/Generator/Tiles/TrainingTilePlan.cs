using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>The kernels of a training pass as tiles.</summary>
/// <param name="Kernels">The fused kernels.</param>
/// <param name="Layouts">Where values lie.</param>
/// <param name="Weights">The packed weights, those of inference.</param>
/// <param name="Before">Calls ahead of the layers.</param>
/// <param name="Forward">Calls of one layer, forward.</param>
/// <param name="Heads">Calls of the heads, each for the heads that need it.</param>
/// <param name="Backward">Calls of one layer, backward.</param>
/// <param name="After">Calls of the embeddings' gradients.</param>
internal sealed record TrainingTilePlan(
    TrainingKernelPlan Kernels,
    Layouts Layouts,
    TrainedWeights Weights,
    ImmutableArray<TileKernel> Before,
    ImmutableArray<TileKernel> Forward,
    ImmutableArray<HeadTiles> Heads,
    ImmutableArray<TileKernel> Backward,
    ImmutableArray<TileKernel> After)
{
    /// <summary>Every kernel once, in order.</summary>
    public IEnumerable<TileKernel> All => Before.Concat(Forward).Concat(Heads.Select(head => head.Kernel)).Concat(Backward).Concat(After);
}

/// <summary>A kernel that runs where one of some heads takes part.</summary>
internal sealed record HeadTiles(ImmutableArray<int> Heads, TileKernel Kernel);

/// <summary>From the kernels of training to loop nests by the schedule's sizes.</summary>
/// <remarks>From the last kernel to the first: what a kernel must leave in memory is what later ones were found to read.</remarks>
internal sealed class TrainingTileBuilder
{
    private readonly Layouts _layouts;
    private readonly DenseTiles _dense;
    private readonly RowTiles _rows;
    private readonly AttentionTiles _attention;
    private readonly AttentionGradientTiles _attentionGradient;
    private readonly InputGradientTiles _inputGradients;
    private readonly WeightGradientTiles _weightGradients;
    private readonly RowGradientTiles _rowGradients;
    private readonly ParameterSumTiles _parameterSums;
    private readonly LossTiles _losses;

    private TrainingTileBuilder(TrainingKernelPlan plan, TrainedWeights weights, Schedule schedule)
    {
        int mostTokens = TileBuilder.MostTokens(plan.Graph);
        _layouts = new Layouts(plan.Graph, weights);
        _dense = new DenseTiles(_layouts, schedule);
        _rows = new RowTiles(_layouts);
        _attention = new AttentionTiles(_layouts, schedule, mostTokens);
        _attentionGradient = new AttentionGradientTiles(_layouts, schedule, mostTokens);
        _inputGradients = new InputGradientTiles(_layouts, schedule);
        _weightGradients = new WeightGradientTiles(_layouts, schedule);
        _rowGradients = new RowGradientTiles(_layouts);
        _parameterSums = new ParameterSumTiles(_layouts);
        _losses = new LossTiles(_layouts) { MostTokens = (mostTokens + 15) / 16 * 16 };
    }

    public static TrainingTilePlan Lower(TrainingKernelPlan plan, TilePlan inference, Schedule schedule)
    {
        TrainedWeights weights = new(inference);
        TrainingTileBuilder builder = new(plan, weights, schedule);
        foreach (LayerLoop loop in new[] { plan.Forward, plan.Backward }.OfType<LayerLoop>())
        {
            // What leaves a loop is read, be it by the next turn alone.
            builder._layouts.NoteRead(loop.CarriedOut);
        }

        ImmutableArray<TileKernel> after = builder.Lower(plan.After);
        ImmutableArray<TileKernel> backward = builder.Lower(plan.Backward?.Body ?? []);
        ImmutableArray<TileKernel> heads = builder.Lower([.. plan.Heads.Select(head => head.Kernel)]);
        ImmutableArray<TileKernel> forward = builder.Lower(plan.Forward?.Body ?? []);
        ImmutableArray<TileKernel> before = builder.Lower(plan.Before);

        KernelClasses classes = new(inference);
        return new TrainingTilePlan(
            plan,
            builder._layouts,
            weights,
            classes.Share(before),
            classes.Share(forward),
            [.. classes.Share(heads).Select((kernel, index) => new HeadTiles(plan.Heads[index].Heads, kernel))],
            classes.Share(backward),
            classes.Share(after));
    }

    private ImmutableArray<TileKernel> Lower(ImmutableArray<Kernel> kernels)
    {
        TileKernel[] tiles = new TileKernel[kernels.Length];
        for (int i = kernels.Length - 1; i >= 0; i--)
        {
            tiles[i] = new TileKernel(kernels[i], Calls(kernels[i]));
        }

        return [.. tiles];
    }

    private ImmutableArray<TileCall> Calls(Kernel kernel) => kernel switch
    {
        DenseKernel product => _dense.Lower(product),
        AttentionKernel attention => [_attention.Lower(attention)],
        RowKernel row => [_rows.Lower(row)],
        LossKernel loss => [_losses.Lower(loss)],
        TransposeKernel transpose => _inputGradients.Lower(transpose),
        InputGradientKernel gradient => [_inputGradients.Lower(gradient)],
        WeightGradientKernel gradient => [_weightGradients.Lower(gradient)],
        AttentionGradientKernel gradient => [_attentionGradient.Lower(gradient)],
        RowGradientKernel gradient => [_rowGradients.Lower(gradient)],
        ColumnSumKernel sums => [_parameterSums.Lower(sums)],
        ScatterKernel scatter => [_parameterSums.Lower(scatter)],
        ClearKernel clear => [_parameterSums.Lower(clear)],
        _ => throw new NotSupportedException($"{kernel.GetType().Name} has no tiles in training."),
    };
}
