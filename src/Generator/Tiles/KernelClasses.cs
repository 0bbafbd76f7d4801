using System.Collections.Immutable;

namespace BertGen.Generator.Tiles;

/// <summary>Names of generated classes: kernels whose tiles are equal share one, training's with inference's too.</summary>
internal sealed class KernelClasses
{
    private readonly Dictionary<string, string> _classes = [];
    private readonly HashSet<string> _names = [];

    public KernelClasses(TilePlan inference)
    {
        foreach (TileKernel kernel in inference.All.Where(kernel => kernel.IsClass))
        {
            _classes.Add(TileDump.Write(kernel), kernel.Name);
            _names.Add(kernel.Name);
        }
    }

    public ImmutableArray<TileKernel> Share(ImmutableArray<TileKernel> kernels) => [.. kernels.Select(Share)];

    private TileKernel Share(TileKernel kernel)
    {
        string text = TileDump.Write(kernel);
        if (_classes.TryGetValue(text, out string? known))
        {
            return kernel with { Name = known, IsClass = false };
        }

        string name = kernel.Kernel.Name;
        for (int number = 1; !_names.Add(name); number++)
        {
            name = $"{kernel.Kernel.Name}ForTraining{(number == 1 ? "" : $"{number}")}";
        }

        _classes.Add(text, name);
        return kernel with { Name = name, IsClass = kernel.Calls.Length > 0 };
    }
}
