using BertGen.CompilerServices;
using BertGen.Data;

namespace BertGen;

/// <summary>A head of a model class and the examples that it learns from; generated classes list theirs under <c>Heads</c>.</summary>
/// <typeparam name="TModel">The model class.</typeparam>
/// <typeparam name="TExample">What it learns from, such as <see cref="LabeledText{TLabel}"/>.</typeparam>
public sealed class TrainableHead<TModel, TExample> where TModel : Model
{
    private readonly int _head;
    private readonly Func<LoadedModel, int, IExampleEncoder<TExample>> _encoder;

    internal TrainableHead(int head, Func<LoadedModel, int, IExampleEncoder<TExample>> encoder) => (_head, _encoder) = (head, encoder);

    /// <summary>Examples for this head, for a run over several heads at once.</summary>
    /// <param name="examples">What it learns from, at least one; read once, when the run begins.</param>
    /// <param name="weight">What the head's mean loss counts in the loss of a step, more than 0.</param>
    /// <param name="validation">What it is validated on; null for nothing.</param>
    /// <param name="classWeights">What an example of each class counts, in the order of the head's outputs; null counts all alike. Only for heads that choose among classes.</param>
    /// <exception cref="ArgumentException">When the run begins: there are no examples, one does not fit the model, or class weights do not fit the head.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A weight is out of range.</exception>
    public HeadExamples<TModel> With(IEnumerable<TExample> examples, float weight = 1, IEnumerable<TExample>? validation = null, IReadOnlyList<float>? classWeights = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        if (!(weight > 0 && float.IsFinite(weight)))
        {
            throw new ArgumentOutOfRangeException(nameof(weight), weight, "The weight of a head must be a number above 0. Leave out a head that should not learn.");
        }

        for (int i = 0; i < classWeights?.Count; i++)
        {
            if (!(classWeights[i] >= 0 && float.IsFinite(classWeights[i])))
            {
                throw new ArgumentOutOfRangeException(nameof(classWeights), classWeights[i], $"The weight of class {i} must be a number from 0 on.");
            }
        }

        return new HeadExamples<TModel>(_head, weight, classWeights is null ? null : [.. classWeights],
            model => Encode(model, examples, nameof(examples)),
            validation is null ? null : model => Encode(model, validation, nameof(validation)));
    }

    private List<EncodedExample> Encode(LoadedModel model, IEnumerable<TExample> examples, string what)
    {
        IExampleEncoder<TExample> encoder = _encoder(model, _head);
        List<EncodedExample> encoded = [];
        int count = 0;
        foreach (TExample example in examples)
        {
            try
            {
                encoder.Encode(example ?? throw new ArgumentException("It is null."), encoded);
            }
            catch (ArgumentException exception)
            {
                throw new ArgumentException($"Example {count}: {exception.Message}", what, exception);
            }

            count++;
        }

        return encoded.Count > 0
            ? encoded
            : throw new ArgumentException(count == 0 ? "There are no examples." : $"None of the {count} examples has anything that head '{model.Definition.Heads[_head].TensorName}' can learn.", what);
    }
}

/// <summary>Examples for one head of a run; made by <see cref="TrainableHead{TModel, TExample}.With"/>.</summary>
/// <typeparam name="TModel">The model class.</typeparam>
public sealed class HeadExamples<TModel> where TModel : Model
{
    internal HeadExamples(int head, float weight, float[]? classWeights, Func<LoadedModel, List<EncodedExample>> training, Func<LoadedModel, List<EncodedExample>>? validation) =>
        (Head, Weight, ClassWeights, Training, Validation) = (head, weight, classWeights, training, validation);

    internal int Head { get; }

    internal float Weight { get; }

    internal float[]? ClassWeights { get; }

    /// <summary>Encodes the examples.</summary>
    internal Func<LoadedModel, List<EncodedExample>> Training { get; }

    /// <summary>Encodes the validation examples; null where there are none.</summary>
    internal Func<LoadedModel, List<EncodedExample>>? Validation { get; }
}
