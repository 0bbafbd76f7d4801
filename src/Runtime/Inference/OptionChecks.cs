using BertGen.CompilerServices;

namespace BertGen;

/// <summary>Refuses options that cannot be honoured: out of range, or without a meaning for what is loaded or created.</summary>
internal static class OptionChecks
{
    // Each takes a stack and working memory, whether or not a call has work for it.
    private const int MostThreads = 1024;

    /// <summary>The options of <c>Load</c>, or the defaults.</summary>
    /// <exception cref="ArgumentException">One is out of range, or says nothing to what is loaded.</exception>
    public static ModelOptions OfLoad(ModelOptions? options, ModelDefinition definition, bool isPack)
    {
        options = Check(options, definition);
        if (isPack)
        {
            const string Whole = "the path given is a pack file, which has the weights of every head, those included that were initialized when it was saved";
            Refuse(options.PackedCache is not null, nameof(ModelOptions.PackedCache), options.PackedCache, "the path given is a pack file, which is mapped as it is");
            Refuse(options.MissingHeads != MissingHeads.Error, nameof(ModelOptions.MissingHeads), options.MissingHeads, Whole);
            Refuse(options.Seed != 0, nameof(ModelOptions.Seed), options.Seed, Whole);
        }

        return options;

        static void Refuse(bool isGiven, string option, object? value, string reason)
        {
            if (isGiven)
            {
                throw new ArgumentException($"ModelOptions.{option} is {value}, but {reason}. Leave the option out, or load the checkpoint's folder.", $"options.{option}");
            }
        }
    }

    /// <summary>The options of <c>Create</c>, or the defaults.</summary>
    /// <exception cref="ArgumentException">One is out of range, or says nothing to a model that is made anew.</exception>
    public static ModelOptions OfCreate(ModelOptions? options, ModelDefinition definition)
    {
        options = Check(options, definition);
        return options.PackedCache is null
            ? options
            : throw new ArgumentException($"ModelOptions.{nameof(ModelOptions.PackedCache)} is '{options.PackedCache}', but it keeps the packed weights of a checkpoint's folder, and a created model has none. Leave the option out; or save the model, and load it with the option.", $"options.{nameof(ModelOptions.PackedCache)}");
    }

    /// <summary>Windows may not leave a gap between them.</summary>
    /// <param name="options">The options.</param>
    /// <param name="definition">The model.</param>
    /// <param name="maxTokens">Its longest sequence, special tokens included.</param>
    /// <exception cref="ArgumentException">The stride is larger than a window.</exception>
    public static void Stride(ModelOptions options, ModelDefinition definition, int maxTokens)
    {
        bool readsText = definition.Encoder.VocabularySize > 0;
        int window = maxTokens - (readsText ? 2 : 1);
        if (options.WindowStride > window)
        {
            string what = readsText ? "tokens beside [CLS] and [SEP]" : "vectors beside [CLS]";
            throw new ArgumentOutOfRangeException(
                $"options.{nameof(ModelOptions.WindowStride)}", options.WindowStride,
                $"ModelOptions.{nameof(ModelOptions.WindowStride)} must be at most {window}, the {what} that a window of {definition.Name} holds: what lies between two windows would be computed in neither. Half of it is the default.");
        }
    }

    private static ModelOptions Check(ModelOptions? options, ModelDefinition definition)
    {
        options ??= new ModelOptions();
        ArgumentNullException.ThrowIfNull(options.Device, "options.Device");
        AtLeastOne(options.Threads ?? 1, nameof(ModelOptions.Threads));
        if (options.Threads > MostThreads)
        {
            throw new ArgumentOutOfRangeException($"options.{nameof(ModelOptions.Threads)}", options.Threads, $"ModelOptions.{nameof(ModelOptions.Threads)} must be at most {MostThreads}.");
        }

        AtLeastOne(options.MaxBatchTokens, nameof(ModelOptions.MaxBatchTokens));
        AtLeastOne(options.WindowStride ?? 1, nameof(ModelOptions.WindowStride));
        if (options.LongText is { } policy && !Enum.IsDefined(policy))
        {
            throw new ArgumentOutOfRangeException($"options.{nameof(ModelOptions.LongText)}", policy, "There is no such way with long texts. Use Truncate, Window or Throw.");
        }

        if (!Enum.IsDefined(options.MissingHeads))
        {
            throw new ArgumentOutOfRangeException($"options.{nameof(ModelOptions.MissingHeads)}", options.MissingHeads, "There is no such way with missing heads. Use Error or Initialize.");
        }

        if (options.WindowStride is { } stride && !CutsWindows(options, definition))
        {
            string policies = options.LongText is { } all ? $"LongText is {all}" : "none of its heads cuts long texts into windows unless it is told to";
            throw new ArgumentException($"ModelOptions.{nameof(ModelOptions.WindowStride)} is {stride}, but {definition.Name} has no windows: {policies}. Set LongText = LongText.Window, or leave the stride out.", $"options.{nameof(ModelOptions.WindowStride)}");
        }

        return options;
    }

    /// <summary>True where some call cuts long input into windows; of texts <see cref="TextModel.Encode"/> always does where nothing else is said.</summary>
    private static bool CutsWindows(ModelOptions options, ModelDefinition definition) => options.LongText is { } policy
        ? policy == LongText.Window
        : definition.Encoder.VocabularySize > 0 || definition.Heads.Any(head => HeadOutputs.DefaultLongText(head.Kind) == LongText.Window);

    private static void AtLeastOne(int value, string option)
    {
        if (value < 1)
        {
            throw new ArgumentOutOfRangeException($"options.{option}", value, $"ModelOptions.{option} must be at least 1.");
        }
    }
}
