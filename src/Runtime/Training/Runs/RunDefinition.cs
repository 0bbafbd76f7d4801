namespace BertGen.Training;

/// <summary>What a run is made of.</summary>
/// <param name="Source">Its steps.</param>
/// <param name="Weights">How its heads learn.</param>
/// <param name="Rates">Its learning rates.</param>
/// <param name="Validation">What it is validated on, or null.</param>
/// <param name="Facts">What else decides its result, by name: to be the same in a run that goes on.</param>
internal sealed record RunDefinition(IStepSource Source, LossWeights Weights, LearningRates Rates, ValidationSet? Validation, IReadOnlyDictionary<string, string> Facts);
