using BertGen.CompilerServices;
using BertGen.Training;
using BertGen.Weights;

namespace BertGen.Tests.Training;

/// <summary>
/// A compiled program small enough to be written by hand, with exact gradients: the mean of a text's word vectors, a shift that stands for a layer, and linear
/// heads over the sum. Masked words are predicted by the tied word vectors.
/// </summary>
internal sealed unsafe class BagProgram : CompiledProgram
{
    public const int Hidden = 16;
    public const int Vocabulary = 40;
    private const string Words = "bert.embeddings.word_embeddings.weight";
    private const string Shift = "bert.encoder.layer.0.shift.bias";

    private readonly long _words;
    private readonly long _shift;
    private readonly long[] _weights;
    private readonly long[] _biases;

    public BagProgram(params HeadDefinition[] heads)
    {
        List<ParameterDefinition> parameters = [];
        List<PackedTensor> packed = [];
        long floats = 0;
        long Place(string source, PackedOrder order, long length, int rowStride = 0)
        {
            long offset = floats;
            packed.Add(new PackedTensor([source], order, offset, length, 1, rowStride));
            floats += length;
            return offset;
        }

        parameters.Add(new ParameterDefinition(Words, [Vocabulary, Hidden], ParameterRole.Embedding, -1));
        parameters.Add(new ParameterDefinition(Shift, [Hidden], ParameterRole.Bias, -1));
        _words = Place(Words, PackedOrder.Table, Vocabulary * Hidden, Hidden);
        _shift = Place(Shift, PackedOrder.Vector, Hidden);
        _weights = new long[heads.Length];
        _biases = new long[heads.Length];
        for (int head = 0; head < heads.Length; head++)
        {
            int outputs = heads[head].Outputs, columns = PackedPanels.RoundUp(outputs);
            string weight = heads[head].Kind == HeadKind.MaskedLanguageModel ? Words : heads[head].TensorName + ".weight";
            if (weight != Words)
            {
                parameters.Add(new ParameterDefinition(weight, [outputs, Hidden], ParameterRole.Weight, head));
            }

            parameters.Add(new ParameterDefinition(heads[head].TensorName + ".bias", [outputs], ParameterRole.Bias, head));
            _weights[head] = Place(weight, PackedOrder.Panels, columns * Hidden);
            _biases[head] = Place(heads[head].TensorName + ".bias", PackedOrder.Vector, columns);
        }

        Definition = new ModelDefinition
        {
            Name = "Bag",
            Encoder = new EncoderDefinition { Kind = EncoderKind.Bert, Layers = 1, HiddenSize = Hidden, MaxPositions = 32, TokenTypes = 2, VocabularySize = Vocabulary, HiddenDropout = 0.25 },
            Heads = heads,
            Parameters = parameters,
            PackedTensors = packed,
            WeightFloats = floats,
            Arena = new ArenaLayout(PerToken: 0, PerText: Hidden, PerSelected: 0, PerWorker: 0),
            TrainingArena = heads.All(head => head.Kind == HeadKind.SentenceEmbedding) ? null : new ArenaLayout(PerToken: 16, PerText: 2 * Hidden, PerSelected: 0, PerWorker: Vocabulary, Fixed: 16),
            GroupTokens = 64,
        };
    }

    public override ModelDefinition Definition { get; }

    public override ModelDescription Description { get; } = new()
    {
        Name = "Bag",
        ParameterCount = 0,
        FlopsPerToken = 100,
        FlopsPerTokenPair = 1,
        WeightBytes = 0,
        ActivationBytesPerToken = 0,
        Kernels = [],
        MemoryPlan = "",
    };

    /// <summary>Chunks of every pass: texts, tokens, first text and first token.</summary>
    public List<(int Texts, int Tokens, int FirstText, int FirstToken)> Passes { get; } = [];

    /// <summary>Called by the first worker at the start of each training pass, with the step.</summary>
    public Action<uint>? OnPass { get; set; }

    /// <summary>Spoils a gradient in this step.</summary>
    public uint BadGradientIn { get; set; }

    /// <summary>Spoils a loss in this step.</summary>
    public uint BadLossIn { get; set; }

