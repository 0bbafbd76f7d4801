namespace BertGen;

/// <summary>What an evaluation found, with the one number by which runs are compared.</summary>
public interface IReport
{
    /// <summary>The name of the number.</summary>
    string ScoreName { get; }

    /// <summary>The number; larger is better.</summary>
    double Score { get; }
}
