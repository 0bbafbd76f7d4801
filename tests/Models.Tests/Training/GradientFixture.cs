using BertGen.Models.Tests.Oracles;
using BertGen.Models.Tests.Weights;

namespace BertGen.Models.Tests.Training;

/// <summary>What libtorch's autograd computed for a case, kept in a file for machines where it does not load.</summary>
/// <param name="Hash">Hash of the weights: a fixture of other weights must not pass as one of these.</param>
/// <param name="Loss">The loss.</param>
/// <param name="Gradients">Of each weight's gradient the norm and its sums under random signs.</param>
/// <param name="StepLosses">The losses of <see cref="StepSettings.Count"/> steps of AdamW.</param>
internal sealed record GradientFixture(ulong Hash, double Loss, IReadOnlyDictionary<string, (double Norm, double[] Sums)> Gradients, double[] StepLosses)
{
    // The root mean square of eight such sums is less than a tenth of the error's norm once in ten million errors.
    public const int SumCount = 8;

    public static GradientFixture From(TrainingCase one, TorchGradients exact, double[] stepLosses) => new(
        Fixture.Hash(one.Weights),
        exact.Loss,
        exact.Gradients.ToDictionary(gradient => gradient.Key, gradient => (GradientOracle.Norm(gradient.Value), Sums(gradient.Key, gradient.Value))),
        stepLosses);

    public GradientOracle ToOracle() => new(
        "libtorch's fixture",
        Loss,
        Gradients.ToDictionary(gradient => gradient.Key, gradient => gradient.Value.Norm),
        (name, values) => Math.Sqrt(Sums(name, values).Zip(Gradients[name].Sums, (sum, right) => (sum - right) * (sum - right)).Average()));

    public static string FileOf(TrainingCase one) => $"training-{one.Name.Replace(' ', '-')}.bin";

    public static GradientFixture Read(TrainingCase one)
    {
        using BinaryReader reader = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", FileOf(one))));
        ulong hash = reader.ReadUInt64();
        Assert.Equal(hash, Fixture.Hash(one.Weights));
        double loss = reader.ReadDouble();
        Dictionary<string, (double, double[])> gradients = [];
        for (int weights = reader.ReadInt32(); weights > 0; weights--)
        {
            string name = reader.ReadString();
            double norm = reader.ReadDouble();
            gradients.Add(name, (norm, ReadDoubles(reader, SumCount)));
        }

        return new(hash, loss, gradients, ReadDoubles(reader, StepSettings.Count));
    }

    /// <summary>Writes the file into the source folder.</summary>
    public void Write(TrainingCase one)
    {
        using BinaryWriter writer = new(File.Create(Path.Combine(Fixture.SourceFolder, FileOf(one))));
        writer.Write(Hash);
        writer.Write(Loss);
        writer.Write(Gradients.Count);
        foreach ((string name, (double norm, double[] sums)) in Gradients)
        {
            writer.Write(name);
            writer.Write(norm);
            Array.ForEach(sums, writer.Write);
        }

        Array.ForEach(StepLosses, writer.Write);
    }

    private static double[] ReadDoubles(BinaryReader reader, int count)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = reader.ReadDouble();
        }

        return values;
    }

    private static double[] Sums(string name, double[] values)
    {
        double[] sums = new double[SumCount];
        for (int i = 0; i < SumCount; i++)
        {
            SplitMix signs = new(RandomWeights.StableHash(name) + (ulong)i);
            double sum = 0;
            ulong bits = 0;
            for (int j = 0; j < values.Length; j++, bits >>= 1)
            {
                bits = j % 64 == 0 ? signs.Next() : bits;
                sum += (bits & 1) == 0 ? values[j] : -values[j];
            }

            sums[i] = sum;
        }

        return sums;
    }
}