    public override void Forward(SimdWidth width, Worker worker, ForwardPass* pass)
    {
        (int start, int end) = worker.Share(pass->TextCount);
        for (int text = start; text < end; text++)
        {
            MeanOf(pass->Weights, pass->InputIds, pass->TextOffsets, text, pass->Arena + text * Hidden);
        }

        worker.Barrier();
        for (int head = 0; head < Definition.Heads.Count; head++)
        {
            if (pass->Outputs[head] is null)
            {
                continue;
            }

            int outputs = Definition.Heads[head].Outputs;
            int rows = RowsOf(head, pass->TextCount, pass->TokenCount, pass->SelectedCount);
            (start, end) = worker.Share(rows);
            for (int row = start; row < end; row++)
            {
                int text = TextOf(head, row, pass->TextOffsets, pass->SelectedTokens);
                Logits(pass->Weights, head, pass->Arena + text * Hidden, new Span<float>(pass->Outputs[head] + row * outputs, outputs));
            }
        }
    }

    public override void Train(SimdWidth width, Worker worker, TrainingPass* pass)
    {
        if (worker.Rank == 0)
        {
            OnPass?.Invoke(pass->DropoutStep);
            Passes.Add((pass->TextCount, pass->TokenCount, pass->FirstText, pass->FirstToken));
            long floats = Definition.TrainingArena!.Value.Floats(pass->TokenCount, pass->TextCount, pass->SelectedCount, worker.Count);
            new Span<float>(pass->Arena, (int)floats).Fill(float.NaN);
        }

        worker.Barrier();
        float* hidden = pass->Arena, gradient = hidden + PackedPanels.RoundUp(pass->TextCount) * Hidden;
        (int start, int end) = worker.Share(pass->TextCount);
        for (int text = start; text < end; text++)
        {
            float* x = hidden + text * Hidden;
            MeanOf(pass->Weights, pass->InputIds, pass->TextOffsets, text, x);
            for (int i = 0; i < Hidden; i++)
            {
                x[i] *= Dropout(pass, text, i);
                gradient[text * Hidden + i] = 0;
            }
        }

        worker.Barrier();
        if (worker.Rank == 0)
        {
            // Heads are tiny; one worker takes them, in order.
            for (int head = 0; head < Definition.Heads.Count; head++)
            {
                if (pass->Heads[head].Weights is not null)
                {
                    TrainHead(pass, head, hidden, gradient);
                }
            }

            if (pass->DropoutStep == BadGradientIn)
            {
                pass->Gradients[_shift + 3] = float.NaN;
            }
        }

        worker.Barrier();
        (start, end) = worker.Share(Hidden);
        for (int text = 0; text < pass->TextCount && pass->FrozenLayers < 1; text++)
        {
            int first = pass->TextOffsets[text], last = pass->TextOffsets[text + 1];
            for (int i = start; i < end; i++)
            {
                float dx = gradient[text * Hidden + i] * Dropout(pass, text, i);
                pass->Gradients[_shift + i] += dx;
                for (int token = first; token < last && pass->FrozenLayers < 0; token++)
                {
                    pass->Gradients[_words + pass->InputIds[token] * Hidden + i] += dx / (last - first);
                }
            }
        }
    }

