using BertGen.Generator.Specs;

namespace BertGen.Generator.Members;

/// <summary>The table of typed members: which a head has, by its task and by what the encoder reads.</summary>
/// <remarks>
/// Each member calls the method of its name on the runtime's static class of its head,
/// <c>BertGen.CompilerServices.&lt;Kind&gt;Head</c>, with the model, the head's index and the same arguments.
/// </remarks>
internal static class HeadMembers
{
    private const string Cancellation = "global::System.Threading.CancellationToken";
    private const string Vector = "float[]";

    public static IReadOnlyList<HeadMember> For(HeadSpec head, bool vectorInput) => head.Kind switch
    {
        HeadKind.SequenceClassification =>
        [
            .. OfSequence("Classify", $"global::BertGen.Prediction<{head.LabelType}>", vectorInput,
                "Predicts the class of", "The most probable class, with the probability of every class."),
            Evaluate("ClassificationReport", Examples(head, vectorInput ? "LabeledVectors" : "LabeledText"), "classes", "Accuracy, macro-F1, precision, recall and F1 of each class, and the confusion matrix."),
        ],
        HeadKind.MultiLabelClassification =>
        [
            .. OfSequence("ClassifyAll", $"global::BertGen.MultiLabelPrediction<{head.LabelType}>", vectorInput,
                "Predicts which labels apply to", "Every label with its probability."),
            Evaluate("MultiLabelReport", Examples(head, vectorInput ? "MultiLabeledVectors" : "MultiLabeledText"), "labels", "Precision, recall and F1 of each label and of all.",
                new HeadParameter("float", "threshold", "Probability from which on a label counts as predicted.", "0.5f")),
        ],
        HeadKind.SequenceRegression =>
        [
            .. Scores(head, vectorInput),
            .. vectorInput ? Array.Empty<HeadMember>() : [Rerank],
            Evaluate("RegressionReport", Examples(head, vectorInput ? "ScoredVectors" : "ScoredText"), "scores", "Errors and correlations."),
        ],
        HeadKind.TokenClassification =>
        [
            .. vectorInput ? FrameTags(head.LabelType!) : TokenTags(head.LabelType!),
            Evaluate("ClassificationReport", Examples(head, vectorInput ? "TaggedVectors" : "TaggedSentence"), "tags", "Accuracy, macro-F1, precision, recall and F1 of each tag, and the confusion matrix."),
        ],
        HeadKind.EntityRecognition =>
        [
            .. Entities(head.LabelType!),
            Evaluate("EntityReport", Examples(head, "EntitySentence"), "entities", "Precision, recall and F1 of whole entities, for each kind and for all."),
        ],
        HeadKind.QuestionAnswering => [.. Answers, Evaluate("AnswerReport", Examples(head, "QuestionExample"), "answers", "Exact match and F1.")],
        HeadKind.MaskedLanguageModel => [.. Masks, EvaluateMasks],
        HeadKind.NextSentencePrediction => [.. NextSentence, EvaluateNextSentence],
        HeadKind.SentenceEmbedding => Embeddings(vectorInput),
        _ => throw new InvalidOperationException($"The table of members does not know the head {head.Kind}."),
    };

    private static HeadParameter Examples(HeadSpec head, string type) =>
        new($"global::System.Collections.Generic.IEnumerable<global::BertGen.{type}{(head.LabelType is null ? "" : $"<{head.LabelType}>")}>", "examples", "What is right, at least one.");

    private static HeadMember Evaluate(string report, HeadParameter examples, string what, string returns, params HeadParameter[] more) =>
        Member("Evaluate", $"global::BertGen.{report}", $"Measures how well {what} are predicted.", returns, [examples, .. more, CancellationParameter]);

    private static HeadParameter Corpus => new("global::BertGen.PretrainingCorpus", "corpus", "The corpus, other than the one that was trained on.");

    private static HeadParameter Length => new("int?", "length", "Tokens of a text at most; 128, or what the model takes where that is less, where null.", "null");

    private static HeadParameter Seed => new("long", "seed", "Decides which words and pairs are drawn.", "0");

    private static HeadMember EvaluateMasks => Member("Evaluate", "global::BertGen.MaskedLanguageModelReport", "Measures how well masked words are predicted.", "Masked accuracy and loss.",
        Corpus, new("global::BertGen.MaskingOptions?", "masking", "Which words are masked, and how; the defaults where null.", "null"), Length, Seed, CancellationParameter);

    private static HeadMember EvaluateNextSentence => Member("EvaluateNextSentence", "global::BertGen.ClassificationReport", "Measures how well it is told whether a second text follows the first.", "Accuracy and more.",
        Corpus, Length, Seed, CancellationParameter);

    private static HeadParameter CancellationParameter => new(Cancellation, "cancellationToken", "Stops the batch between groups of texts.", "default");

    private static HeadParameter TextParameter => new("string", "text", "The text.");

    private static HeadParameter TextsParameter => new(ListOf("string"), "texts", "The texts; nothing is padded, a batch costs what its tokens cost.");

    private static HeadParameter TopParameter(string of) => new("int", "top", $"How many {of} at most, the best first.", "5");

    private static string ListOf(string type) => $"global::System.Collections.Generic.IReadOnlyList<{type}>";

    private static HeadMember Member(string method, string returnType, string summary, string returns, params HeadParameter[] parameters) =>
        new(method, returnType, parameters.ToEquatableArray(), summary, returns);

