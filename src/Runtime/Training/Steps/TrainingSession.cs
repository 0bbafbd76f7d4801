using BertGen.CompilerServices;
using BertGen.Data;
using BertGen.Weights;

namespace BertGen.Training;

/// <summary>What one step did to the model.</summary>
/// <param name="Loss">Loss of the step.</param>
/// <param name="Heads">What became of each head's rows.</param>
/// <param name="GradientNorm">Norm of all gradients.</param>
/// <param name="Tokens">Tokens of its texts.</param>
/// <param name="LearningRate">Its learning rate.</param>
internal readonly record struct StepOutcome(double Loss, HeadOutcome[] Heads, double GradientNorm, int Tokens, float LearningRate);

/// <summary>Takes optimizer steps on a model: gradients chunk by chunk, then the optimizer. Holds the team, the memory of a pass and the optimizer's state.</summary>
internal sealed unsafe class TrainingSession : IDisposable
{
    private const string BestWeights = "best weights";

    private readonly LoadedModel _model;
    private readonly OptimizationOptions _options;
    private readonly ArenaLayout _layout;
    private readonly Team _team;
    private readonly ChunkAction _pass;
    private readonly TrainingChunk _chunk;
    private readonly ChunkPlan _plan;
    private readonly List<int> _starts = [];
    private readonly float _hiddenDropout;
    private readonly float _attentionDropout;
    private WeightArena? _arena;
    private bool _hasGradients;

    /// <summary>A session with a fresh optimizer.</summary>
    /// <exception cref="NotSupportedException">The model has no head that can be trained.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option does not go with the model.</exception>
    public TrainingSession(LoadedModel model, OptimizationOptions options)
    {
        ModelDefinition definition = model.Definition;
        _layout = definition.TrainingArena ?? throw new NotSupportedException($"{definition.Name} has no head that can be trained. Sentence embeddings have no loss of their own; add another head.");
        if (options.FrozenLayers > definition.Encoder.Layers)
        {
            throw new ArgumentOutOfRangeException($"options.{nameof(OptimizationOptions.FrozenLayers)}", options.FrozenLayers,
                $"{nameof(OptimizationOptions.FrozenLayers)} must be at most {definition.Encoder.Layers}, the layers of {definition.Name}.");
        }

        bool hasDropout = definition.Encoder.Kind != EncoderKind.Cbow;
        if (!hasDropout && (options.HiddenDropout > 0 || options.AttentionDropout > 0))
        {
            string option = options.HiddenDropout > 0 ? nameof(OptimizationOptions.HiddenDropout) : nameof(OptimizationOptions.AttentionDropout);
            throw new ArgumentException($"{option} is set, but {definition.Name} is a bag of words, which has no dropout.", $"options.{option}");
        }

        _model = model;
        _options = options;
        _team = new Team(model.Options.Threads ?? Environment.ProcessorCount);
        SimdWidth width = model.Options.SimdWidth ?? SimdWidths.Best;
        _pass = new ChunkAction(model.Program, width);
        _chunk = new TrainingChunk(definition);
        _plan = ChunkPlan.Of(_layout, options);
        _hiddenDropout = options.HiddenDropout ?? (float)definition.Encoder.HiddenDropout;
        _attentionDropout = options.AttentionDropout ?? (float)definition.Encoder.AttentionDropout;
        Optimizer = new Optimizer(definition, options, width, _team);
    }

    /// <summary>Gradients and running means.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>Refuses an example that no chunk may hold, or that would lead a kernel beyond a table.</summary>
    public void Check(EncodedExample example)
    {
        ExampleFit.Check(example, _model.Definition);
        _plan.Check(example);
    }

    /// <summary>Refuses texts of a length that no chunk may hold.</summary>
    public void Check(int textTokens, int selected) => _plan.Check(textTokens, selected);

    /// <summary>Takes one step.</summary>
    /// <param name="number">Number of the step, from 1.</param>
    /// <param name="examples">Its texts, in order.</param>
    /// <param name="weights">How heads learn.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <param name="cancellationToken">Stops between chunks; the step is then not taken.</param>
    /// <exception cref="TrainingException">A loss or gradient is not finite; the weights are as before.</exception>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public StepOutcome Step(int number, IReadOnlyList<EncodedExample> examples, LossWeights weights, float learningRate, CancellationToken cancellationToken)
    {
        _model.EnterTraining();
        try
        {
            HeadOutcome[] heads = new HeadOutcome[_model.Definition.Heads.Count];
            int tokens = AddGradients(number, examples, weights, heads, cancellationToken);
            double loss = 0;
            foreach (HeadOutcome head in heads)
            {
                loss += head.Loss;
            }

            GradientNorm norm = Optimizer.Measure();
            if (norm.Bad is { } bad)
            {
                throw NotFinite(number, bad.Name, "The gradient of weight");
            }

            WeightArena arena = _model.BeginWriting();
            try
            {
                Optimizer.Update(arena, number, learningRate, norm.Norm);
            }
            finally
            {
                _model.EndWriting();
            }

            _hasGradients = false;
            return new StepOutcome(loss, heads, norm.Norm, tokens, learningRate);
        }
        finally
        {
            _model.ExitTraining();
        }
    }

    /// <summary>Copies the weights as they are between steps.</summary>
    public void CopyWeights(WeightArena target)
    {
        _model.Enter();
        try
        {
            Copy(_model.Weights.Arena, target);
        }
        finally
        {
            _model.Exit();
        }
    }

