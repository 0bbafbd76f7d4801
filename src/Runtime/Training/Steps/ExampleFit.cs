using BertGen.CompilerServices;
using BertGen.Data;

namespace BertGen.Training;

/// <summary>Whether an example fits the tables of a model: kernels trust the numbers they are given.</summary>
internal static class ExampleFit
{
    /// <exception cref="ArgumentException">It does not; says what is too large.</exception>
    public static void Check(EncodedExample example, ModelDefinition definition)
    {
        EncoderDefinition encoder = definition.Encoder;
        bool isText = encoder.VocabularySize > 0;
        int length = isText ? example.Ids.Length : encoder.Features == 0 ? 0 : example.Vectors.Length / encoder.Features + 1;
        Require(example.TokenCount > 0 && example.TokenCount == length && example.TokenCount <= LoadedModel.PositionsOf(definition),
            $"has {example.TokenCount} tokens and input for {length}; {definition.Name} takes 1 to {LoadedModel.PositionsOf(definition)}");
        InRange(example.Ids, 0, encoder.VocabularySize, "token id");
        Require(example.TypeIds.Length == 0 || example.TypeIds.Length == example.Ids.Length, $"has {example.Ids.Length} ids and {example.TypeIds.Length} token types");
        InRange(example.TypeIds, 0, Math.Max(1, encoder.TokenTypes), "token type");
        InRange(example.Selected, 0, example.TokenCount, "selected token");
        foreach (HeadTarget target in example.Targets)
        {
            Check(example, target, definition.Heads[target.Head]);
        }
    }

    private static void Check(EncodedExample example, HeadTarget target, HeadDefinition head)
    {
        int rows = HeadLosses.RowsOf(head.Kind) switch
        {
            OutputRows.Text => 1,
            OutputRows.Token => example.TokenCount,
            _ => example.Selected.Length,
        };
        bool hasValues = HeadLosses.HasValues(head.Kind);
        Require(target.Values.Length == (hasValues ? head.Outputs : 0), $"has {target.Values.Length} values for head '{head.TensorName}'");
        Require(target.Classes.Length == (hasValues ? 0 : rows * HeadLosses.ClassesOfRow(head.Kind)), $"has {target.Classes.Length} classes for {rows} rows of head '{head.TensorName}'");
        InRange(target.Classes, -1, head.Kind == HeadKind.QuestionAnswering ? example.TokenCount : head.Outputs, $"class of head '{head.TensorName}'");
    }

    private static void InRange(int[] numbers, int least, int end, string what)
    {
        foreach (int number in numbers)
        {
            Require(number >= least && number < end, $"has {what} {number}, which is not between {least} and {end - 1}");
        }
    }

    private static void Require(bool fits, string otherwise)
    {
        if (!fits)
        {
            throw new ArgumentException($"A training example {otherwise}.");
        }
    }
}
