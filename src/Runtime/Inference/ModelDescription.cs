using System.Globalization;
using System.Text;

namespace BertGen;

/// <summary>What a compiled model is made of. <see cref="ToString"/> is a readable report.</summary>
public sealed record ModelDescription
{
    /// <summary>Name of the model class.</summary>
    public required string Name { get; init; }

    /// <summary>Kind of the encoder: Bert or Cbow.</summary>
    public string Encoder { get; init; } = "";

    /// <summary>Encoder layers; 0 for CBOW.</summary>
    public int Layers { get; init; }

    /// <summary>Values in a hidden state.</summary>
    public int HiddenSize { get; init; }

    /// <summary>Attention heads of a layer; 0 for CBOW.</summary>
    public int AttentionHeads { get; init; }

    /// <summary>Values between the two products of a feed-forward block; 0 for CBOW.</summary>
    public int IntermediateSize { get; init; }

    /// <summary>Tokens in the vocabulary; 0 where the input is vectors.</summary>
    public int VocabularySize { get; init; }

    /// <summary>Longest sequence in tokens, special ones included; 0 where the encoder has no positions (CBOW).</summary>
    public int MaxPositions { get; init; }

    /// <summary>Token types; 0 where the input is vectors, and for CBOW.</summary>
    public int TokenTypes { get; init; }

    /// <summary>Values in an input vector; 0 where the input is tokens.</summary>
    public int Features { get; init; }

    /// <summary>Neighbours on each side (CBOW); 0 otherwise.</summary>
    public int Window { get; init; }

    /// <summary>The heads, in the order of their attributes.</summary>
    public IReadOnlyList<HeadDescription> Heads { get; init; } = [];

    /// <summary>Number of trained values.</summary>
    public required long ParameterCount { get; init; }

    /// <summary>Floating-point operations for each token in the products of the encoder; attention adds <see cref="FlopsPerTokenPair"/> for each pair of tokens of a text.</summary>
    public required long FlopsPerToken { get; init; }

    /// <summary>Floating-point operations of attention for each pair of tokens of a text.</summary>
    public required long FlopsPerTokenPair { get; init; }

    /// <summary>Bytes of weights that a forward pass reads.</summary>
    public required long WeightBytes { get; init; }

    /// <summary>Bytes of activations for each token.</summary>
    public required long ActivationBytesPerToken { get; init; }

    /// <summary>Bytes of the training arena for each token of a chunk: what the backward pass reads of every layer, and what lives beside it; 0 where no head can be trained.</summary>
    public long TrainingBytesPerToken { get; init; }

    /// <summary>The kernels, in the order in which they run.</summary>
    public required IReadOnlyList<KernelDescription> Kernels { get; init; }

    /// <summary>The memory plan, a line a buffer.</summary>
    public required string MemoryPlan { get; init; }

    /// <summary>The whole description as a report of several lines, in the invariant culture.</summary>
    public override string ToString()
    {
        StringBuilder report = new();
        CultureInfo culture = CultureInfo.InvariantCulture;
        report.AppendLine(culture, $"{Name}: {ParameterCount:N0} parameters, {WeightBytes / 1e6:F1} MB of packed weights");
        report.AppendLine(culture, $"  {Sizes()}");
        report.AppendLine(culture, $"  Heads: {string.Join(", ", Heads.Select(head => string.Create(culture, $"{head.Name} ({head.Kind}, {Count(head.Outputs, "output")})")))}");
        report.AppendLine(culture, $"  {FlopsPerToken / 1e6:F2} MFLOP a token, {FlopsPerTokenPair:N0} FLOP a pair of tokens of a text, {ActivationBytesPerToken:N0} bytes of activations a token, {TrainingBytesPerToken:N0} in training");
        report.AppendLine("  Kernels (runs, name, FLOP and bytes moved for each unit and run, unit, what it computes):");
        int width = Kernels.Select(kernel => kernel.Name.Length).DefaultIfEmpty().Max();
        int unitWidth = Kernels.Select(kernel => kernel.Unit.Length).DefaultIfEmpty().Max();
        foreach (KernelDescription kernel in Kernels)
        {
            report.AppendLine(culture, $"  {kernel.Runs,4} × {kernel.Name.PadRight(width)}  {kernel.Flops,12:N0} {kernel.Bytes,10:N0}  {kernel.Unit.PadRight(unitWidth)}  {kernel.Summary}");
        }

        report.AppendLine("  Memory plan:");
        foreach (string line in MemoryPlan.Split('\n'))
        {
            report.AppendLine(culture, $"    {line}");
        }

        return report.ToString().TrimEnd();
    }

    /// <summary>The sizes that this encoder has, such as "Bert: 6 layers, hidden size 384, …".</summary>
    private string Sizes()
    {
        List<string> sizes = [];
        Add(Layers, Count(Layers, "layer"));
        Add(HiddenSize, $"hidden size {HiddenSize}");
        Add(AttentionHeads, Count(AttentionHeads, "attention head"));
        Add(IntermediateSize, $"intermediate size {IntermediateSize}");
        Add(VocabularySize, $"vocabulary of {VocabularySize}");
        Add(Features, $"vectors of {Count(Features, "value")}");
        Add(MaxPositions, Count(MaxPositions, "position"));
        Add(TokenTypes, Count(TokenTypes, "token type"));
        Add(Window, $"{Count(Window, "neighbour")} on each side");
        return $"{Encoder}: {string.Join(", ", sizes)}";

        void Add(int size, string text)
        {
            if (size > 0)
            {
                sizes.Add(text);
            }
        }
    }

    private static string Count(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}

/// <summary>One head of a compiled model.</summary>
/// <param name="Name">Published name, as for <see cref="ModelOutput.Logits"/>.</param>
/// <param name="Kind">Its attribute, without "Attribute": SequenceClassification, …</param>
/// <param name="Outputs">Outputs for each row: labels, tags, 2 for answers and next sentence, the vocabulary, or the hidden size.</param>
public sealed record HeadDescription(string Name, string Kind, int Outputs);

/// <summary>One kernel of a compiled model.</summary>
/// <param name="Name">Name of the generated class.</param>
/// <param name="Summary">What it computes.</param>
/// <param name="Runs">How often one forward pass runs it.</param>
/// <param name="Unit">What the operations and bytes are counted for: "token", "text", "selected token", "vector" or, for the operations of attention, "pair of tokens" (its bytes are a token's).</param>
/// <param name="Flops">Floating-point operations for each unit and run.</param>
/// <param name="Bytes">Bytes of activations read and written for each unit and run.</param>
public sealed record KernelDescription(string Name, string Summary, int Runs, string Unit, long Flops, long Bytes);
