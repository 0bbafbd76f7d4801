using BertGen.Generator.Members;
using BertGen.Generator.Specs;

namespace BertGen.Generator.Emission;

/// <summary>Prints what trains a model class: its heads with the examples they learn from, a trainer that takes just those, and the pre-trainer.</summary>
internal static class ApiTrainingPrinter
{
    private const string Services = "global::BertGen.CompilerServices";
    private const string List = "global::System.Collections.Generic.IEnumerable";

    public static void Print(CodeWriter writer, ModelSpec spec, bool vectorInput)
    {
        IReadOnlyList<TrainableHead> heads = TrainableHead.Of(spec.Heads, vectorInput);
        if (heads.Count > 0)
        {
            PrintCreateTrainer(writer);
            PrintHeads(writer, spec, heads);
            PrintTrainer(writer, spec, heads);
        }

        if (TrainableHead.LearnsFromCorpus(spec.Heads))
        {
            PrintCreatePretrainer(writer);
        }
    }

    private static void PrintCreateTrainer(CodeWriter writer)
    {
        writer.Write("");
        writer.Write("""
            /// <summary>Makes a trainer that fine-tunes this model.</summary>
            /// <param name="options">Epochs, batch size, learning rate and more; the defaults where null.</param>
            /// <exception cref="global::System.ArgumentOutOfRangeException">An option is out of range; the message says what is expected.</exception>
            public Trainer CreateTrainer(global::BertGen.TrainingOptions? options = null) => new(this, options);

            """);
    }

    private static void PrintHeads(CodeWriter writer, ModelSpec spec, IReadOnlyList<TrainableHead> heads)
    {
        writer.Write("/// <summary>The heads that learn from examples, for a run over several of them: <c>trainer.Fit(Heads.First.With(…), Heads.Second.With(…))</c>.</summary>");
        using (writer.Open("public static class Heads"))
        {
            for (int i = 0; i < heads.Count; i++)
            {
                if (i > 0)
                {
                    writer.Write("");
                }

                TrainableHead head = heads[i];
                writer.Write($$"""
                    /// <summary>Head <c>{{spec.Heads[head.Index].TensorName}}</c>.</summary>
                    public static global::BertGen.TrainableHead<{{spec.Name}}, {{head.ExampleType}}> {{head.Property}} { get; } =
                        {{Services}}.TrainableHeads.{{head.Factory}}<{{spec.Name}}{{head.TypeArgument}}>({{head.Index}});
                    """);
            }
        }

        writer.Write("");
    }

    private static void PrintTrainer(CodeWriter writer, ModelSpec spec, IReadOnlyList<TrainableHead> heads)
    {
        writer.Write($"""
            /// <summary>Fine-tunes a <see cref="{spec.Name}"/>. Disposing it leaves the model usable.</summary>
            """);
        using (writer.Open($"public sealed class Trainer : global::BertGen.Trainer<{spec.Name}>"))
        {
            writer.Write($$"""
                internal Trainer({{spec.Name}} model, global::BertGen.TrainingOptions? options) : base(model, options) { }
                """);
            foreach (TrainableHead head in heads.Where(head => head.IsAlone))
            {
                PrintOverloads(writer, spec.Heads[head.Index], head);
            }
        }
    }

    private static void PrintOverloads(CodeWriter writer, HeadSpec head, TrainableHead trainable)
    {
        const string Steps = "global::System.Collections.Generic.IEnumerable<global::BertGen.TrainingStep>";
        const string Progress = "global::System.IProgress<global::BertGen.TrainingStep>? progress = null, global::System.Threading.CancellationToken cancellationToken = default";
        string examples = $"{List}<{trainable.ExampleType}>";
        string with = $"Heads.{trainable.Property}.With(examples";
        foreach (bool validates in new[] { false, true })
        {
            string parameters = validates ? $"{examples} examples, {examples} validation" : $"{examples} examples";
            string heads = validates ? $"{with}, validation: validation)" : $"{with})";
            string documented = "/// <param name=\"examples\">What it learns from, at least one; read once.</param>"
                + (validates ? "\n/// <param name=\"validation\">What it is validated on, after each epoch unless the options say otherwise.</param>" : "");
            writer.Write("");
            writer.Write($"""
                /// <summary>Trains the head <c>{head.TensorName}</c> and the encoder below it.</summary>
                {documented}
                /// <returns>The steps: checked now, each taken when it is asked for. Enumerated again, they go on where they stopped.</returns>
                public {Steps} Fit({parameters}) =>
                    Fit({heads});

                /// <summary>Trains the head <c>{head.TensorName}</c> and the encoder below it, to the end.</summary>
                {documented}
                /// <param name="progress">Is told each step.</param>
                /// <param name="cancellationToken">Stops within a step, which is then not taken.</param>
                public global::BertGen.TrainingSummary Train({parameters}, {Progress}) =>
                    Train([{heads}], progress, cancellationToken);
                """);
        }
    }

    private static void PrintCreatePretrainer(CodeWriter writer)
    {
        writer.Write("");
        writer.Write($"""
            /// <summary>Makes a pre-trainer of this model: masked words, and next sentences where it has that head.</summary>
            /// <param name="options">Steps, batch size, masking and more; the defaults where null.</param>
            /// <exception cref="global::System.ArgumentOutOfRangeException">An option is out of range; the message says what is expected.</exception>
            public global::BertGen.Pretrainer CreatePretrainer(global::BertGen.PretrainingOptions? options = null) =>
                {Services}.TrainableHeads.Pretrainer(this, options);
            """);
    }
}
