using BertGen.Data;

namespace BertGen.Training;

/// <summary>What the steps of a run are made of: the same for the same data, options and seed, wherever it is begun.</summary>
internal interface IStepSource : IDisposable
{
    /// <summary>Steps of the run.</summary>
    int Total { get; }

    /// <summary>A hash of the data and its order.</summary>
    UInt128 Fingerprint { get; }

    /// <summary>Where the source stands, for <see cref="Seek"/>; empty where the number of the step says it all.</summary>
    string Position { get; }

    /// <summary>Goes to where the source stood after a step.</summary>
    /// <param name="step">The step, from 1; 0 for the start.</param>
    /// <param name="position">What <see cref="Position"/> said then.</param>
    void Seek(int step, string position);

    /// <summary>Reads the next step.</summary>
    /// <param name="into">Receives its texts, in order; emptied first.</param>
    /// <returns>Its epoch, from 1, and whether it is the epoch's last step.</returns>
    (int Epoch, bool EndsEpoch) Read(List<EncodedExample> into);
}
