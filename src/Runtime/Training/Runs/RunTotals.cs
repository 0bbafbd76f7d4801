using System.Diagnostics;

namespace BertGen.Training;

/// <summary>What a run has done so far, for its summary.</summary>
internal sealed class RunTotals
{
    private readonly long _start = Stopwatch.GetTimestamp();
    private readonly List<double> _losses = [];
    private long _tokens;

    public void Add(RunStep step)
    {
        _losses.Add(step.Outcome.Loss);
        _tokens += step.Outcome.Tokens;
    }

    public TrainingSummary Summary(RunProgress end, int total) => new()
    {
        Steps = end.Step,
        Loss = _losses.TakeLast(Math.Max(1, _losses.Count / 10)).DefaultIfEmpty(double.NaN).Average(),
        BestValidationLoss = end.BestStep > 0 ? end.BestLoss : null,
        BestStep = end.BestStep > 0 ? end.BestStep : null,
        StoppedEarly = end.IsStopped && end.Step < total,
        Tokens = _tokens,
        Duration = Stopwatch.GetElapsedTime(_start),
    };
}
