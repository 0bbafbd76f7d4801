namespace BertGen;

/// <summary>A run cannot go on: a loss or gradient is not finite. The weights are those after the last good step.</summary>
public sealed class TrainingException : Exception
{
    internal TrainingException(int step, string tensor, string message) : base(message) => (Step, Tensor) = (step, tensor);

    /// <summary>Number of the step that failed, from 1.</summary>
    public int Step { get; }

    /// <summary>Published name of the weight whose gradient, or of the head whose loss, is not finite.</summary>
    public string Tensor { get; }
}
