using BertGen.CompilerServices;
using BertGen.Weights;

namespace BertGen;

/// <summary>A compiled model with its weights; generated classes derive from it through <see cref="TextModel"/> and <see cref="VectorModel"/>.</summary>
/// <remarks>
/// Calls are thread-safe. <see cref="Dispose"/> waits for running calls; later calls throw <see cref="ObjectDisposedException"/>.
/// Between calls a model keeps its working memory, but of no block more than 64 MiB: what an unusually long text needed is given back when its
/// call ends. A model that is never disposed frees its threads and memory when the garbage collector finds it abandoned; files that it maps stay mapped.
/// </remarks>
public abstract class Model : IDisposable
{
    private protected Model(LoadedModel loaded)
    {
        ArgumentNullException.ThrowIfNull(loaded);
        Loaded = loaded;
    }

    internal LoadedModel Loaded { get; }

    /// <summary>Writes the model as a Hugging Face folder: configuration, weights in single precision, vocabulary.</summary>
    /// <param name="folder">The folder; it is made where it does not exist, and an earlier checkpoint in it is replaced.</param>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Save(string folder) => Save(folder, WeightType.Float32);

    /// <summary>Writes the model as a Hugging Face folder.</summary>
    /// <param name="folder">The folder; it is made where it does not exist, and an earlier checkpoint in it is replaced.</param>
    /// <param name="weightType">Number format of the weights in the file.</param>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void Save(string folder, WeightType weightType)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Loaded.Enter();
        try
        {
            CheckpointWriter.Save(Loaded.Definition, Loaded.Weights, folder, weightType);
        }
        finally
        {
            Loaded.Exit();
        }
    }

    /// <summary>Writes the packed weights, vocabulary included, to a file that a later start can map: give its path to <c>Load</c>.</summary>
    /// <remarks>A pack that is to be loaded with <see cref="ModelOptions.VerifyContent"/> must be saved by a model that was loaded with it.</remarks>
    /// <param name="path">The file.</param>
    /// <exception cref="ObjectDisposedException">The model is disposed.</exception>
    public void SavePacked(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Loaded.Enter();
        try
        {
            CheckpointWriter.SavePacked(Loaded.Definition, Loaded.Weights, path, Loaded.Options.VerifyContent);
        }
        finally
        {
            Loaded.Exit();
        }
    }

    /// <summary>Waits for running calls and frees the weights and all working memory.</summary>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        Loaded.Dispose();
    }
}
