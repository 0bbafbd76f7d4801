namespace BertGen;

/// <summary>How the learning rate goes on after the warm-up, which rises linearly to its full height.</summary>
public enum LearningRateSchedule
{
    /// <summary>Falls linearly; the step after the last would have 0.</summary>
    Linear,

    /// <summary>Stays.</summary>
    Constant,

    /// <summary>Falls along half a cosine; the step after the last would have 0.</summary>
    Cosine,
}
