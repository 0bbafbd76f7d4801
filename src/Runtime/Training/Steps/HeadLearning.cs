using BertGen.CompilerServices;

namespace BertGen.Training;

/// <summary>How one head learns in a run.</summary>
/// <param name="Head">Index of the head.</param>
/// <param name="Weight">What its mean loss counts in the step's loss.</param>
/// <param name="ClassWeights">What a row of each class counts, or null for all alike.</param>
/// <param name="Smoothing">Label smoothing.</param>
internal sealed record HeadLearning(int Head, float Weight, float[]? ClassWeights, float Smoothing);

/// <summary>The shape of a head's targets.</summary>
internal static class HeadLosses
{
    /// <summary>True where the targets are classes of rows and the loss is a cross-entropy over all outputs.</summary>
    public static bool ChoosesAmongClasses(HeadKind kind) => kind is HeadKind.SequenceClassification or HeadKind.TokenClassification or HeadKind.EntityRecognition
        or HeadKind.MaskedLanguageModel or HeadKind.NextSentencePrediction;

    /// <summary>True where the targets are values: a score, or 0 and 1 for each label.</summary>
    public static bool HasValues(HeadKind kind) => kind is HeadKind.SequenceRegression or HeadKind.MultiLabelClassification;

    /// <summary>True where a score or label is a probability.</summary>
    public static bool IsBinary(HeadDefinition head) => head.Kind == HeadKind.MultiLabelClassification || (head.Kind == HeadKind.SequenceRegression && head.Sigmoid);

    /// <summary>Integers of a row's target: start and end for answers.</summary>
    public static int ClassesOfRow(HeadKind kind) => kind == HeadKind.QuestionAnswering ? 2 : 1;

    /// <summary>Rows with a loss: answers have one a text, whose logits are rows of its tokens.</summary>
    public static OutputRows RowsOf(HeadKind kind) => kind == HeadKind.QuestionAnswering ? OutputRows.Text : HeadOutputs.RowsOf(kind);

    /// <summary>Terms that a row's loss is the sum of: the mean over labels has to be taken by its weight.</summary>
    public static int TermsOfRow(HeadDefinition head) => head.Kind == HeadKind.MultiLabelClassification ? head.Outputs : 1;

    /// <summary>True where the head looks at the pooled vector, by whatever encoder it stands on.</summary>
    public static bool UsesPooler(HeadKind kind) => kind is HeadKind.SequenceClassification or HeadKind.MultiLabelClassification or HeadKind.SequenceRegression or HeadKind.NextSentencePrediction;
}
