namespace BertGen.Data;

/// <summary>What every example is checked for when it is made, so that no training run stops in the middle.</summary>
internal static class ExampleChecks
{
    /// <summary>A text that is there.</summary>
    public static string Text(string text, string parameter)
    {
        ArgumentNullException.ThrowIfNull(text, parameter);
        return text;
    }

    /// <summary>A member of an enum.</summary>
    public static TLabel Label<TLabel>(TLabel label, string parameter) where TLabel : struct, Enum => Enum.IsDefined(label)
        ? label
        : throw new ArgumentOutOfRangeException(parameter, label, $"{label} is no member of {typeof(TLabel).Name}, which has {string.Join(", ", Enum.GetNames<TLabel>())}.");

    /// <summary>Members of an enum, copied.</summary>
    public static IReadOnlyList<TLabel> Labels<TLabel>(IEnumerable<TLabel> labels, string parameter) where TLabel : struct, Enum
    {
        ArgumentNullException.ThrowIfNull(labels, parameter);
        TLabel[] all = [.. labels];
        foreach (TLabel label in all)
        {
            Label(label, parameter);
        }

        return all;
    }

    /// <summary>Words of a sentence, at least one, copied.</summary>
    public static IReadOnlyList<string> Words(IEnumerable<string> words, string parameter)
    {
        ArgumentNullException.ThrowIfNull(words, parameter);
        string[] all = [.. words];
        if (all.Length == 0)
        {
            throw new ArgumentException("The sentence has no words; leave it out.", parameter);
        }

        int missing = Array.IndexOf(all, null);
        return missing < 0 ? all : throw new ArgumentException($"Word {missing} is null; give an empty string for a word without letters.", parameter);
    }

    /// <summary>A number that a model can learn.</summary>
    public static float Score(float score, string parameter) => float.IsFinite(score)
        ? score
        : throw new ArgumentOutOfRangeException(parameter, score, "A score must be finite.");

    /// <summary>Vectors, at least one; the model checks their length.</summary>
    public static ReadOnlyMemory<float> Frames(ReadOnlyMemory<float> frames, string parameter)
    {
        if (frames.IsEmpty)
        {
            throw new ArgumentException("The sequence has no vectors.", parameter);
        }

        int wrong = IndexOfNotFinite(frames.Span);
        return wrong < 0 ? frames : throw new ArgumentException($"Value {wrong} of the vectors is {frames.Span[wrong]}; all must be finite.", parameter);
    }

    private static int IndexOfNotFinite(ReadOnlySpan<float> values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
