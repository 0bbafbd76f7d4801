using BertGen.Models.Tests.Declarations;
using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace BertGen.Models.Tests.Training;

/// <summary>The published losses in libtorch, from its own loss functions where it has one.</summary>
internal static class TorchLosses
{
    /// <summary>Rows of a head without padding: [rows, outputs].</summary>
    public static Tensor Rows(TrainingCase one, HeadDeclaration head, Tensor padded)
    {
        if (!head.IsPerToken)
        {
            return padded;
        }

        Tensor tokens = cat([.. one.Lengths.Select((length, text) => padded[text].narrow(0, 0, length))], 0);
        return head.Task == HeadTask.MaskedWords ? tokens.index_select(0, Ids(one.Selected)) : tokens;
    }

    /// <summary>The loss of each row (of each text for answers), not yet weighted.</summary>
    public static Tensor Of(TrainingCase one, RowTargets targets, Tensor rows) => targets.Head.Task switch
    {
        HeadTask.MultiLabel => binary_cross_entropy_with_logits(rows, Floats(targets.Values, rows).reshape(rows.shape), reduction: nn.Reduction.None).sum([1L]),
        HeadTask.Regression when targets.Head.Sigmoid => binary_cross_entropy_with_logits(rows.squeeze(1), Floats(targets.Values, rows), reduction: nn.Reduction.None),
        HeadTask.Regression => mse_loss(rows.squeeze(1), Floats(targets.Values, rows), nn.Reduction.None),
        HeadTask.Answers => Answers(one, targets, rows),
        _ => cross_entropy(rows, Ids(targets.Classes), reduction: nn.Reduction.None, label_smoothing: targets.Smoothing),
    };

    /// <summary>What each row counts.</summary>
    public static Tensor Weights(RowTargets targets, Tensor like) => Floats(targets.Weights, like);

    // Where the answer starts and where it ends are classes over the tokens of the text.
    private static Tensor Answers(TrainingCase one, RowTargets targets, Tensor rows) => stack([.. one.Lengths.Select((length, text) =>
    {
        Tensor ends = rows.narrow(0, one.Offsets[text], length).transpose(0, 1);
        return cross_entropy(ends, Ids(targets.Classes[(2 * text)..(2 * text + 2)]));
    })]);

    private static Tensor Ids(int[] values) => tensor([.. values.Select(value => (long)value)], int64);

    private static Tensor Floats(float[] values, Tensor like) => tensor(values).to_type(like.dtype);
}
