using BertGen.CompilerServices;

namespace BertGen.Training;

/// <summary>The norm of a step's gradients.</summary>
/// <param name="Norm">Euclidean norm over all trained parameters; not finite where a gradient is not.</param>
/// <param name="Bad">The first range with a gradient that is no finite number, or null.</param>
internal readonly record struct GradientNorm(double Norm, ParameterRange? Bad);

/// <summary>What happens to the arena between backward pass and next forward pass: tied gradients meet, their norm is taken, AdamW runs, copies follow.</summary>
/// <remarks>
/// The arena is cut into blocks of at most 16,384 floats, which the workers share. Sums are formed by block and added up in the order of the blocks,
/// and everything else is element by element: a step gives the same bits whatever the team and the vector width.
/// Not thread-safe: one step at a time.
/// </remarks>
internal sealed unsafe class OptimizerKernels
{
    private const int BlockFloats = 16 * 1024;

    private readonly SimdWidth _width;
    private readonly Block[] _blocks;
    private readonly double[] _sums;
    private readonly MeasureAction _measure;
    private readonly UpdateAction _update;
    private readonly ClearAction _clear;
    private float* _weights;
    private float* _gradients;
    private float* _firstMoments;
    private float* _secondMoments;
    private AdamWStep _step;

    /// <summary>Kernels for the arena of a model.</summary>
    /// <exception cref="InvalidOperationException">The compiled definition contradicts itself.</exception>
    public OptimizerKernels(ModelDefinition definition, SimdWidth width)
    {
        _width = width;
        Layout = new ParameterLayout(definition);
        RateFactors = new float[Layout.Ranges.Count];
        Array.Fill(RateFactors, 1);
        var blocks = new List<Block>();
        for (int range = 0; range < Layout.Ranges.Count; range++)
        {
            (long start, long end) = (Layout.Ranges[range].Start, Layout.Ranges[range].End);
            for (; start < end; start += BlockFloats)
            {
                blocks.Add(new Block(start, (int)Math.Min(BlockFloats, end - start), range));
            }
        }

        _blocks = [.. blocks];
        _sums = new double[_blocks.Length];
        _measure = new MeasureAction(this);
        _update = new UpdateAction(this);
        _clear = new ClearAction(this);
    }

    /// <summary>The ranges of the arena.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>For each range of the layout, what its learning rate is multiplied by: 1 at first; 0 freezes it. That of a copy has no meaning.</summary>
    public float[] RateFactors { get; }

    /// <summary>Brings the gradients of tied parameters together, then takes the norm of all that are trained.</summary>
    public GradientNorm Measure(Team team, int workers, float* gradients)
    {
        _gradients = gradients;
        team.Run(workers, _measure);
        double sum = 0;
        foreach (double part in _sums)
        {
            sum += part;
        }

        int bad = double.IsFinite(sum) ? -1 : Array.FindIndex(_sums, part => !double.IsFinite(part));
        return new GradientNorm(Math.Sqrt(sum), bad < 0 ? null : Layout.Ranges[_blocks[bad].Range]);
    }

    /// <summary>Takes a step of AdamW with the gradients of the last <see cref="Measure"/>, clears them, and brings the copies of tied parameters up to date.</summary>
    /// <param name="team">The threads.</param>
    /// <param name="workers">Number of workers.</param>
    /// <param name="weights">The weight arena.</param>
    /// <param name="gradients">The gradients, in its layout; all 0 afterwards.</param>
    /// <param name="firstMoments">First moments, in its layout; all 0 before the first step.</param>
    /// <param name="secondMoments">Second moments, likewise.</param>
    /// <param name="step">The step's numbers.</param>
    public void Update(Team team, int workers, float* weights, float* gradients, float* firstMoments, float* secondMoments, in AdamWStep step)
    {
        _weights = weights;
        _gradients = gradients;
        _firstMoments = firstMoments;
        _secondMoments = secondMoments;
        _step = step;
        team.Run(workers, _update);
    }

    /// <summary>Sets all gradients to 0: for a step that is given up.</summary>
    public void Clear(Team team, int workers, float* gradients)
    {
        _gradients = gradients;
        team.Run(workers, _clear);
    }

    private void Refresh<V>(Worker worker) where V : struct, ISimd<V>
    {
        foreach (WeightCopy tied in Layout.Copies)
        {
            if (RateFactors[tied.TrainedRange] != 0)
            {
                (int start, int end) = worker.Share(tied.Copy.Outputs, TiedWeights<V>.RowStep);
                TiedWeights<V>.Refresh(in tied, start, end, _weights);
            }
        }
    }

    private void Measure<V>(Worker worker) where V : struct, ISimd<V>
    {
        foreach (WeightCopy tied in Layout.Copies)
        {
            if (RateFactors[tied.TrainedRange] != 0)
            {
                // One copy after another: two of them may add to the same place.
                (int first, int last) = worker.Share(tied.Copy.Outputs, TiedWeights<V>.RowStep);
                TiedWeights<V>.Fold(in tied, first, last, _gradients);
            }

            worker.Barrier();
        }

        (int start, int end) = worker.Share(_blocks.Length);
        for (int i = start; i < end; i++)
        {
            Block block = _blocks[i];
            _sums[i] = IsTrained(block.Range) ? SquareSums.Of(_gradients + block.Start, block.Floats) : 0;
        }
    }

    private void Update<V>(Worker worker) where V : struct, ISimd<V>
    {
        (int start, int end) = worker.Share(_blocks.Length);
        for (int i = start; i < end; i++)
        {
            Block block = _blocks[i];
            ParameterRange range = Layout.Ranges[block.Range];
            if (IsTrained(block.Range))
            {
                AdamW<V>.Update(
                    block.Floats, _weights + block.Start, _gradients + block.Start, _firstMoments + block.Start, _secondMoments + block.Start,
                    in _step, _step.LearningRate * RateFactors[block.Range], range.Decays ? _step.WeightDecay : 0);
            }
            else if (Gradients(block).ContainsAnyExcept(0f))
            {
                // The passes leave out frozen layers, but not a frozen parameter in the middle of others. Memory that nobody wrote stays untouched.
                Gradients(block).Clear();
            }
        }

        worker.Barrier();
        Refresh<V>(worker);
    }

    private bool IsTrained(int range) => RateFactors[range] != 0 && !Layout.Ranges[range].IsCopy;

    private Span<float> Gradients(Block block) => new(_gradients + block.Start, block.Floats);

    private readonly record struct Block(long Start, int Floats, int Range);

    private sealed class MeasureAction(OptimizerKernels kernels) : ITeamAction
    {
        public void Run(Worker worker)
        {
            switch (kernels._width)
            {
                case SimdWidth.Vector512: kernels.Measure<V512>(worker); break;
                case SimdWidth.Vector256: kernels.Measure<V256>(worker); break;
                default: kernels.Measure<V128>(worker); break;
            }
        }
    }

    private sealed class UpdateAction(OptimizerKernels kernels) : ITeamAction
    {
        public void Run(Worker worker)
        {
            switch (kernels._width)
            {
                case SimdWidth.Vector512: kernels.Update<V512>(worker); break;
                case SimdWidth.Vector256: kernels.Update<V256>(worker); break;
                default: kernels.Update<V128>(worker); break;
            }
        }
    }

    private sealed class ClearAction(OptimizerKernels kernels) : ITeamAction
    {
        public void Run(Worker worker)
        {
            (int start, int end) = worker.Share(kernels._blocks.Length);
            for (int i = start; i < end; i++)
            {
                kernels.Gradients(kernels._blocks[i]).Clear();
            }
        }
    }
}
