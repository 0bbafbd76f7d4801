using System.Globalization;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Tiles;

namespace BertGen.Generator.Emission;

/// <summary>Work of a kernel, counted from its operators.</summary>
/// <param name="Flops">Floating-point operations for each row, or for each pair of tokens.</param>
/// <param name="Bytes">Activations read and written for each row.</param>
/// <param name="WeightBytes">Weights read once for all rows.</param>
/// <param name="Unit">What a row is.</param>
internal sealed record KernelCost(long Flops, long Bytes, long WeightBytes, string Unit)
{
    public static KernelCost Of(Kernel kernel)
    {
        // Sums of gradients are counted where their parts are added.
        long flops = kernel is ClearKernel ? 0 : kernel.Values.Sum(value => value.Operator.CostOf(value).Flops);
        IEnumerable<Value> moved = kernel is CopyKernel copy ? [copy.Output.Value, copy.Output.Value] : kernel.Inputs.Where(input => input.Operator is not (Parameter or TransposeWeights)).Concat(kernel.Outputs);
        long bytes = moved.Sum(value => 4 * value.Shape.ConstantElements);
        long weights = kernel.Inputs.Where(input => input.Operator is Parameter { Role: not ParameterRole.Embedding } || input.Operator is Parameter && kernel is DenseKernel || input.Operator is TransposeWeights).Sum(input => 4 * input.Shape.ConstantElements);
        string unit = kernel is AttentionKernel or AttentionGradientKernel ? "pair of tokens" : RowsOf(kernel) switch
        {
            { Operator: TransposeWeights } => "step",
            { Shape: { Rank: 3 } } => "token",
            { Shape.Rows: Axis.Tokens } => "token",
            { Shape.Rows: Axis.Texts } => "text",
            { Shape.Rows: Axis.Selected } => "selected token",
            { Shape.Rows: Axis.Vectors } => "vector",
            { } value => throw new NotSupportedException($"The work on {value} is counted for nothing."),
        };
        return new KernelCost(flops, bytes, weights, unit);
    }

    /// <summary>A value that has a row for each that the kernel takes.</summary>
    private static Value RowsOf(Kernel kernel) => kernel switch
    {
        CopyKernel copy => copy.Output.Value,
        WeightGradientKernel gradient => gradient.Gradient,
        ColumnSumKernel sums => sums.Sums[0].Inputs[0],
        ScatterKernel scatter => scatter.Gradient,
        InputGradientKernel { Spread: not null } gradient => gradient.Source,
        _ => kernel.Outputs[0],
    };

    /// <summary>What bytes are counted for.</summary>
    public string BytesUnit => Unit == "pair of tokens" ? "token" : Unit;

    /// <summary>Operations for each byte moved, weights included, in one text of so many tokens.</summary>
    public double Intensity(int tokens)
    {
        double rows = Unit is "token" or "vector" or "pair of tokens" ? tokens : 1;
        double work = Flops * (Unit == "pair of tokens" ? rows * rows : rows);
        return work / (Bytes * rows + WeightBytes);
    }

    public override string ToString() =>
        $"{Short(Flops)}FLOP for each {Unit}, {Short(Bytes)}B moved for each {BytesUnit}{(WeightBytes > 0 ? $", {Short(WeightBytes)}B of weights" : "")}.";

    public static string Short(double number) => number switch
    {
        >= 1e9 => (number / 1e9).ToString("0.0", CultureInfo.InvariantCulture) + " G",
        >= 1e6 => (number / 1e6).ToString("0.0", CultureInfo.InvariantCulture) + " M",
        >= 1e3 => (number / 1e3).ToString("0.0", CultureInfo.InvariantCulture) + " k",
        _ => number.ToString("0", CultureInfo.InvariantCulture) + " ",
    };
}
