using System.Collections.Immutable;
using BertGen.Generator.Differentiation;
using BertGen.Generator.Emission;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Tests.Compiler;

/// <summary>The plan of training kernels: what it must look like, and that its verifiers refuse it once broken.</summary>
public sealed class TrainingPlanTests
{
    private static readonly ModelSpec s_model = TestModels.Model(TestModels.Odd, TestModels.AllHeads);

    private static readonly CompiledStages s_stages = ModelCompiler.Run(s_model);

    private static TrainingKernelPlan Plan => s_stages.Training!.Kernels;

    /// <summary>Packed weights are named after the forward kernels, and training and inference read the same ones.</summary>
    [Fact]
    public void Products_keep_their_names_and_weights()
    {
        static IEnumerable<string> Products(IEnumerable<Kernel> kernels) => kernels.OfType<DenseKernel>().Select(kernel =>
            $"{kernel.Name}: {string.Join(" ", kernel.Products.SelectMany(product => new[] { product.Weight, product.Bias! }).Select(parameter => parameter.Operator.Attributes))}");
        Assert.Equal(Products(s_stages.Kernels.Kernels).Order(StringComparer.Ordinal), Products(Plan.Kernels).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_weight_of_a_head_with_a_loss_has_one_gradient_for_each_use()
    {
        Dictionary<string, int> gradients = s_stages.Training!.Graph.Gradients.GroupBy(gradient => ((Parameter)gradient.Parameter.Operator).Key).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(s_stages.Graph.Values.Select(value => value.Operator).OfType<Parameter>().Select(parameter => parameter.Key).Distinct().Order(StringComparer.Ordinal), gradients.Keys.Order(StringComparer.Ordinal));
        Assert.All(gradients, gradient => Assert.Equal(gradient.Key == BertEncoder.WordEmbeddings ? 2 : 1, gradient.Value));
    }

    /// <summary>Kept of a layer: its input, queries, keys, values, merged heads, both sums, the attention's output, what the activation reads, statistics of both.</summary>
    [Fact]
    public void A_layer_keeps_what_its_backward_pass_reads_and_no_more()
    {
        Value[] kept = [.. Plan.Kept.Where(value => value.Layer == 0 || value == Plan.Forward!.CarriedIn)];
        Assert.Equal(11, kept.Length);
        Assert.DoesNotContain(kept, value => value.Operator is Activate or Operators.Softmax or AttentionScores);
        Assert.Equal(2, kept.Count(value => value.Operator is RowStatistics));
    }

    [Fact]
    public void A_model_of_embeddings_alone_is_not_trained()
    {
        CompiledStages stages = ModelCompiler.Run(TestModels.Model(TestModels.Odd, TestModels.Head(HeadKind.SentenceEmbedding)));
        Assert.Null(stages.Training);
    }

    /// <summary>Each kernel reads what an earlier one wrote, or is the last of its gradient: without it something is missing.</summary>
    [Fact]
    public void Every_kernel_is_needed()
    {
        Assert.All(Enumerable.Range(0, Plan.Before.Length), i => Refused(Plan with { Before = Plan.Before.RemoveAt(i) }));
        Assert.All(Enumerable.Range(0, Plan.Forward!.Body.Length), i => Refused(Plan with { Forward = Plan.Forward with { Body = Plan.Forward.Body.RemoveAt(i) } }));
        Assert.All(Enumerable.Range(0, Plan.Heads.Length), i => Refused(Plan with { Heads = Plan.Heads.RemoveAt(i) }));
        Assert.All(Enumerable.Range(0, Plan.Backward!.Body.Length), i => Refused(Plan with { Backward = Plan.Backward with { Body = Plan.Backward.Body.RemoveAt(i) } }));
        Assert.All(Enumerable.Range(0, Plan.After.Length), i => Refused(Plan with { After = Plan.After.RemoveAt(i) }));
    }

    [Fact]
    public void Everything_kept_is_needed() => Assert.All(Plan.Kept.Where(value => value.Layer is not null), value => Refused(Plan with { Kept = Plan.Kept.Remove(value) }));

    [Fact]
    public void Addition_to_a_sum_that_is_not_cleared_is_refused()
    {
        int clear = Plan.Heads.Select((head, index) => (head, index)).First(pair => pair.head.Kernel is ClearKernel).index;
        Assert.Contains("before it is cleared", Refused(Plan with { Heads = Plan.Heads.RemoveAt(clear).Add(Plan.Heads[clear]) }), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_that_runs_for_fewer_heads_than_its_readers_is_refused()
    {
        HeadKernel pooled = Plan.Heads.First(head => head.Kernel.Name == "Pooled");
        Assert.True(pooled.Heads.Length > 1);
        Assert.Contains("nothing computes", Refused(Plan with { Heads = Plan.Heads.Replace(pooled, pooled with { Heads = pooled.Heads.RemoveAt(0) }) }), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_dropouts_of_one_place_are_refused()
    {
        Value x = Value.Of(new Operators.Gather(), GraphBuilder.Weight("w", new Shape(5, 4), ParameterRole.Embedding), Value.Of(new Input(InputKind.InputIds, new Shape(Axis.Tokens))));
        Value twice = Value.Of(new Dropout(DropoutKind.Hidden, 1), Value.Of(new Dropout(DropoutKind.Hidden, 1), x));
        Graph forward = Graph.Of([new GraphOutput(OutputKind.HiddenStates, -1, x), new GraphOutput(OutputKind.Loss, 0, Value.Of(new LossGradient(LossKind.CrossEntropy, 0), twice))]);
        Assert.Contains("drops the same elements", Assert.Throws<InvalidOperationException>(() => TrainingGraphVerifier.Verify(ReverseMode.Differentiate(forward))).Message, StringComparison.Ordinal);
    }

    /// <summary>Layers are rolled only where they are equal.</summary>
    [Fact]
    public void A_layer_that_differs_is_not_rolled()
    {
        Graph forward = GraphBuilder.BuildForTraining(s_model)!;
        Value last = forward.Values.Last(value => value.Operator is LayerNorm { Epsilon: 1e-12 } && value.Layer == TestModels.Odd.Layers - 1);
        Dictionary<Value, Value> changed = new() { [last] = Value.Of(last.Name, last.Layer, new LayerNorm(1e-5), [.. last.Inputs]) };
        foreach (Value value in forward.Values.Where(value => value != last))
        {
            changed[value] = value.Inputs.Any(input => changed.ContainsKey(input) && changed[input] != input) ? value.With([.. value.Inputs.Select(input => changed[input])]) : value;
        }

        Graph broken = Graph.Of(forward.Outputs.Select(output => output with { Value = changed[output.Value] }));
        Assert.Contains("differs from the first", Assert.Throws<NotSupportedException>(() => TrainingPlanner.Plan(ReverseMode.Differentiate(broken))).Message, StringComparison.Ordinal);
    }

    private static string Refused(TrainingKernelPlan broken) => Assert.Throws<InvalidOperationException>(() => TrainingKernelVerifier.Verify(broken)).Message;
}
