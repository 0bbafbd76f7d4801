using BertGen.Tokenization;
using BertGen.Weights;
using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>Makes models; generated <c>Load</c> and <c>Create</c> members call it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class ModelLoader
{
    // [CLS], a piece of each text of a pair, and [SEP] behind each.
    private const int SmallestTextLength = 5;

    // [CLS] and a vector.
    private const int SmallestVectorLength = 2;

    /// <summary>A model with the weights of a Hugging Face folder, or of a pack file.</summary>
    /// <exception cref="CheckpointException">The checkpoint does not fit the model or cannot be read; lists all problems.</exception>
    /// <exception cref="DirectoryNotFoundException">There is no such folder or file.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or says nothing to what is loaded.</exception>
    /// <exception cref="IOException">The cache of packed weights cannot be written.</exception>
    public static LoadedModel Load(CompiledProgram program, string folder, ModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ModelDefinition definition = program.Definition;
        options = OptionChecks.OfLoad(options, definition, isPack: File.Exists(folder));
        bool readsText = definition.Encoder.VocabularySize > 0;
        LoadedWeights weights;
        try
        {
            weights = CheckpointReader.Load(definition, folder, new WeightOptions
            {
                MissingHeads = options.MissingHeads,
                Seed = options.Seed,
                PackedCache = options.PackedCache,
                VerifyContent = options.VerifyContent,
                Threads = options.Threads ?? 0,
            });
        }
        catch (CheckpointException exception) when (readsText && Directory.Exists(folder))
        {
            // What is wrong with the tokenizer belongs to the same list.
            List<string> problems = [.. exception.Problems];
            ReadTokenizer(definition, folder, null, problems);
            throw new CheckpointException(folder, definition.Name, [.. problems.Distinct()], exception);
        }

        try
        {
            List<string> problems = [];
            ITextTokenizer? tokenizer = null;
            if (readsText)
            {
                tokenizer = ReadTokenizer(definition, folder, weights, problems);
            }
            else
            {
                CheckLongest(definition, SmallestVectorLength, weights.MaxSequenceLength ?? int.MaxValue, problems);
            }

            return problems.Count == 0
                ? Make(program, weights, tokenizer, options)
                : throw new CheckpointException(folder, definition.Name, problems);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>A text model with random weights.</summary>
    /// <param name="program">The compiled model.</param>
    /// <param name="vocabularyPath">A vocab.txt, read as uncased; or a folder with the tokenizer of a published model.</param>
    /// <param name="options">How it runs, and the seed.</param>
    /// <exception cref="CheckpointException">The vocabulary does not fit the model or cannot be read.</exception>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or says nothing to a model that is made anew.</exception>
    public static LoadedModel Create(CompiledProgram program, string vocabularyPath, ModelOptions? options)
    {
        ArgumentException.ThrowIfNullOrEmpty(vocabularyPath);
        ModelDefinition definition = program.Definition;
        options = OptionChecks.OfCreate(options, definition);
        bool isFolder = Directory.Exists(vocabularyPath);
        if (!isFolder && !File.Exists(vocabularyPath))
        {
            throw new FileNotFoundException($"There is no vocabulary '{vocabularyPath}'. Give the path of a vocab.txt, one token a line.", vocabularyPath);
        }

        List<string> problems = [];
        IReadOnlyList<CheckpointFile> files = isFolder
            ? TokenizerFiles.OfFolder(vocabularyPath, problems)
            : TokenizerFiles.OfVocabulary(vocabularyPath, definition.Encoder.MaxPositions, problems);
        ITextTokenizer? tokenizer = ReadTokenizer(definition, () => isFolder ? WordPieceEncoder.Load(vocabularyPath) : WordPieceEncoder.FromVocabulary(vocabularyPath), null, problems);
        if (problems.Count > 0)
        {
            throw new CheckpointException(vocabularyPath, definition.Name, [.. problems.Distinct()]);
        }

        return Create(program, files, tokenizer, options);
    }

    /// <summary>A vector model with random weights.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or says nothing to a model that is made anew.</exception>
    public static LoadedModel Create(CompiledProgram program, ModelOptions? options)
    {
        options = OptionChecks.OfCreate(options, program.Definition);
        return Create(program, [], null, options);
    }

    private static LoadedModel Create(CompiledProgram program, IReadOnlyList<CheckpointFile> files, ITextTokenizer? tokenizer, ModelOptions options)
    {
        LoadedWeights weights = CheckpointReader.Create(program.Definition, options.Seed, files, options.Threads ?? 0);
        try
        {
            return Make(program, weights, tokenizer, options);
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    private static LoadedModel Make(CompiledProgram program, LoadedWeights weights, ITextTokenizer? tokenizer, ModelOptions options)
    {
        OptionChecks.Stride(options, program.Definition, LoadedModel.MaxTokensOf(program.Definition, tokenizer, weights));
        return new LoadedModel(program, weights, tokenizer, options);
    }

    /// <summary>The tokenizer of loaded weights, whose files may lie in a pack; of a folder where no weights could be loaded.</summary>
    private static WordPieceTextTokenizer? ReadTokenizer(ModelDefinition definition, string folder, LoadedWeights? weights, List<string> problems)
    {
        TokenizerSource source = weights is null ? TokenizerSource.Folder(folder) : new TokenizerSource(folder, name => weights.File(name)?.Content);
        return ReadTokenizer(definition, () => WordPieceEncoder.Load(source), weights, problems);
    }

    private static WordPieceTextTokenizer? ReadTokenizer(ModelDefinition definition, Func<WordPieceEncoder> read, LoadedWeights? weights, List<string> problems)
    {
        WordPieceEncoder encoder;
        try
        {
            encoder = read();
        }
        catch (Exception exception) when (SmallFiles.IsUnreadable(exception))
        {
            problems.Add(exception.Message);
            return null;
        }

        if (encoder.Vocabulary.Count > definition.Encoder.VocabularySize)
        {
            problems.Add($"The vocabulary has {encoder.Vocabulary.Count} tokens; the model declares {definition.Encoder.VocabularySize}. Set VocabularySize on the encoder's attribute, or use the vocabulary that the model was trained with.");
        }

        CheckLongest(definition, SmallestTextLength, Math.Min(encoder.MaxLength, weights?.MaxSequenceLength ?? int.MaxValue), problems);
        return new WordPieceTextTokenizer(encoder);
    }

    /// <summary>Beside its special tokens a sequence must hold something: a window of nothing would never come to the end of a text.</summary>
    private static void CheckLongest(ModelDefinition definition, int least, int saidByFiles, List<string> problems)
    {
        if (saidByFiles < least)
        {
            problems.Add($"Its files say that a sequence has at most {saidByFiles} tokens; the least that makes sense is {least}. Mend model_max_length in tokenizer_config.json, or max_seq_length in sentence_bert_config.json.");
        }

        int positions = LoadedModel.PositionsOf(definition);
        if (positions < least)
        {
            problems.Add($"The model declares {positions} positions; the least that makes sense is {least}. Set MaxPositions on the encoder's attribute.");
        }
    }
}
