using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The arguments of forward pass, losses and backward pass over one chunk of a training step's texts, shared by the team.</summary>
/// <remarks>
/// A step runs over one chunk after another; each adds its gradients to <see cref="Gradients"/>. How a step is cut into chunks and a chunk's sums
/// into parts depends on the texts alone, so that a step gives the same bits whatever the team.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe struct TrainingPass
{
    /// <summary>The weight arena, 64-byte aligned.</summary>
    public float* Weights;

    /// <summary>Gradients in the layout of the weight arena: the pass adds to what is there.</summary>
    public float* Gradients;

    /// <summary>The training arena, 64-byte aligned, of at least <see cref="ArenaLayout.Floats"/> floats of <see cref="ModelDefinition.TrainingArena"/>. Its content on entry is arbitrary.</summary>
    public float* Arena;

    /// <summary>Number of texts of the chunk, at least 1.</summary>
    public int TextCount;

    /// <summary>Number of tokens of all texts (for vector input: vectors, with one more a text for [CLS]).</summary>
    public int TokenCount;

    /// <summary>[TextCount + 1]: text i owns the tokens [TextOffsets[i], TextOffsets[i + 1]).</summary>
    public int* TextOffsets;

    /// <summary>[TokenCount]: ids; null for vector input.</summary>
    public int* InputIds;

    /// <summary>[TokenCount]: token types; null for vector input and CBOW.</summary>
    public int* TokenTypeIds;

    /// <summary>[TokenCount - TextCount, features]: the vectors of all texts; null for token input.</summary>
    public float* Vectors;

    /// <summary>[SelectedCount]: tokens, in ascending order, whose words the masked language model predicts.</summary>
    public int* SelectedTokens;

    /// <summary>Number of selected tokens.</summary>
    public int SelectedCount;

    /// <summary>Place of the chunk's first token among the tokens of the step: with the row it makes a row's number for dropout.</summary>
    public int FirstToken;

    /// <summary>Place of the chunk's first text among the texts of the step.</summary>
    public int FirstText;

    /// <summary>Key of the dropout's random numbers.</summary>
    public ulong DropoutSeed;

    /// <summary>Number of the optimizer's step, part of the counter of dropout's random numbers.</summary>
    public uint DropoutStep;

    /// <summary>Share of hidden elements set to 0, 0 to less than 1; 0 leaves dropout out.</summary>
    public float HiddenDropout;

    /// <summary>Share of attention probabilities set to 0, 0 to less than 1; 0 leaves dropout out.</summary>
    public float AttentionDropout;

    /// <summary>Layers whose weights stay as they are, counted from the first; the embeddings do too from 0 on; -1 where everything is trained.</summary>
    public int FrozenLayers;

    /// <summary>One a head; a head takes part where its <see cref="HeadTargets.Weights"/> are not null.</summary>
    public HeadTargets* Heads;
}

/// <summary>What a head should have said, and where its losses go. Rows are those of the head's logits: texts, tokens or selected tokens of the chunk.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe struct HeadTargets
{
    /// <summary>
    /// Classes, tags, vocabulary and next sentence: [rows], the right output of each row, any valid one where the row's weight is 0.
    /// Answers: [texts, 2], start and end as tokens of the text. Null for heads with <see cref="Values"/>.
    /// </summary>
    public int* Classes;

    /// <summary>Regression: [rows]; several labels: [rows, outputs], 0 or 1. Null for heads with <see cref="Classes"/>.</summary>
    public float* Values;

    /// <summary>[rows] ([texts] for answers): what the row's loss counts in the step's loss, every mean and weight worked in; 0 ignores a row. Null for a head that takes no part.</summary>
    public float* Weights;

    /// <summary>[rows] ([texts] for answers), out: each row's loss times its weight.</summary>
    public float* Losses;

    /// <summary>[rows] ([texts] for answers), out, or null: 1 where the largest logit is the right one (answers: both ends), else 0. Not written by heads with <see cref="Values"/>.</summary>
    public float* Hits;

    /// <summary>Label smoothing of classes: the share of the target spread evenly over all outputs; 0 for none.</summary>
    public float Smoothing;
}
