using BertGen.Weights;

namespace BertGen.Training;

/// <summary>How far a run has come: what its checkpoint holds beside weights and moments.</summary>
internal sealed class RunProgress
{
    /// <summary>Steps taken.</summary>
    public int Step { get; set; }

    /// <summary>Where the data stands.</summary>
    public string Position { get; set; } = "";

    /// <summary>Lowest validation loss so far.</summary>
    public double BestLoss { get; set; } = double.PositiveInfinity;

    /// <summary>The step after which it was measured; 0 before the first validation.</summary>
    public int BestStep { get; set; }

    /// <summary>Validations since then.</summary>
    public int Worse { get; set; }

    /// <summary>Validation has stopped the run.</summary>
    public bool IsStopped { get; set; }

    /// <summary>The weights of the lowest validation loss; null while there are none or they are not kept.</summary>
    public WeightArena? Best { get; set; }
}
