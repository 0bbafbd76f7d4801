using BertGen.CompilerServices;
using BertGen.Data;

namespace BertGen.Training;

/// <summary>From the examples of some heads to a run.</summary>
internal static class RunBuilder
{
    /// <exception cref="ArgumentException">Examples do not fit the model, or options do not fit the examples.</exception>
    public static RunDefinition Build<TModel>(TrainerCore core, TrainingOptions options, IReadOnlyList<HeadExamples<TModel>> heads) where TModel : Model
    {
        ArgumentNullException.ThrowIfNull(heads);
        LoadedModel model = core.Model;
        if (heads.Count == 0)
        {
            throw new ArgumentException("There is no head to train. Give the examples of at least one.", nameof(heads));
        }

        HeadLearning[] learning = [.. heads.Select(head => LearningOf(model.Definition, options, head, heads.Count))];
        if (learning.GroupBy(head => head.Head).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new ArgumentException($"Head '{model.Definition.Heads[twice.Key].TensorName}' is given twice. Put its examples into one list.", nameof(heads));
        }

        if (options.LabelSmoothing > 0 && !learning.Any(head => HeadLosses.ChoosesAmongClasses(model.Definition.Heads[head.Head].Kind)))
        {
            throw Unfit(nameof(TrainingOptions.LabelSmoothing), "no head of the run chooses among classes");
        }

        List<EncodedExample> examples = [.. heads.SelectMany(head => head.Training(model))];
        List<EncodedExample> validation = [.. heads.SelectMany(head => head.Validation?.Invoke(model) ?? [])];
        core.Check(examples);
        core.Check(validation);
        if (validation.Count == 0 && (options.ValidateEvery is not null || options.Patience is not null))
        {
            throw Unfit(options.Patience is not null ? nameof(TrainingOptions.Patience) : nameof(TrainingOptions.ValidateEvery), "the run has no validation examples");
        }

        var source = new ExampleSteps(examples, options);
        return new RunDefinition(source, new LossWeights(model.Definition, learning), LearningRates.Of(options, source.Total),
            validation.Count == 0 ? null : new ValidationSet(model, validation, learning), Facts(model.Definition, learning, validation));
    }

    private static HeadLearning LearningOf<TModel>(ModelDefinition definition, TrainingOptions options, HeadExamples<TModel> head, int heads) where TModel : Model
    {
        ArgumentNullException.ThrowIfNull(head, nameof(heads));
        HeadDefinition declared = definition.Heads[head.Head];
        if (options.ClassWeights is not null && (heads > 1 || head.ClassWeights is not null))
        {
            throw Unfit(nameof(TrainingOptions.ClassWeights), "it is for a run over one head that has no class weights of its own; give each With its classWeights");
        }

        float[]? weights = head.ClassWeights ?? (options.ClassWeights is null ? null : [.. options.ClassWeights]);
        bool chooses = HeadLosses.ChoosesAmongClasses(declared.Kind);
        if (weights is not null && (!chooses || weights.Length != declared.Outputs))
        {
            throw new ArgumentException(chooses
                ? $"There are {weights.Length} class weights; head '{declared.TensorName}' has {declared.Outputs} classes{(declared.Labels.Count > 0 ? $": {string.Join(", ", declared.Labels)}" : "")}."
                : $"Head '{declared.TensorName}' is a {declared.Kind} and does not choose among classes, so it has no class weights.", "classWeights");
        }

        return new HeadLearning(head.Head, head.Weight, weights, chooses ? options.LabelSmoothing : 0);
    }

    private static Dictionary<string, string> Facts(ModelDefinition definition, HeadLearning[] learning, List<EncodedExample> validation)
    {
        Dictionary<string, string> facts = new(StringComparer.Ordinal);
        foreach (HeadLearning head in learning)
        {
            string name = definition.Heads[head.Head].TensorName;
            Add(OptionFacts.Of($"weight of head '{name}'", head.Weight));
            Add(OptionFacts.Of($"class weights of head '{name}'", head.ClassWeights));
        }

        Add(OptionFacts.Of("validation examples", ExampleSteps.Hash(validation).ToString("x32", System.Globalization.CultureInfo.InvariantCulture)));
        return facts;

        void Add(KeyValuePair<string, string> fact) => facts.Add(fact.Key, fact.Value);
    }

    private static ArgumentException Unfit(string option, string why) => new($"{option} is set, but {why}.", $"options.{option}");
}
