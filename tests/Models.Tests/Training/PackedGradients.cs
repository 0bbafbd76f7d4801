using BertGen.CompilerServices;

namespace BertGen.Models.Tests.Training;

/// <summary>Gradients out of the order of the kernels, by the words of <see cref="PackedTensor"/> and without the product's packer.</summary>
internal static class PackedGradients
{
    private const int Width = 16;

    /// <summary>The gradient of each weight in published shape; one that is packed twice, as tied embeddings are, gets the sum of both places.</summary>
    /// <param name="model">Where the weights lie.</param>
    /// <param name="arena">Gradients in the layout of the weight arena.</param>
    /// <param name="padding">Indices in the arena that belong to no weight.</param>
    public static Dictionary<string, double[]> Unpack(ModelDefinition model, float[] arena, out IReadOnlyList<int> padding)
    {
        Dictionary<string, int[]> shapes = model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Shape);
        Dictionary<string, double[]> gradients = shapes.ToDictionary(shape => shape.Key, shape => new double[shape.Value.Aggregate(1, (product, size) => product * size)]);
        bool[] used = new bool[arena.Length];
        foreach (PackedTensor tensor in model.PackedTensors)
        {
            foreach ((int place, string source, int element) in tensor.Order == PackedOrder.Table ? Table(tensor, shapes) : Panels(tensor, shapes))
            {
                Assert.False(used[place], $"Two weights lie at {place}: one is '{source}'.");
                Assert.InRange(place, tensor.Offset, tensor.Offset + tensor.Floats - 1);
                used[place] = true;
                gradients[source][element] += arena[place];
            }
        }

        padding = [.. Enumerable.Range(0, arena.Length).Where(place => !used[place])];
        return gradients;
    }

    // Rows one after another, each at a multiple of the row stride.
    private static IEnumerable<(int Place, string Source, int Element)> Table(PackedTensor tensor, Dictionary<string, int[]> shapes)
    {
        string source = Assert.Single(tensor.Sources);
        int columns = shapes[source][^1], elements = shapes[source].Aggregate(1, (product, size) => product * size);
        for (int element = 0; element < elements; element++)
        {
            yield return ((int)tensor.Offset + element / columns * tensor.RowStride + element % columns, source, element);
        }
    }

    // For each group and source its share of the outputs, rounded up to whole panels: [outputs / 16][inputs][16].
    private static IEnumerable<(int Place, string Source, int Element)> Panels(PackedTensor tensor, Dictionary<string, int[]> shapes)
    {
        int firstPanel = 0;
        for (int group = 0; group < tensor.Groups; group++)
        {
            foreach (string source in tensor.Sources)
            {
                int[] shape = shapes[source];
                int inputs = tensor.Order == PackedOrder.Vector ? 1 : shape[1], share = shape[0] / tensor.Groups;
                Assert.Equal(tensor.Order == PackedOrder.Vector ? 1 : 2, shape.Length);
                for (int i = 0; i < share; i++)
                {
                    for (int input = 0; input < inputs; input++)
                    {
                        int place = (int)tensor.Offset + ((firstPanel + i / Width) * inputs + input) * Width + i % Width;
                        yield return (place, source, (group * share + i) * inputs + input);
                    }
                }

                firstPanel += (share + Width - 1) / Width;
            }
        }
    }
}