    /// <summary>One result for a text, a pair, or an input of vectors, and batches of each.</summary>
    private static HeadMember[] OfSequence(string method, string result, bool vectorInput, string does, string returns) => vectorInput
        ?
        [
            Member(method, result, $"{does} an input of vectors.", returns, Frames),
            Member(method, ListOf(result), $"{does} each input of a batch.", $"For each input, in order: {Lower(returns)}", FramesBatch, CancellationParameter),
        ]
        :
        [
            Member(method, result, $"{does} a text.", returns, TextParameter),
            Member(method, result, $"{does} a pair of texts.", returns, First, Second),
            Member(method, ListOf(result), $"{does} each text of a batch.", $"For each text, in order: {Lower(returns)}", TextsParameter, CancellationParameter),
            Member(method, ListOf(result), $"{does} each pair of a batch.", $"For each pair, in order: {Lower(returns)}", Pairs, CancellationParameter),
        ];

    private static HeadParameter Frames => new("global::System.ReadOnlySpan<float>", "frames", "[vectors, features], row major.");

    private static HeadParameter FramesBatch => new(ListOf("global::System.ReadOnlyMemory<float>"), "batch", "Inputs, each [vectors, features], row major.");

    private static HeadParameter First => new("string", "first", "The first text.");

    private static HeadParameter Second => new("string", "second", "The second text.");

    private static HeadParameter Pairs => new(ListOf("(string First, string Second)"), "pairs", "The pairs of texts.");

    private static HeadMember[] Scores(HeadSpec head, bool vectorInput) => OfSequence("Score", "float", vectorInput,
        "Scores", head.Sigmoid ? "The score, between 0 and 1." : "The score, as the head gives it.");

    private static HeadMember Rerank => Member("Rerank", ListOf("global::BertGen.RankedPassage"),
        "Scores passages against a query.", "The passages' indices and scores, best first.",
        new("string", "query", "The query, the first text of every pair."),
        new(ListOf("string"), "passages", "The passages, the second text of each pair."),
        CancellationParameter);

    private static HeadMember[] TokenTags(string tag)
    {
        string tokens = ListOf($"global::BertGen.TaggedToken<{tag}>");
        return
        [
            Member("Tag", tokens, "Tags the tokens of a text.", "A tag for each token, with the token's offsets in the text.", TextParameter),
            Member("Tag", ListOf(tokens), "Tags the tokens of each text of a batch.", "For each text, in order, a tag for each token.", TextsParameter, CancellationParameter),
            Member("TagWords", tokens, "Tags the words of a sentence; a word has the tag of its first token.", "A tag for each word.",
                new HeadParameter(ListOf("string"), "words", "The words of the sentence.")),
            Member("TagWords", ListOf(tokens), "Tags the words of each sentence of a batch; a word has the tag of its first token.",
                "For each sentence, in order, a tag for each word.",
                new HeadParameter(ListOf(ListOf("string")), "sentences", "The sentences, each as its words."), CancellationParameter),
        ];
    }

    private static HeadMember[] FrameTags(string tag)
    {
        string tags = ListOf($"global::BertGen.Prediction<{tag}>");
        return
        [
            Member("Tag", tags, "Tags the vectors of an input.", "The most probable tag of each vector.", Frames),
            Member("Tag", ListOf(tags), "Tags the vectors of each input of a batch.", "For each input, in order, the most probable tag of each vector.", FramesBatch, CancellationParameter),
        ];
    }

    private static HeadMember[] Entities(string entity)
    {
        string spans = ListOf($"global::BertGen.EntitySpan<{entity}>");
        return
        [
            Member("FindEntities", spans, "Finds the named entities of a text.", "The entities in the order of the text, with their offsets in it.", TextParameter),
            Member("FindEntities", ListOf(spans), "Finds the named entities of each text of a batch.", "For each text, in order, its entities.", TextsParameter, CancellationParameter),
        ];
    }

    private static HeadMember[] Answers =>
    [
        Member("Answer", "global::BertGen.Answer", "Finds the answer to a question in a passage.", "The best answer, with its offsets in the passage.", Question, Passage),
        Member("Answers", ListOf("global::BertGen.Answer"), "Finds answers to a question in a passage.", "The best answers, best first.", Question, Passage, TopParameter("answers")),
    ];

    private static HeadParameter Question => new("string", "question", "The question.");

    private static HeadParameter Passage => new("string", "passage", "The passage that may hold the answer.");

    private static HeadMember[] Masks
    {
        get
        {
            string candidates = ListOf("global::BertGen.MaskCandidate");
            return
            [
                Member("FillMask", candidates, "Predicts the word behind the one [MASK] of a text.", "The most probable tokens, best first.",
                    new("string", "text", "A text with exactly one [MASK]."), TopParameter("candidates")),
                Member("FillMasks", ListOf(candidates), "Predicts the word behind each [MASK] of a text.", "For each mask, in order, the most probable tokens, best first.",
                    new("string", "text", "A text with any number of [MASK]."), TopParameter("candidates for each mask")),
            ];
        }
    }

    private static HeadMember[] NextSentence =>
    [
        Member("NextSentenceProbability", "float", "Predicts whether the second text follows the first.", "The probability that it does.", First, Second),
        Member("NextSentenceProbability", ListOf("float"), "Predicts for each pair of a batch whether the second text follows the first.",
            "For each pair, in order, the probability that it does.", Pairs, CancellationParameter),
    ];

    private static HeadMember[] Embeddings(bool vectorInput) => vectorInput
        ?
        [
            Member("Embed", Vector, "Embeds an input of vectors.", "[hidden size].", Frames),
            Member("Embed", ListOf(Vector), "Embeds each input of a batch.", "For each input, in order, [hidden size].", FramesBatch, CancellationParameter),
        ]
        :
        [
            Member("Embed", Vector, "Embeds a text.", "[hidden size].", TextParameter),
            Member("Embed", ListOf(Vector), "Embeds each text of a batch.", "For each text, in order, [hidden size].", TextsParameter, CancellationParameter),
        ];

    private static string Lower(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence.Substring(1);
}