    /// <summary>Replaces the weights of the model.</summary>
    public void SetWeights(WeightArena source) => Write(arena => Copy(source, arena));

    /// <summary>Writes a checkpoint of a run.</summary>
    public void Save(string path, RunDefinition run, RunProgress progress, OptimizationOptions options)
    {
        _model.Enter();
        try
        {
            RunManifest.Write(path, _model.Definition, options, run, progress, Arenas(_model.Weights.Arena, Optimizer.FirstMoments, Optimizer.SecondMoments, progress.Best));
        }
        finally
        {
            _model.Exit();
        }
    }

    /// <summary>Reads weights and moments of a checkpoint; nothing is changed where it is damaged.</summary>
    public void Restore(RunManifest manifest, RunProgress progress)
    {
        progress.Best = manifest.Has(BestWeights) ? WeightArena.Allocate(_model.Definition.WeightFloats) : null;

        // The gradients stand for weights of the same length: nothing is read into them.
        manifest.Verify(Arenas(Optimizer.Gradients, Optimizer.FirstMoments, Optimizer.SecondMoments, progress.Best));
        Write(weights => manifest.Read(Arenas(weights, Optimizer.FirstMoments, Optimizer.SecondMoments, progress.Best)));
        Optimizer.ClearGradients();
        _hasGradients = false;
    }

    public void Dispose()
    {
        _team.Dispose();
        Optimizer.Dispose();
        _arena?.Dispose();
    }

    private static IReadOnlyList<(string Name, WeightArena Arena)> Arenas(WeightArena weights, WeightArena first, WeightArena second, WeightArena? best)
    {
        List<(string, WeightArena)> arenas = [("weights", weights), ("first moments", first), ("second moments", second)];
        if (best is not null)
        {
            arenas.Add((BestWeights, best));
        }

        return arenas;
    }

    private void Write(Action<WeightArena> write)
    {
        _model.EnterTraining();
        try
        {
            WeightArena arena = _model.BeginWriting();
            try
            {
                write(arena);
            }
            finally
            {
                _model.EndWriting();
            }
        }
        finally
        {
            _model.ExitTraining();
        }
    }

    private static void Copy(WeightArena source, WeightArena target)
    {
        Buffer.MemoryCopy(source.Pointer, target.Pointer, target.Floats * sizeof(float), source.Floats * sizeof(float));
        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }

    private int AddGradients(int number, IReadOnlyList<EncodedExample> examples, LossWeights weights, HeadOutcome[] heads, CancellationToken cancellationToken)
    {
        if (_hasGradients)
        {
            // The step before was broken off.
            Optimizer.ClearGradients();
        }

        _hasGradients = true;
        weights.Count(examples);
        _plan.Cut(examples, _starts);
        int firstToken = 0;
        for (int i = 0; i + 1 < _starts.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            _chunk.Fill(examples, _starts[i], _starts[i + 1], weights);
            if (_chunk.HasLabels)
            {
                RunPass(number, _starts[i], firstToken, weights);
                for (int head = 0; head < heads.Length; head++)
                {
                    _chunk.AddTo(head, ref heads[head]);
                    if (!double.IsFinite(heads[head].Loss))
                    {
                        throw NotFinite(number, _model.Definition.Heads[head].TensorName, "The loss of head");
                    }
                }
            }

            firstToken += _chunk.TokenCount;
        }

        return firstToken;
    }

    private void RunPass(int number, int firstText, int firstToken, LossWeights weights)
    {
        TrainingPass pass = _chunk.Pass(weights);
        pass.Weights = _model.Weights.Arena.Pointer;
        pass.Gradients = Optimizer.Gradients.Pointer;
        pass.Arena = Arena(_layout.Floats(pass.TokenCount, pass.TextCount, pass.SelectedCount, _team.Size));
        pass.FirstToken = firstToken;
        pass.FirstText = firstText;
        pass.DropoutSeed = (ulong)_options.Seed;
        pass.DropoutStep = (uint)number;
        pass.HiddenDropout = _hiddenDropout;
        pass.AttentionDropout = _attentionDropout;
        pass.FrozenLayers = _options.FrozenLayers ?? -1;
        _pass.Pass = &pass;
        try
        {
            _team.Run(_team.Size, _pass);
        }
        finally
        {
            _pass.Pass = null;
        }
    }

    private float* Arena(long floats)
    {
        // Chunks are about equally long: a little more than the first needs serves all but a few.
        const double Reserve = 1.1;
        if (_arena is null || _arena.Floats < floats)
        {
            _arena?.Dispose();
            _arena = null;
            _arena = WeightArena.Allocate((long)(floats * Reserve));
        }

        return _arena.Pointer;
    }

    private static TrainingException NotFinite(int number, string tensor, string what) => new(number, tensor,
        $"{what} '{tensor}' is not finite in step {number}. The weights are those after step {number - 1}. Lower LearningRate, lengthen the warm-up, or look for examples that are not what they should be.");

    /// <summary>One chunk's pass.</summary>
    private sealed class ChunkAction(CompiledProgram program, SimdWidth width) : ITeamAction
    {
        public TrainingPass* Pass { get; set; }

        public void Run(Worker worker) => program.Train(width, worker, Pass);
    }
}
