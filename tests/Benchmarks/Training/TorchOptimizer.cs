using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BertGen.Benchmarks;

/// <summary>Which AdamW libtorch's side uses.</summary>
internal enum TorchOptimizerKind
{
    /// <summary>TorchSharp's own, a few operations for each weight.</summary>
    Shipped,

    /// <summary>libtorch's fused kernel, which TorchSharp does not expose, through TorchScript; clipping works on its way.</summary>
    Fused,
}

/// <summary>Clips the gradients by their global norm, takes a step of AdamW and lets the gradients go.</summary>
internal abstract class TorchOptimizer : IDisposable
{
    protected const double LearningRate = 5e-5;
    protected const double WeightDecay = 0.01;
    protected const double MaxNorm = 1;

    public static TorchOptimizer Create(TorchOptimizerKind kind, IReadOnlyDictionary<string, Parameter> weights) => kind switch
    {
        TorchOptimizerKind.Shipped => new ShippedAdamW(weights),
        TorchOptimizerKind.Fused => new FusedAdamW(weights),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "There is no such AdamW."),
    };

    public abstract void Step();

    public virtual void Dispose() => GC.SuppressFinalize(this);

    /// <summary>Biases and layer normalizations do not decay.</summary>
    protected static bool Decays(string name) => name.EndsWith("weight", StringComparison.Ordinal) && !name.Contains("LayerNorm", StringComparison.Ordinal);

    // Gradients that the next backward pass makes anew need not be cleared.
    private static void Release(IEnumerable<Parameter> weights)
    {
        foreach (Parameter weight in weights)
        {
            weight.grad = null;
        }
    }

    private sealed class ShippedAdamW(IReadOnlyDictionary<string, Parameter> weights) : TorchOptimizer
    {
        private readonly AdamW _adamW = new(
        [
            new AdamW.ParamGroup(weights.Where(weight => Decays(weight.Key)).Select(weight => weight.Value), LearningRate, weight_decay: WeightDecay),
            new AdamW.ParamGroup(weights.Where(weight => !Decays(weight.Key)).Select(weight => weight.Value), LearningRate, weight_decay: 0),
        ], LearningRate);

        public override void Step()
        {
            using DisposeScope scope = NewDisposeScope();
            nn.utils.clip_grad_norm_(weights.Values, MaxNorm);
            _adamW.step();
            Release(weights.Values);
        }

        public override void Dispose()
        {
            base.Dispose();
            _adamW.Dispose();
        }
    }

    /// <summary>One call into libtorch for all weights. The kernel divides the gradients by a scale as it reads them: the clipping costs no pass of its own.</summary>
    private sealed class FusedAdamW : TorchOptimizer
    {
        // Lists must be arguments: what is written through a list made in here counts as unused and is left out.
        private static readonly string s_script = string.Create(CultureInfo.InvariantCulture, $"""
            def step(steps: Tensor,
                     w: List[Tensor], g: List[Tensor], m: List[Tensor], v: List[Tensor], s: List[Tensor],
                     w0: List[Tensor], g0: List[Tensor], m0: List[Tensor], v0: List[Tensor], s0: List[Tensor]):
                norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(g + g0)))
                scale = torch.clamp_min(norm / {MaxNorm:F1}, 1.0)
                steps.add_(1.0)
                torch._fused_adamw_(w, g, m, v, [], s, lr={LearningRate:F8}, beta1=0.9, beta2=0.999, weight_decay={WeightDecay:F4}, eps=0.00000001, amsgrad=False, maximize=False, grad_scale=scale)
                torch._fused_adamw_(w0, g0, m0, v0, [], s0, lr={LearningRate:F8}, beta1=0.9, beta2=0.999, weight_decay=0.0, eps=0.00000001, amsgrad=False, maximize=False, grad_scale=scale)
                return norm


            """);

        private readonly Group[] _groups;
        private readonly Tensor _steps = zeros(1);
        private readonly jit.CompilationUnit _script = jit.compile(s_script);

        public FusedAdamW(IReadOnlyDictionary<string, Parameter> weights) =>
            _groups = [.. ((bool[])[true, false]).Select(decays => new Group([.. weights.Where(weight => Decays(weight.Key) == decays).Select(weight => weight.Value)]))];

        public override void Step()
        {
            using DisposeScope scope = NewDisposeScope();
            using IDisposable gradients = no_grad();
            _script.invoke("step", [_steps, .. _groups.SelectMany(group => group.Arguments(_steps))]);
            foreach (Group group in _groups)
            {
                Release(group.Weights);
            }
        }

        public override void Dispose()
        {
            base.Dispose();
            _script.Dispose();
            _steps.Dispose();
            foreach (Group group in _groups)
            {
                group.Dispose();
            }
        }

        /// <summary>Weights with one decay, and the running means of their gradients and of the squares.</summary>
        private sealed class Group(Parameter[] weights) : IDisposable
        {
            private readonly Tensor[] _means = [.. weights.Select(weight => zeros(weight.shape))];
            private readonly Tensor[] _squares = [.. weights.Select(weight => zeros(weight.shape))];

            public Parameter[] Weights => weights;

            public object[] Arguments(Tensor steps) =>
                [weights.ToArray<Tensor>(), weights.Select(weight => weight.grad!).ToArray(), _means, _squares, weights.Select(_ => steps).ToArray()];

            public void Dispose()
            {
                foreach (Tensor tensor in _means.Concat(_squares))
                {
                    tensor.Dispose();
                }
            }
        }
    }
}
