using System.Runtime.CompilerServices;
using BertGen.Models.Tests.Weights;

namespace BertGen.Models.Tests.Oracles;

/// <summary>What libtorch computed for a case, kept in a file for machines where it does not load. Weights and inputs are seeded, so only outputs are kept.</summary>
/// <remarks>Written by <c>BERTGEN_UPDATE_FIXTURES=1 dotnet test tests/Models.Tests</c>, never from BertGen's results.</remarks>
internal sealed class Fixture(ulong weightHash, IReadOnlyList<IReadOnlyDictionary<string, double[]>> texts)
{
    // Larger outputs are kept in part, every n-th value, n a prime that divides no row.
    private const int LargestOutput = 3000;
    private static readonly int[] s_steps = [1, 7, 61, 601, 6007];

    public IReadOnlyList<IReadOnlyDictionary<string, double[]>> Texts { get; } = texts;

    public static bool IsUpdating => Environment.GetEnvironmentVariable("BERTGEN_UPDATE_FIXTURES") == "1";

    /// <summary>Where the fixtures lie in the sources.</summary>
    public static string SourceFolder => Path.Combine(FolderOfThisFile(), "..", "Fixtures");

    /// <summary>The values of an output that a fixture keeps.</summary>
    public static double[] Sample(double[] values)
    {
        int step = s_steps.First(step => values.Length / step <= LargestOutput);
        return [.. Enumerable.Range(0, (values.Length + step - 1) / step).Select(i => values[i * step])];
    }

    public static Fixture From(OracleCase oracle, IReadOnlyList<ModelResult> results) =>
        new(Hash(oracle.Weights), [.. results.Select(result => result.Outputs.ToDictionary(output => output.Name, output => Sample(output.Values)))]);

    public static Fixture Read(OracleCase oracle)
    {
        using BinaryReader reader = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", $"{oracle.Name}.bin")));
        ulong hash = reader.ReadUInt64();
        Assert.Equal(hash, Hash(oracle.Weights));
        Dictionary<string, double[]>[] texts = new Dictionary<string, double[]>[reader.ReadInt32()];
        for (int text = 0; text < texts.Length; text++)
        {
            texts[text] = [];
            for (int outputs = reader.ReadInt32(); outputs > 0; outputs--)
            {
                string name = reader.ReadString();
                double[] values = new double[reader.ReadInt32()];
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = reader.ReadSingle();
                }

                texts[text].Add(name, values);
            }
        }

        return new Fixture(hash, texts);
    }

    /// <summary>Writes the file into the source folder.</summary>
    public void Write(OracleCase oracle)
    {
        using BinaryWriter writer = new(File.Create(Path.Combine(SourceFolder, $"{oracle.Name}.bin")));
        writer.Write(weightHash);
        writer.Write(Texts.Count);
        foreach (IReadOnlyDictionary<string, double[]> text in Texts)
        {
            writer.Write(text.Count);
            foreach ((string name, double[] values) in text)
            {
                writer.Write(name);
                writer.Write(values.Length);
                foreach (double value in values)
                {
                    writer.Write((float)value);
                }
            }
        }
    }

    /// <summary>FNV-1a over the bits of all weights: a fixture of other weights must not pass as one of these.</summary>
    public static ulong Hash(Checkpoint weights)
    {
        ulong hash = 14695981039346656037;
        foreach (Checkpoint.Tensor tensor in weights.Tensors.Values)
        {
            foreach (float value in tensor.Values)
            {
                hash = (hash ^ BitConverter.SingleToUInt32Bits(value)) * 1099511628211;
            }
        }

        return hash;
    }

    private static string FolderOfThisFile([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
