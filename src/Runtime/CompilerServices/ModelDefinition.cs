using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>What the compiler knows of a model and the runtime needs: sizes, heads, published weights and where each lies in memory.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ModelDefinition
{
    /// <summary>Name of the model class.</summary>
    public required string Name { get; init; }

    /// <summary>Sizes of the encoder.</summary>
    public required EncoderDefinition Encoder { get; init; }

    /// <summary>The heads, in the order of their attributes.</summary>
    public required IReadOnlyList<HeadDefinition> Heads { get; init; }

    /// <summary>Every weight under its published name, in published shape.</summary>
    public required IReadOnlyList<ParameterDefinition> Parameters { get; init; }

    /// <summary>Where each weight lies in the weight arena and in what order.</summary>
    public required IReadOnlyList<PackedTensor> PackedTensors { get; init; }

    /// <summary>Length of the weight arena in floats; a multiple of 16.</summary>
    public required long WeightFloats { get; init; }

    /// <summary>Length of the activation arena as a function of the work.</summary>
    public required ArenaLayout Arena { get; init; }

    /// <summary>Length of the training arena as a function of the work; null where no head can be trained.</summary>
    public ArenaLayout? TrainingArena { get; init; }

    /// <summary>Tokens that one thread takes through all layers at once in a batch of many texts.</summary>
    public required int GroupTokens { get; init; }
}

/// <summary>Which encoder an attribute declared.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum EncoderKind
{
    /// <summary><see cref="BertEncoderAttribute"/>.</summary>
    Bert,

    /// <summary><see cref="CbowEncoderAttribute"/>.</summary>
    Cbow,
}

/// <summary>Sizes of an encoder, as declared.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record EncoderDefinition
{
    public required EncoderKind Kind { get; init; }
    public int Layers { get; init; }
    public required int HiddenSize { get; init; }
    public int Heads { get; init; }
    public int IntermediateSize { get; init; }

    /// <summary>Tokens in the vocabulary; 0 where the input is vectors.</summary>
    public int VocabularySize { get; init; }
    public int MaxPositions { get; init; }
    public int TokenTypes { get; init; }
    public Activation Activation { get; init; }
    public double LayerNormEpsilon { get; init; }
    public double HiddenDropout { get; init; }
    public double AttentionDropout { get; init; }

    /// <summary>Values in an input vector; 0 where the input is tokens.</summary>
    public int Features { get; init; }

    /// <summary>Neighbours on each side (CBOW); 0 otherwise.</summary>
    public int Window { get; init; }
}

/// <summary>The task of a head; one member for each head attribute.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum HeadKind
{
    SequenceClassification,
    MultiLabelClassification,
    SequenceRegression,
    TokenClassification,
    EntityRecognition,
    QuestionAnswering,
    MaskedLanguageModel,
    NextSentencePrediction,
    SentenceEmbedding,
}

/// <summary>A head as declared.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record HeadDefinition
{
    public required HeadKind Kind { get; init; }

    /// <summary>The name given on the attribute, or null.</summary>
    public string? Name { get; init; }

    /// <summary>Name of the logits and prefix of the weights: "classifier", "qa_outputs", "cls.predictions", "cls.seq_relationship", "heads.Topic.classifier", …; for an embedding "sentence_embedding".</summary>
    public required string TensorName { get; init; }

    /// <summary>Outputs for each row: labels, tags (an entity head: O, B- and I- of each member), 2 for answers and next sentence, the vocabulary, or the hidden size.</summary>
    public required int Outputs { get; init; }

    /// <summary>Published names of the outputs; empty where they have none.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    public bool Sigmoid { get; init; }
    public bool NoAnswer { get; init; }
    public Pooling Pooling { get; init; }
    public bool Normalize { get; init; }
}

/// <summary>What a weight is for: decides its initialization and whether weight decay touches it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum ParameterRole
{
    /// <summary>Matrix of a product, [outputs, inputs].</summary>
    Weight,

    /// <summary>Bias of a product.</summary>
    Bias,

    /// <summary>Rows looked up by id or position.</summary>
    Embedding,

    /// <summary>Scale of a layer normalization.</summary>
    LayerNormWeight,

    /// <summary>Shift of a layer normalization.</summary>
    LayerNormBias,
}

/// <summary>A weight under its published name.</summary>
/// <param name="Name">Canonical published name, such as <c>bert.encoder.layer.0.attention.self.query.weight</c>.</param>
/// <param name="Shape">Published shape; a product's matrix is [outputs, inputs].</param>
/// <param name="Role">What it is for.</param>
/// <param name="Head">Index of the head that owns it, or -1 for the encoder (the pooler is the encoder's).</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record ParameterDefinition(string Name, int[] Shape, ParameterRole Role, int Head);

/// <summary>The order of a packed tensor's elements.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum PackedOrder
{
    /// <summary>A matrix [outputs, inputs] in panels of 16 outputs: [outputs / 16][inputs][16].</summary>
    Panels,

    /// <summary>A vector of outputs, grouped and padded like the columns of a panel order.</summary>
    Vector,

    /// <summary>A table [rows, columns], row major, each row padded to <see cref="PackedTensor.RowStride"/>.</summary>
    Table,
}

/// <summary>One tensor of the weight arena.</summary>
/// <remarks>
/// Its outputs are the outputs of <paramref name="Sources"/> interleaved by group: for each group g, for each source s,
/// the outputs [g · n / Groups, (g + 1) · n / Groups) of s, where n is the source's output count, padded with zeros to a multiple of 16.
/// A fused query-key-value product has three sources and a group for each attention head; everything else has one source and one group.
/// </remarks>
/// <param name="Sources">Canonical names of the published tensors.</param>
/// <param name="Order">Order of the elements.</param>
/// <param name="Offset">First element in the weight arena, in floats; a multiple of 16.</param>
/// <param name="Floats">Length in floats, padding included.</param>
/// <param name="Groups">Number of groups.</param>
/// <param name="RowStride">Floats between the rows of a table; 0 otherwise.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed record PackedTensor(string[] Sources, PackedOrder Order, long Offset, long Floats, int Groups = 1, int RowStride = 0);

/// <summary>Length of the activation arena in floats: linear in the work.</summary>
/// <param name="PerToken">Floats for each token (tokens rounded up to a multiple of 16).</param>
/// <param name="PerText">Floats for each text (texts rounded up to a multiple of 16).</param>
/// <param name="PerSelected">Floats for each selected row (rounded up to a multiple of 16).</param>
/// <param name="PerWorker">Floats for each worker of the team.</param>
/// <param name="Fixed">Floats whatever the work.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ArenaLayout(long PerToken, long PerText, long PerSelected, long PerWorker, long Fixed = 0)
{
    /// <summary>Length in floats for the given work.</summary>
    public long Floats(int tokens, int texts, int selected, int workers) =>
        PerToken * PackedPanels.RoundUp(tokens) + PerText * PackedPanels.RoundUp(texts)
        + PerSelected * PackedPanels.RoundUp(selected) + PerWorker * workers + Fixed;
}
