using System.Globalization;

namespace BertGen;

/// <summary>How well masked words were predicted.</summary>
public sealed class MaskedLanguageModelReport
{
    internal MaskedLanguageModelReport(int count, int correct, double loss)
    {
        Count = count;
        Accuracy = LabelMetrics.Ratio(correct, count);
        Loss = loss / count;
    }

    /// <summary>Number of predicted tokens.</summary>
    public int Count { get; }

    /// <summary>The share whose most probable token is the right one.</summary>
    public double Accuracy { get; }

    /// <summary>Mean cross-entropy: -ln of the probability of the right token.</summary>
    public double Loss { get; }

    /// <summary>e to the power of <see cref="Loss"/>: among so many equally likely tokens the model chooses.</summary>
    public double Perplexity => Math.Exp(Loss);

    /// <summary>The report in a line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"masked accuracy {Accuracy:F4}, loss {Loss:F4}, perplexity {Perplexity:F1}, {Count} tokens");
}