    private void TrainHead(TrainingPass* pass, int head, float* hidden, float* gradient)
    {
        HeadDefinition declared = Definition.Heads[head];
        HeadTargets targets = pass->Heads[head];
        bool hasValues = HeadLosses.HasValues(declared.Kind);
        Span<float> logits = new float[declared.Outputs];
        int rows = RowsOf(head, pass->TextCount, pass->TokenCount, pass->SelectedCount);
        for (int row = 0; row < rows; row++)
        {
            targets.Losses[row] = 0;
            if (targets.Weights[row] == 0)
            {
                continue;
            }

            int text = TextOf(head, row, pass->TextOffsets, pass->SelectedTokens);
            float* x = hidden + text * Hidden;
            Logits(pass->Weights, head, x, logits);
            if (hasValues)
            {
                targets.Losses[row] = targets.Weights[row] * Squares(logits, new ReadOnlySpan<float>(targets.Values + row * declared.Outputs, declared.Outputs));
            }
            else
            {
                targets.Hits[row] = Largest(logits) == targets.Classes[row] ? 1 : 0;
                targets.Losses[row] = targets.Weights[row] * CrossEntropy(logits, targets.Classes[row], targets.Smoothing);
            }

            if (pass->DropoutStep == BadLossIn)
            {
                targets.Losses[row] = float.PositiveInfinity;
            }

            for (int output = 0; output < declared.Outputs; output++)
            {
                float dy = targets.Weights[row] * logits[output];
                pass->Gradients[_biases[head] + output] += dy;
                for (int i = 0; i < Hidden; i++)
                {
                    long place = _weights[head] + Panel(output, i);
                    pass->Gradients[place] += dy * x[i];
                    gradient[text * Hidden + i] += dy * pass->Weights[place];
                }
            }
        }
    }

    /// <summary>Replaces logits by the derivative of the loss, which it returns.</summary>
    private static float CrossEntropy(Span<float> logits, int right, float smoothing)
    {
        double sum = 0, loss = 0;
        foreach (float logit in logits)
        {
            sum += Math.Exp(logit);
        }

        for (int i = 0; i < logits.Length; i++)
        {
            double target = (i == right ? 1 - smoothing : 0) + smoothing / logits.Length;
            loss -= target * (logits[i] - Math.Log(sum));
            logits[i] = (float)(Math.Exp(logits[i]) / sum - target);
        }

        return (float)loss;
    }

    private static float Squares(Span<float> logits, ReadOnlySpan<float> values)
    {
        float loss = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            float difference = logits[i] - values[i];
            loss += difference * difference;
            logits[i] = 2 * difference;
        }

        return loss;
    }

    private static int Largest(ReadOnlySpan<float> logits)
    {
        int best = 0;
        for (int i = 1; i < logits.Length; i++)
        {
            best = logits[i] > logits[best] ? i : best;
        }

        return best;
    }

    private void MeanOf(float* weights, int* ids, int* offsets, int text, float* mean)
    {
        int first = offsets[text], last = offsets[text + 1];
        for (int i = 0; i < Hidden; i++)
        {
            float sum = 0;
            for (int token = first; token < last; token++)
            {
                sum += weights[_words + ids[token] * Hidden + i];
            }

            mean[i] = sum / (last - first) + weights[_shift + i];
        }
    }

    private void Logits(float* weights, int head, float* hidden, Span<float> logits)
    {
        for (int output = 0; output < logits.Length; output++)
        {
            float sum = weights[_biases[head] + output];
            for (int i = 0; i < Hidden; i++)
            {
                sum += weights[_weights[head] + Panel(output, i)] * hidden[i];
            }

            logits[output] = sum;
        }
    }

    private static long Panel(int output, int input) => (output / PackedPanels.Width * Hidden + input) * PackedPanels.Width + output % PackedPanels.Width;

    /// <summary>A function of seed, step, text and column alone.</summary>
    private static float Dropout(TrainingPass* pass, int text, int column)
    {
        if (pass->HiddenDropout == 0)
        {
            return 1;
        }

        uint random = new Philox((long)pass->DropoutSeed, pass->DropoutStep).Block((ulong)(pass->FirstText + text) * Hidden + (ulong)column).A;
        return random < pass->HiddenDropout * uint.MaxValue ? 0 : 1 / (1 - pass->HiddenDropout);
    }

    private int RowsOf(int head, int texts, int tokens, int selected) => HeadOutputs.RowsOf(Definition.Heads[head].Kind) switch
    {
        OutputRows.Text => texts,
        OutputRows.Token => tokens,
        _ => selected,
    };

    private int TextOf(int head, int row, int* offsets, int* selectedTokens)
    {
        OutputRows rows = HeadOutputs.RowsOf(Definition.Heads[head].Kind);
        if (rows == OutputRows.Text)
        {
            return row;
        }

        int token = rows == OutputRows.Token ? row : selectedTokens[row];
        int text = 0;
        while (offsets[text + 1] <= token)
        {
            text++;
        }

        return text;
    }
}
