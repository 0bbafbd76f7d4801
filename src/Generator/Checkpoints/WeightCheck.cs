using System.Globalization;
using BertGen.Generator.Diagnostics;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Checkpoints;

/// <summary>Compares the weights that the model's graph reads with those of the checkpoint.</summary>
internal static class WeightCheck
{
    private const string Pooler = "bert.pooler.";
    private const string Decoder = "cls.predictions.decoder.weight";
    private const string DecoderBias = "cls.predictions.decoder.bias";
    private const string PredictionsBias = "cls.predictions.bias";

    public static void Check(ModelSpec model, ModelAttributes attributes, CheckpointFacts facts, List<ModelDiagnostic> found)
    {
        Dictionary<string, CheckpointTensor> stored = [];
        foreach (CheckpointTensor tensor in facts.Tensors.Where(t => !t.Name.EndsWith("embeddings.position_ids", StringComparison.Ordinal)))
        {
            string name = Canonical(tensor.Name);
            if (stored.TryGetValue(name, out CheckpointTensor? twin))
            {
                found.Add(ModelDiagnostic.Of(CheckpointRules.Unreadable, new(attributes.Encoder), facts.Path, model.Name, $"Weights '{twin.Name}' and '{tensor.Name}' are two spellings of one weight."));
            }

            stored[name] = tensor;
        }

        List<Parameter> declared = GraphBuilder.Build(model).Values.Select(v => v.Operator).OfType<Parameter>().GroupBy(p => p.Key).Select(g => g.First()).ToList();
        HashSet<string> keys = [.. declared.Select(p => p.Key)];
        List<Parameter> missing = [];
        HashSet<int> present = [];
        foreach (Parameter parameter in declared)
        {
            if (Find(stored, parameter.Key, keys) is not { } tensor)
            {
                missing.Add(parameter);
                continue;
            }

            present.Add(PartOf(parameter));
            string expected = string.Join(",", parameter.Shape.Dimensions);
            if (tensor.Shape != expected)
            {
                found.Add(ModelDiagnostic.Of(CheckpointRules.ShapeDiffers, SiteOf(PartOf(parameter), attributes), tensor.Name, facts.Path, Brackets(tensor.Shape), Brackets(expected)));
            }

            if (tensor.Type is not ("F32" or "F16" or "BF16"))
            {
                found.Add(ModelDiagnostic.Of(CheckpointRules.TypeDiffers, SiteOf(PartOf(parameter), attributes), tensor.Name, facts.Path, tensor.Type));
            }
        }

        CheckTied(model, attributes, facts, stored, keys, found);
        bool initializes = false;
        foreach (IGrouping<int, Parameter> part in missing.GroupBy(PartOf))
        {
            bool whole = part.Key != Encoder && !present.Contains(part.Key);
            if (whole && facts.MayMissHeads)
            {
                initializes = true;
            }
            else
            {
                found.Add(ModelDiagnostic.Of(CheckpointRules.WeightsMissing, SiteOf(part.Key, attributes), facts.Path, Count(part.Count()), NameOf(part.Key, model), part.First().Key,
                    whole ? "Choose a checkpoint that has them, or set MissingHeads=\"Initialize\" on <BertGenCheckpoint> to start fine-tuning from it." : "Choose a checkpoint that has them."));
            }
        }

        if (initializes)
        {
            CheckSpread(model, attributes, facts, found);
        }

        List<CheckpointTensor> undeclared = stored
            .Where(s => (s.Key.StartsWith("bert.encoder.", StringComparison.Ordinal) || s.Key.StartsWith("bert.embeddings.", StringComparison.Ordinal)) && !keys.Contains(s.Key))
            .Select(s => s.Value).ToList();
        if (undeclared.Count > 0)
        {
            found.Add(ModelDiagnostic.Of(CheckpointRules.UndeclaredWeights, new(attributes.Encoder), facts.Path, Count(undeclared.Count), model.Name, undeclared[0].Name));
        }
    }

    private const int Encoder = -1;
    private const int PoolerPart = -2;

