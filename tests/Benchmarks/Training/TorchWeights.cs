using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace BertGen.Benchmarks;

/// <summary>The weights of a Hugging Face folder as leaves of libtorch's graph.</summary>
internal static class TorchWeights
{
    private static readonly string[] s_projections = ["query", "key", "value"];

    /// <param name="folder">The folder.</param>
    /// <param name="fuseProjections">Joins query, key and value of a layer to one matrix, <c>….self.projections</c>.</param>
    public static Dictionary<string, Parameter> Read(string folder, bool fuseProjections)
    {
        using DisposeScope scope = NewDisposeScope();
        using SafetensorsFile file = SafetensorsFile.Open(Path.Combine(folder, "model.safetensors"));
        Dictionary<string, Tensor> tensors = file.Tensors.ToDictionary(
            pair => pair.Key,
            pair => tensor(pair.Value.ToSingles()).reshape([.. pair.Value.Shape.Select(size => (long)size)]));
        foreach (string name in fuseProjections ? tensors.Keys.ToArray() : [])
        {
            if (name.Contains(".self.query.", StringComparison.Ordinal))
            {
                tensors[name.Replace(".query.", ".projections.", StringComparison.Ordinal)] = cat([.. s_projections.Select(projection =>
                {
                    tensors.Remove(name.Replace("query", projection, StringComparison.Ordinal), out Tensor? part);
                    return part!;
                })], 0);
            }
        }

        return tensors.ToDictionary(pair => pair.Key, pair => (Parameter)new Parameter(pair.Value).DetachFromDisposeScope());
    }
}
