using System.Runtime.InteropServices;
using BertGen.Data;
using BertGen.Weights;

namespace BertGen.Training;

/// <summary>Steps over labelled examples: every epoch in an order of its own.</summary>
internal sealed class ExampleSteps : IStepSource
{
    private readonly List<EncodedExample> _examples;
    private readonly TrainingOptions _options;
    private readonly int[] _lengths;

    // Number of the step after the last of each epoch, counted from 0.
    private readonly int[] _ends;
    private int[][] _batches = [];
    private int _planned = -1;
    private int _next;

    public ExampleSteps(List<EncodedExample> examples, TrainingOptions options)
    {
        _examples = examples;
        _options = options;
        _lengths = [.. examples.Select(example => example.TokenCount)];
        _ends = new int[options.Epochs];
        long end = 0;
        for (int epoch = 0; epoch < _ends.Length; epoch++)
        {
            end += (Plan(epoch).Length + options.GradientAccumulation - 1) / options.GradientAccumulation;
            _ends[epoch] = end <= int.MaxValue ? (int)end : throw new ArgumentOutOfRangeException($"options.{nameof(TrainingOptions.Epochs)}", options.Epochs, "Epochs gives the run more than 2³¹ - 1 steps.");
        }

        Fingerprint = Hash(examples);
    }

    public int Total => _ends[^1];

    public UInt128 Fingerprint { get; }

    public string Position => "";

    public void Seek(int step, string position) => _next = step;

    public (int Epoch, bool EndsEpoch) Read(List<EncodedExample> into)
    {
        int epoch = Array.FindIndex(_ends, end => _next < end);
        if (epoch != _planned)
        {
            _batches = Plan(epoch);
            _planned = epoch;
        }

        int first = (_next - (epoch == 0 ? 0 : _ends[epoch - 1])) * _options.GradientAccumulation;
        int last = Math.Min(_batches.Length, first + _options.GradientAccumulation);
        into.Clear();
        for (int batch = first; batch < last; batch++)
        {
            foreach (int example in _batches[batch])
            {
                into.Add(_examples[example]);
            }
        }

        _next++;
        return (epoch + 1, _next == _ends[epoch]);
    }

    public void Dispose()
    {
    }

    private int[][] Plan(int epoch) => _options.BatchTokens is { } tokens
        ? BatchPlan.ByTokens(_lengths, tokens, _options.Seed, epoch)
        : BatchPlan.ByTexts(_examples.Count, _options.BatchSize, _options.Seed, epoch);

    internal static UInt128 Hash(List<EncodedExample> examples)
    {
        var hash = new StableHash();
        hash.Add(examples.Count);
        foreach (EncodedExample example in examples)
        {
            hash.Add(MemoryMarshal.AsBytes<int>(example.Ids));
            hash.Add(MemoryMarshal.AsBytes<int>(example.TypeIds));
            hash.Add(MemoryMarshal.AsBytes<float>(example.Vectors));
            hash.Add(MemoryMarshal.AsBytes<int>(example.Selected));
            foreach (HeadTarget target in example.Targets)
            {
                hash.Add(target.Head);
                hash.Add(MemoryMarshal.AsBytes<int>(target.Classes));
                hash.Add(MemoryMarshal.AsBytes<float>(target.Values));
            }
        }

        return hash.Value;
    }
}