    /// <summary>What a checkpoint has or lacks as a whole: a head, the pooler, or the encoder.</summary>
    private static int PartOf(Parameter parameter) => parameter.Key.StartsWith(Pooler, StringComparison.Ordinal) ? PoolerPart : parameter.Head;

    private static DiagnosticSite SiteOf(int part, ModelAttributes attributes) => new(part >= 0 ? attributes.Heads[part] : attributes.Encoder);

    private static string NameOf(int part, ModelSpec model) => part switch
    {
        Encoder => "the encoder",
        PoolerPart => "the pooler",
        _ => $"the head '{model.Heads[part].TensorName}'",
    };

    private static string Count(int weights) => weights == 1 ? "a weight" : string.Format(CultureInfo.InvariantCulture, "{0} weights", weights);

    private static string Brackets(string shape) => $"[{shape.Replace(",", ", ")}]";

    /// <summary>A decoder stored beside the embeddings must be their copy; whether its values are shows when it is loaded.</summary>
    private static void CheckTied(
        ModelSpec model, ModelAttributes attributes, CheckpointFacts facts, Dictionary<string, CheckpointTensor> stored, HashSet<string> keys, List<ModelDiagnostic> found)
    {
        int head = model.Heads.ToList().FindIndex(h => h.Kind == HeadKind.MaskedLanguageModel);
        foreach ((string copy, string original) in new[] { (Decoder, BertEncoder.WordEmbeddings), (DecoderBias, PredictionsBias) })
        {
            if (head >= 0 && !keys.Contains(copy) && stored.TryGetValue(copy, out CheckpointTensor? second) && stored.TryGetValue(original, out CheckpointTensor? first)
                && (second.Type, second.Shape) != (first.Type, first.Shape))
            {
                found.Add(ModelDiagnostic.Of(CheckpointRules.TiedWeightDiffers, new(attributes.Heads[head]), second.Name, facts.Path, $"{second.Type} {Brackets(second.Shape)}", first.Name, $"{first.Type} {Brackets(first.Shape)}"));
            }
        }
    }

    /// <summary>The spread of what is initialized in place of missing heads.</summary>
    private static void CheckSpread(ModelSpec model, ModelAttributes attributes, CheckpointFacts facts, List<ModelDiagnostic> found)
    {
        const string Range = "initializer_range";
        if (new ConfigReader(facts, model.Name, attributes.Encoder, found).Number(Range) is { } deviation && deviation is not (>= 0 and <= 1))
        {
            found.Add(ModelDiagnostic.Of(CheckpointRules.SettingDiffers, new(attributes.Encoder), "The standard deviation of new weights", "from 0 to 1", facts.Path, Range, facts.Field(Range)!.Value, "Correct config.json."));
        }
    }

    /// <summary>The tensor of this name, or the one tied to it.</summary>
    private static CheckpointTensor? Find(Dictionary<string, CheckpointTensor> stored, string key, HashSet<string> keys)
    {
        string tied = key switch
        {
            BertEncoder.WordEmbeddings when !keys.Contains(Decoder) => Decoder,
            PredictionsBias => DecoderBias,
            _ => key,
        };
        return stored.TryGetValue(key, out CheckpointTensor? tensor) || stored.TryGetValue(tied, out tensor) ? tensor : null;
    }

    /// <summary>The declared spelling: a bare encoder is published without <c>bert.</c>, conversions from TensorFlow say gamma and beta.</summary>
    private static string Canonical(string name)
    {
        string full = name.StartsWith("embeddings.", StringComparison.Ordinal) || name.StartsWith("encoder.", StringComparison.Ordinal) || name.StartsWith("pooler.", StringComparison.Ordinal)
            ? "bert." + name : name;
        return full.EndsWith("LayerNorm.gamma", StringComparison.Ordinal) ? full.Substring(0, full.Length - 5) + "weight"
            : full.EndsWith("LayerNorm.beta", StringComparison.Ordinal) ? full.Substring(0, full.Length - 4) + "bias"
            : full;
    }
}
