using System.Globalization;
using BertGen.Data;
using BertGen.Weights;

namespace BertGen.Training;

/// <summary>Steps over a corpus that streams by, again and again.</summary>
internal sealed class CorpusSteps : IStepSource
{
    private readonly PretrainingExamples _examples;
    private readonly int _textsPerStep;
    private IEnumerator<EncodedExample>? _stream;
    private int _epoch;
    private long _index;

    public CorpusSteps(PretrainingExamples examples, CorpusText text, PretrainingOptions options)
    {
        _examples = examples;
        _textsPerStep = checked(options.BatchSize * options.GradientAccumulation);
        Total = options.Steps;
        var hash = new StableHash();
        hash.Add((long)text.Fingerprint());
        Fingerprint = hash.Value;
    }

    public int Total { get; }

    public UInt128 Fingerprint { get; }

    public string Position => string.Create(CultureInfo.InvariantCulture, $"{_epoch}:{_index}");

    public void Seek(int step, string position)
    {
        string[] parts = position.Length == 0 ? ["0", "0"] : position.Split(':');
        if (parts.Length != 2
            || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _epoch)
            || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _index))
        {
            throw new InvalidDataException($"The checkpoint says that the corpus stood at '{position}'; an epoch and a text, such as 0:4096, are expected.");
        }

        Dispose();
    }

    public (int Epoch, bool EndsEpoch) Read(List<EncodedExample> into)
    {
        into.Clear();
        int epoch = _epoch;
        while (into.Count < _textsPerStep)
        {
            _stream ??= _examples.Epoch(_epoch, _index).GetEnumerator();
            if (_stream.MoveNext())
            {
                into.Add(_stream.Current);
                _index++;
            }
            else if (_index > 0)
            {
                Dispose();
                (_epoch, _index) = (_epoch + 1, 0);
            }
            else
            {
                throw new InvalidDataException("The corpus gives no text to train on: its sentences have no tokens.");
            }
        }

        return (epoch + 1, EndsEpoch: epoch != _epoch);
    }

    /// <summary>Closes the stream; the next read opens it where it stands.</summary>
    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
    }
}
