using BertGen.CompilerServices;
using BertGen.Weights;

namespace BertGen.Training;

/// <summary>AdamW with its memory: gradients and both moments, each in the order of the weights.</summary>
internal sealed unsafe class Optimizer : IDisposable
{
    private readonly ModelDefinition _definition;
    private readonly OptimizationOptions _options;
    private readonly OptimizerKernels _kernels;
    private readonly Team _team;

    public Optimizer(ModelDefinition definition, OptimizationOptions options, SimdWidth width, Team team)
    {
        _options = options;
        _team = team;
        _kernels = new OptimizerKernels(definition, width);
        _definition = definition;
        Gradients = WeightArena.Allocate(definition.WeightFloats);
        FirstMoments = WeightArena.Allocate(definition.WeightFloats);
        SecondMoments = WeightArena.Allocate(definition.WeightFloats);
    }

    /// <summary>Gradients; zeros between steps.</summary>
    public WeightArena Gradients { get; }

    /// <summary>Running mean of the gradients.</summary>
    public WeightArena FirstMoments { get; }

    /// <summary>Running mean of the squared gradients.</summary>
    public WeightArena SecondMoments { get; }

    /// <summary>Sets what is trained: frozen layers are not, nor a head that does not learn, nor a pooler that none of the heads looks at. Weight decay leaves those alone, too.</summary>
    /// <param name="learns">True for the heads that learn.</param>
    public void Train(Func<int, bool> learns)
    {
        bool poolerLearns = _definition.Heads.Where((head, index) => learns(index)).Any(head => HeadLosses.UsesPooler(head.Kind));
        IReadOnlyList<ParameterRange> ranges = _kernels.Layout.Ranges;
        for (int i = 0; i < ranges.Count; i++)
        {
            ParameterDefinition parameter = ranges[i].Parameters[0];
            bool isTrained = parameter.Head >= 0 ? learns(parameter.Head)
                : ranges[i].Depth <= _definition.Encoder.Layers ? ranges[i].Depth > (_options.FrozenLayers ?? -1)
                : poolerLearns;

            // The embeddings have depth 0, the layers 1 and up, what lies above them one more than there are layers.
            _kernels.RateFactors[i] = isTrained ? (float)Math.Pow(_options.LayerwiseLearningRateDecay, _definition.Encoder.Layers + 1 - ranges[i].Depth) : 0;
        }
    }

    /// <summary>Brings tied gradients together and measures all that are trained.</summary>
    public GradientNorm Measure() => _kernels.Measure(_team, _team.Size, Gradients.Pointer);

    /// <summary>Changes the weights by the gradients that were measured last, and clears those.</summary>
    /// <param name="weights">The weights.</param>
    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="norm">What <see cref="Measure"/> said.</param>
    public void Update(WeightArena weights, int step, float learningRate, double norm)
    {
        double scale = norm > _options.MaxGradientNorm ? _options.MaxGradientNorm / norm : 1;
        var numbers = new AdamWStep(step, learningRate, _options.WeightDecay, _options.Beta1, _options.Beta2, _options.Epsilon, scale);
        _kernels.Update(_team, _team.Size, weights.Pointer, Gradients.Pointer, FirstMoments.Pointer, SecondMoments.Pointer, in numbers);
        GC.KeepAlive(weights);
    }

    /// <summary>Forgets the gradients of a step that is not taken.</summary>
    public void ClearGradients() => _kernels.Clear(_team, _team.Size, Gradients.Pointer);

    /// <summary>Back to the state before the first step.</summary>
    public void Reset()
    {
        _kernels.Clear(_team, _team.Size, Gradients.Pointer);
        _kernels.Clear(_team, _team.Size, FirstMoments.Pointer);
        _kernels.Clear(_team, _team.Size, SecondMoments.Pointer);
    }

    public void Dispose()
    {
        Gradients.Dispose();
        FirstMoments.Dispose();
        SecondMoments.Dispose();
    }
}
