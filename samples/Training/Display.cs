using BertGen;
using Spectre.Console;

namespace BertGen.Samples.Training;

/// <summary>Progress while training, and a table at the end.</summary>
internal static class Display
{
    /// <summary>A bar with loss, learning rate, pace and time left.</summary>
    public static void Train(string name, IEnumerable<TrainingStep> steps) => Show(name, steps, step => (step.Number, step.Total, step.TimeLeft,
        FormattableString.Invariant($"loss {step.Loss:F4}  rate {step.LearningRate:E1}  {step.TokensPerSecond:N0} tokens/s")));

    /// <summary>The same for pre-training, with the share of masked words that are predicted.</summary>
    public static void Pretrain(string name, IEnumerable<PretrainingStep> steps, Action<PretrainingStep> each) => Show(name, steps.Select(step =>
    {
        each(step);
        return step;
    }), step => (step.Number, step.Total, step.TimeLeft, FormattableString.Invariant(
        $"words {step.MaskedLanguageModelLoss:F3} ({step.MaskedAccuracy:P1})  next sentence {step.NextSentenceLoss:F3}  {step.TokensPerSecond:N0} tokens/s")));

    public static void Results(string title, params (string Measure, double Model, double Baseline)[] rows)
    {
        Table table = new() { Title = new TableTitle(title) };
        table.AddColumns("measure", "model", "baseline");
        foreach ((string measure, double model, double baseline) in rows)
        {
            table.AddRow(measure, FormattableString.Invariant($"{model:P1}"), FormattableString.Invariant($"{baseline:P1}"));
        }

        AnsiConsole.Write(table);
    }

    private static void Show<TStep>(string name, IEnumerable<TStep> steps, Func<TStep, (int Number, int Total, TimeSpan Left, string Text)> describe) =>
        AnsiConsole.Progress()
            .AutoClear(false)
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn())
            .Start(context =>
            {
                ProgressTask bar = context.AddTask(name);
                foreach (TStep step in steps)
                {
                    (int number, int total, TimeSpan left, string text) = describe(step);
                    bar.MaxValue = total;
                    bar.Value = number;
                    bar.Description = Markup.Escape($"{name}  {text}  {left:mm\\:ss} left");
                }
            });
}
