using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Fusion;

/// <summary>Scores, softmax, dropout, context and the merge of the heads: one kernel.</summary>
internal static class AttentionPattern
{
    public static AttentionKernel Match(Graph graph, Value scores)
    {
        Value probabilities = Next<Softmax>(graph, scores);
        Value? dropped = graph.OnlyConsumer(probabilities) is { Operator: Dropout } dropout ? dropout : null;
        Value context = Next<AttentionContext>(graph, dropped ?? probabilities);
        Value merged = Next<MergeHeads>(graph, context);
        return new AttentionKernel
        {
            Name = Kernel.PascalCase(merged.Name ?? "attention"),
            Layer = merged.Layer,
            Values = dropped is null ? [scores, probabilities, context, merged] : [scores, probabilities, dropped, context, merged],
            Queries = scores.Inputs[0],
            Keys = scores.Inputs[1],
            TokenValues = context.Inputs[1],
            Scale = ((AttentionScores)scores.Operator).Scale,
            Dropout = (Dropout?)dropped?.Operator,
        };
    }

    private static Value Next<TOperator>(Graph graph, Value value) where TOperator : Operator =>
        graph.OnlyConsumer(value) is { Operator: TOperator } next
            ? next
            : throw new NotSupportedException($"{value} is expected to go to {typeof(TOperator).Name} alone.");
}
