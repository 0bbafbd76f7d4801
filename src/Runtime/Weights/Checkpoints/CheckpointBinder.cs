using BertGen.CompilerServices;

namespace BertGen.Weights;

/// <summary>Finds for every declared weight its tensor in a checkpoint, and collects everything that does not fit.</summary>
internal sealed class CheckpointBinder(ModelDefinition definition, CheckpointTensors checkpoint, List<string> problems)
{
    private readonly Dictionary<string, CheckpointTensors.Found> _found = new(StringComparer.Ordinal);

    /// <summary>Weights that the checkpoint has in the declared shape, by canonical name.</summary>
    public IReadOnlyDictionary<string, CheckpointTensors.Found> Found => _found;

    /// <summary>Weights of heads that the checkpoint lacks altogether and that may be initialized.</summary>
    public List<ParameterDefinition> ToInitialize { get; } = [];

    /// <summary>True where the checkpoint has weights of this head.</summary>
    public bool Has(int head)
    {
        foreach (ParameterDefinition parameter in definition.Parameters)
        {
            if (parameter.Head == head && Find(parameter.Name) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Binds every weight.</summary>
    public void Bind(MissingHeads missingHeads)
    {
        var missing = new List<ParameterDefinition>();
        var present = new HashSet<int>();
        foreach (ParameterDefinition parameter in definition.Parameters)
        {
            if (Find(parameter.Name) is not { } found)
            {
                missing.Add(parameter);
                continue;
            }

            present.Add(Part(parameter));
            if (Fits(parameter, found))
            {
                _found.Add(parameter.Name, found);
            }
        }

        bool couldInitialize = false;
        foreach (ParameterDefinition parameter in missing)
        {
            bool wholeHead = Part(parameter) != Encoder && !present.Contains(Part(parameter));
            if (wholeHead && missingHeads == MissingHeads.Initialize)
            {
                ToInitialize.Add(parameter);
                continue;
            }

            couldInitialize |= wholeHead;
            problems.Add($"Weight '{parameter.Name}' is missing; the model declares {Describe(parameter.Shape)}.");
        }

        if (couldInitialize)
        {
            problems.Add("Heads are missing as a whole; to start fine-tuning from this checkpoint, load it with MissingHeads = MissingHeads.Initialize.");
        }

        CheckUnexpected();
        CheckTied();
    }

    private const int Encoder = -1;
    private const int Pooler = -2;

    /// <summary>What is present or missing as a whole: a head, the pooler (which checkpoints of other tasks lack), or the encoder.</summary>
    private static int Part(ParameterDefinition parameter) =>
        parameter.Name.StartsWith(CheckpointNames.PoolerPrefix, StringComparison.Ordinal) ? Pooler
        : parameter.Head >= 0 ? parameter.Head
        : Encoder;

    /// <summary>The tensor of this name, or the one tied to it.</summary>
    private CheckpointTensors.Found? Find(string name)
    {
        IReadOnlyDictionary<string, CheckpointTensors.Found> tensors = checkpoint.Tensors;
        return tensors.GetValueOrDefault(name) ?? name switch
        {
            CheckpointNames.WordEmbeddings when !IsDeclared(CheckpointNames.Decoder) => tensors.GetValueOrDefault(CheckpointNames.Decoder),
            CheckpointNames.PredictionsBias => tensors.GetValueOrDefault(CheckpointNames.DecoderBias),
            _ => null,
        };
    }

    private bool Fits(ParameterDefinition parameter, CheckpointTensors.Found found)
    {
        bool fits = true;
        if (!found.Tensor.Shape.SequenceEqual(parameter.Shape.Select(dimension => (long)dimension)))
        {
            problems.Add($"Weight {found} has shape {SafetensorsTensor.Describe(found.Tensor.Shape)}; the model declares {Describe(parameter.Shape)}.");
            fits = false;
        }

        if (!FloatFormats.IsWeight(found.Tensor.Type))
        {
            problems.Add($"Weight {found} has the dtype {TensorTypes.Name(found.Tensor.Type)}; weights are read from F32, F16 and BF16.");
            fits = false;
        }

        return fits;
    }

    /// <summary>Weights of the encoder that the class does not declare would be left out of the computation: a seventh layer, relative positions.</summary>
    private void CheckUnexpected()
    {
        var declared = new HashSet<string>(definition.Parameters.Select(parameter => parameter.Name), StringComparer.Ordinal);
        foreach ((string name, CheckpointTensors.Found found) in checkpoint.Tensors)
        {
            bool encoder = name.StartsWith(CheckpointNames.EncoderPrefix, StringComparison.Ordinal) || name.StartsWith(CheckpointNames.EmbeddingsPrefix, StringComparison.Ordinal);
            if (encoder && !declared.Contains(name))
            {
                problems.Add($"Weight {found} belongs to the encoder, but the model declares no such weight.");
            }
        }
    }

    /// <summary>A decoder stored beside the embeddings must be their copy, unless the model declares a decoder of its own, as a CBOW does; another decoder computes something else.</summary>
    private void CheckTied()
    {
        foreach ((string copy, string original) in (ReadOnlySpan<(string, string)>)[
            (CheckpointNames.Decoder, CheckpointNames.WordEmbeddings),
            (CheckpointNames.DecoderBias, CheckpointNames.PredictionsBias)])
        {
            if (definition.Heads.Any(head => head.Kind == HeadKind.MaskedLanguageModel) && !IsDeclared(copy)
                && checkpoint.Tensors.GetValueOrDefault(copy) is { } stored && _found.GetValueOrDefault(original) is { } used
                && !ReferenceEquals(stored, used) && !Equal(stored.Tensor, used.Tensor))
            {
                problems.Add($"Weight {stored} differs from '{MessageText.Of(used.PublishedName)}', to which the model ties it.");
            }
        }
    }

    private bool IsDeclared(string name) => definition.Parameters.Any(parameter => parameter.Name == name);

    private static bool Equal(SafetensorsTensor left, SafetensorsTensor right)
    {
        const long Part = 1 << 24;
        if (left.Type != right.Type || !left.Shape.SequenceEqual(right.Shape))
        {
            return false;
        }

        for (long start = 0; start < left.ByteLength; start += Part)
        {
            long length = Math.Min(Part, left.ByteLength - start);
            if (!left.Slice(start, length).SequenceEqual(right.Slice(start, length)))
            {
                return false;
            }
        }

        return true;
    }

    private static string Describe(int[] shape) => $"[{string.Join(", ", shape)}]";
}
