using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using static BertGen.Generator.Specs.Verification;

namespace BertGen.Generator.Differentiation;

/// <summary>What every graph of forward pass and gradients must satisfy.</summary>
internal static class TrainingGraphVerifier
{
    /// <summary>Throws <see cref="InvalidOperationException"/> naming the first thing wrong.</summary>
    public static void Verify(TrainingGraph training)
    {
        GraphVerifier.Verify(training.Forward);
        GraphVerifier.Verify(training.Graph);
        HashSet<Value> trained = [];
        foreach ((Value parameter, Value gradient) in training.Gradients)
        {
            Require(gradient.Shape.Equals(parameter.Shape), $"{gradient} is no gradient of {parameter}.");
            Require(training.Forward.Contains(parameter) && parameter.Operator is Parameter, $"{parameter} is no parameter of the forward pass.");
            trained.Add(parameter);
        }

        foreach (Value value in training.Forward.Values)
        {
            Require(value.Operator is not Parameter || trained.Contains(value), $"{value} of {value.Operator.Attributes} has no gradient.");
            Require(!training.GradientOf.TryGetValue(value, out Value? gradient) || gradient.Shape.Equals(value.Shape), $"The gradient of {value} has another shape.");
        }

        VerifyDropout(training);
    }

    /// <summary>No two places share random numbers, and the backward pass drops where the forward pass did.</summary>
    private static void VerifyDropout(TrainingGraph training)
    {
        Dictionary<int, Value> places = [];
        foreach (Value value in training.Graph.Values)
        {
            if (value.Operator is not Dropout dropout)
            {
                continue;
            }

            int place = Dropout.Place(value.Layer, dropout.Site);
            if (training.Forward.Contains(value))
            {
                Require(dropout.Site < Dropout.SitesOfLayer && place >> Dropout.PlaceBits == 0, $"{value} has no place among the random numbers.");
                Require(!places.ContainsKey(place), $"{value} drops the same elements as another dropout.");
                places.Add(place, value);
            }
            else
            {
                Require(places.TryGetValue(place, out Value? forward) && forward.Operator == value.Operator && forward.Shape.Equals(value.Shape), $"{value} drops what the forward pass did not.");
            }
        }
    }
}
