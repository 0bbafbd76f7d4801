using System.ComponentModel;

namespace BertGen.CompilerServices;

/// <summary>The compiled form of a model: its definition and its forward pass. Stateless; generated code derives from it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class CompiledProgram
{
    /// <summary>What the compiler knows of the model.</summary>
    public abstract ModelDefinition Definition { get; }

    /// <summary>Kernels, work and memory of the model, for people.</summary>
    public abstract ModelDescription Description { get; }

    /// <summary>Runs one worker's share of a forward pass. Every worker of the team calls it with the same pass.</summary>
    /// <param name="width">Vector width of the kernels.</param>
    /// <param name="worker">The calling worker.</param>
    /// <param name="pass">The arguments, shared by the team.</param>
    public abstract unsafe void Forward(SimdWidth width, Worker worker, ForwardPass* pass);

    /// <summary>Runs one worker's share of forward pass, losses and backward pass. Every worker of the team calls it with the same pass.</summary>
    /// <param name="width">Vector width of the kernels.</param>
    /// <param name="worker">The calling worker.</param>
    /// <param name="pass">The arguments, shared by the team.</param>
    /// <exception cref="NotSupportedException">The model has no head that can be trained.</exception>
    public virtual unsafe void Train(SimdWidth width, Worker worker, TrainingPass* pass) =>
        throw new NotSupportedException($"{Definition.Name} has no head that can be trained.");
}
