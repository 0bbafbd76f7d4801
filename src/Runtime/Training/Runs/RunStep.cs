namespace BertGen.Training;

/// <summary>A step as its run sees it.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Epoch">Its epoch, from 1.</param>
/// <param name="Texts">Texts of the step.</param>
/// <param name="Outcome">What it did.</param>
/// <param name="TokensPerSecond">Tokens for each second.</param>
/// <param name="TimeLeft">Time that the remaining steps take at the pace so far.</param>
/// <param name="ValidationLoss">Validation loss after it, or null.</param>
/// <param name="IsLast">True for the last of the run.</param>
internal sealed record RunStep(int Number, int Epoch, int Texts, StepOutcome Outcome, double TokensPerSecond, TimeSpan TimeLeft, double? ValidationLoss, bool IsLast);
