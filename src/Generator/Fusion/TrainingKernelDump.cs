using System.Text;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>A plan of training kernels as text: each kernel with what it reads and leaves, and what the forward pass keeps for the backward pass.</summary>
internal static class TrainingKernelDump
{
    public static string Write(TrainingKernelPlan plan)
    {
        StringBuilder text = new();
        HashSet<Value> computed = [];
        Write(plan.Before, "");
        Loop(plan.Forward, "forward");
        foreach (HeadKernel head in plan.Heads)
        {
            text.Append($"for head {string.Join(", ", head.Heads)}\n");
            Write([head.Kernel], "  ");
        }

        Loop(plan.Backward, "backward");
        text.Append("for embeddings that are trained\n");
        Write(plan.After, "  ");
        WriteKept();
        return text.ToString();

        void Loop(LayerLoop? loop, string direction)
        {
            if (loop is not null)
            {
                text.Append($"{loop.Count} layers {direction}, %{plan.Graph.IdOf(loop.CarriedIn)} to %{plan.Graph.IdOf(loop.CarriedOut)}:\n");
                Write(loop.Body, "  ");
            }
        }

        void Write(IEnumerable<Kernel> kernels, string indent)
        {
            foreach (Kernel kernel in kernels)
            {
                text.Append($"{indent}{kernel.Name}: {kernel.Formula}\n{indent}  ");
                Part("in", kernel.Inputs.Where(input => input.Operator is not Parameter));
                Part("out", kernel.Outputs);
                Part("kept", kernel.Values.Where(value => plan.Kept.Contains(value) && !computed.Contains(value) && !kernel.Outputs.Contains(value)));
                Part("again", kernel.Values.Where(computed.Contains));
                Part("adds to gradients of", Parameters(kernel));
                text.Length -= 2;
                text.Append('\n');
                computed.UnionWith(kernel.Values);
            }
        }

        void WriteKept()
        {
            foreach (bool ofLayer in new[] { false, true })
            {
                Value[] values = [.. plan.Kept.Where(value => ofLayer == (value.Layer is not null || value == plan.Forward?.CarriedIn)).OrderBy(plan.Graph.IdOf)];
                text.Append($"kept{(ofLayer ? " of each layer" : "")}: {string.Join(", ", values.Select(value => $"%{plan.Graph.IdOf(value)} {value}"))}\n");
            }
        }

        void Part(string what, IEnumerable<Value> values)
        {
            string ids = string.Join(" ", values.Select(value => $"%{plan.Graph.IdOf(value)}"));
            text.Append(ids.Length > 0 ? $"{what} {ids}; " : "");
        }
    }

    private static IEnumerable<Value> Parameters(Kernel kernel) => kernel switch
    {
        WeightGradientKernel weights => weights.Weights.Concat(weights.Biases),
        ColumnSumKernel sums => sums.Parameters,
        ScatterKernel scatter => [scatter.Table],
        _ => [],
    };
}
