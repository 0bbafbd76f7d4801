using BertGen.CompilerServices;
using BertGen.Data;
using BertGen.Tests.Inference;
using static BertGen.Tests.Inference.FakeModels;

namespace BertGen.Tests.Data;

/// <summary>Examples as tokens. Of the fake vocabulary a is 5, b 6, …; ##a is 31; [CLS] 2, [SEP] 3, [UNK] 1.</summary>
public class EncoderTests
{
    private enum Mood { Bad, Mixed, Good }

    private enum Kind : byte { Person, Place }

    [Fact]
    public void A_text_is_laid_out_as_inference_lays_it_out()
    {
        using FakeTextModel model = Of(HeadKind.SequenceClassification, 3);
        EncodedExample example = Assert.Single(Encode(ExampleEncoders.Classes<Mood>(model.Loaded, 0), new LabeledText<Mood>("a b+c", Mood.Good)));
        Assert.Equal([2, 5, 6, 33, 3], example.Ids);
        Assert.Equal([0, 0, 0, 0, 0], example.TypeIds);
        Assert.Equal(5, example.TokenCount);
        HeadTarget target = Assert.Single(example.Targets);
        Assert.Equal((0, 2), (target.Head, Assert.Single(target.Classes)));
        Assert.Empty(target.Values);
    }

    [Fact]
    public void The_longer_of_a_pair_is_cut()
    {
        using FakeTextModel model = Of(HeadKind.SequenceClassification, 3, maxPositions: 8);
        EncodedExample example = Assert.Single(Encode(ExampleEncoders.Classes<Mood>(model.Loaded, 0), new LabeledText<Mood>("a b c d e", Mood.Bad, "x y")));
        Assert.Equal([2, 5, 6, 7, 3, 28, 29, 3], example.Ids);
        Assert.Equal([0, 0, 0, 0, 0, 1, 1, 1], example.TypeIds);
    }

    [Fact]
    public void Windows_of_a_text_all_have_its_class_where_the_options_ask_for_them()
    {
        using FakeTextModel model = Of(HeadKind.SequenceClassification, 3, maxPositions: 6, options: new() { LongText = LongText.Window, WindowStride = 2 });
        List<EncodedExample> examples = Encode(ExampleEncoders.Classes<Mood>(model.Loaded, 0), new LabeledText<Mood>("a b c d e f", Mood.Mixed));
        Assert.Equal(["2 5 6 7 8 3", "2 7 8 9 10 3"], examples.Select(example => string.Join(' ', example.Ids)));
        Assert.All(examples, example => Assert.Equal(1, example.Targets[0].Classes[0]));
    }

    [Fact]
    public void Labels_become_ones_and_scores_stay()
    {
        using FakeTextModel model = Of(HeadKind.MultiLabelClassification, 3);
        Assert.Equal([1, 0, 1], Encode(ExampleEncoders.Labels<Mood>(model.Loaded, 0), new MultiLabeledText<Mood>("a", [Mood.Good, Mood.Bad]))[0].Targets[0].Values);
        Assert.Equal([0, 0, 0], Encode(ExampleEncoders.Labels<Mood>(model.Loaded, 0), new MultiLabeledText<Mood>("a", []))[0].Targets[0].Values);
        using FakeTextModel regression = Of(HeadKind.SequenceRegression, 1);
        Assert.Equal([2.5f], Encode(ExampleEncoders.Scores(regression.Loaded, 0), new ScoredText("a", 2.5f, "b"))[0].Targets[0].Values);
    }

    [Fact]
    public void A_score_that_a_sigmoid_cannot_give_is_refused()
    {
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.SequenceRegression, 1, sigmoid: true)])));
        IExampleEncoder<ScoredText> encoder = ExampleEncoders.Scores(model.Loaded, 0);
        Assert.Single(Encode(encoder, new ScoredText("a", 1)));
        Assert.Contains("Sigmoid", Assert.Throws<ArgumentException>(() => Encode(encoder, new ScoredText("a", 1.5f))).Message);
    }

    [Fact]
    public void Only_first_pieces_of_words_have_a_tag()
    {
        using FakeTextModel model = Of(HeadKind.TokenClassification, 3);
        EncodedExample example = Assert.Single(Encode(ExampleEncoders.Tags<Mood>(model.Loaded, 0), new TaggedSentence<Mood>(["a+b", "", "c"], [Mood.Mixed, Mood.Good, Mood.Bad])));
        Assert.Equal([2, 5, 32, 1, 7, 3], example.Ids);
        Assert.Equal([-1, 1, -1, 2, 0, -1], example.Targets[0].Classes);
    }

    [Fact]
    public void Over_all_windows_each_word_is_learned_once_where_inference_reads_it()
    {
        string[] words = [.. Enumerable.Range(0, 23).Select(i => i % 3 == 0 ? $"{(char)('a' + i)}+x" : $"{(char)('a' + i)}")];
        Mood[] tags = [.. words.Select((_, i) => (Mood)(i % 3))];
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.TokenClassification, 3)], maxPositions: 9)) { OfToken = Mixed });
        List<EncodedExample> examples = Encode(ExampleEncoders.Tags<Mood>(model.Loaded, 0), new TaggedSentence<Mood>(words, tags));
        Assert.True(examples.Count > 3);
        IReadOnlyList<TaggedToken<Mood>> read = TokenClassificationHead.TagWords<Mood>(model, 0, words);

        // What a learned token's logits say in its window is what inference says of its word.
        List<(Mood Actual, Mood Said)> learned = [];
        foreach (EncodedExample example in examples)
        {
            for (int token = 0; token < example.TokenCount; token++)
            {
                if (example.Targets[0].Classes[token] is var tag and >= 0)
                {
                    float[] logits = Mixed(example.Ids, token);
                    learned.Add(((Mood)tag, (Mood)Array.IndexOf(logits, logits.Max())));
                }
            }
        }

        Assert.Equal(tags.Zip(read.Select(token => token.Tag)).OrderBy(pair => pair), learned.Order());

        static float[] Mixed(ReadOnlySpan<int> ids, int position) => [ids[position] * 7 % 5, position * 3 % 7, (ids[position] + position) % 6];
    }

    [Fact]
    public void Entities_become_B_and_I()
    {
        using FakeTextModel model = Of(HeadKind.EntityRecognition, 5);
        EntitySentence<Kind> sentence = new(["a", "b+c", "d", "e", "f"], [new(Kind.Place, 4, 5), new(Kind.Person, 1, 4)]);
        Assert.Equal([-1, 0, 1, -1, 2, 2, 3, -1], Assert.Single(Encode(ExampleEncoders.Entities<Kind>(model.Loaded, 0), sentence)).Targets[0].Classes);
    }

    [Fact]
    public void An_answer_is_its_first_and_last_token()
    {
        using FakeTextModel model = Of(HeadKind.QuestionAnswering, 2);
        IExampleEncoder<QuestionExample> encoder = ExampleEncoders.Answers(model.Loaded, 0);

        // [CLS] q [SEP] a b ##c d [SEP]
        EncodedExample example = Assert.Single(Encode(encoder, new QuestionExample("q", "a b+c d", [new AnswerSpan("b+c d", 2)])));
        Assert.Equal([2, 21, 3, 5, 6, 33, 8, 3], example.Ids);
        Assert.Equal([4, 6], example.Targets[0].Classes);

        // Part of a piece is the piece.
        Assert.Equal([5, 5], Encode(encoder, new QuestionExample("q", "a b+c d", [new AnswerSpan("c", 4)]))[0].Targets[0].Classes);
    }

    // Windows of four pieces, from piece 0, 2 and 4 on; the answers are pieces 4 and 5, and 3 and 4.
    [Theory]
    [InlineData("e f", false, "5-6 3-4")]
    [InlineData("e f", true, "0-0 5-6 3-4")]
    [InlineData("d e", false, "4-5")]
    [InlineData("d e", true, "0-0 4-5 0-0")]
    public void Windows_without_the_whole_answer_are_left_out_or_point_at_the_class_token(string answer, bool noAnswer, string expected)
    {
        const string Passage = "a b c d e f g h";
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.QuestionAnswering, 2, noAnswer: noAnswer)], maxPositions: 8)));
        List<EncodedExample> examples = Encode(ExampleEncoders.Answers(model.Loaded, 0), new QuestionExample("q", Passage, [new AnswerSpan(answer, Passage.IndexOf(answer, StringComparison.Ordinal))]));
        Assert.Equal(expected, string.Join(' ', examples.Select(example => $"{example.Targets[0].Classes[0]}-{example.Targets[0].Classes[1]}")));
    }

    [Fact]
    public void Of_several_answers_the_first_in_the_window_is_learned()
    {
        using FakeTextModel model = Of(HeadKind.QuestionAnswering, 2);
        QuestionExample question = new("q", "a b a", [new AnswerSpan("a", 4), new AnswerSpan("b", 2)]);
        Assert.Equal([5, 5], Encode(ExampleEncoders.Answers(model.Loaded, 0), question)[0].Targets[0].Classes);
    }

    [Fact]
    public void A_question_without_an_answer_needs_a_head_that_knows_of_them()
    {
        QuestionExample question = new("q", "a b", []);
        using FakeTextModel model = Of(HeadKind.QuestionAnswering, 2);
        Assert.Contains("NoAnswer = true", Assert.Throws<ArgumentException>(() => Encode(ExampleEncoders.Answers(model.Loaded, 0), question)).Message);
        using FakeTextModel knowing = Text(new FakeProgram(Definition([Head(HeadKind.QuestionAnswering, 2, noAnswer: true)])));
        Assert.Equal([0, 0], Encode(ExampleEncoders.Answers(knowing.Loaded, 0), question)[0].Targets[0].Classes);
    }

    [Fact]
    public void Vectors_have_a_class_token_of_their_own()
    {
        using FakeVectorModel model = FakeModels.Vectors(new FakeProgram(Definition([Head(HeadKind.SequenceClassification, 3)], vectors: true)));
        EncodedExample example = Assert.Single(Encode(ExampleEncoders.VectorClasses<Mood>(model.Loaded, 0), new LabeledVectors<Mood>(new float[] { 1, 2, 3, 4, 5, 6 }, Mood.Good)));
        Assert.Equal([1, 2, 3, 4, 5, 6], example.Vectors);
        Assert.Equal((3, 0), (example.TokenCount, example.Ids.Length));
        Assert.Equal([2], example.Targets[0].Classes);
    }

    [Fact]
    public void Tags_of_vectors_are_learned_once_over_all_windows()
    {
        using FakeVectorModel model = FakeModels.Vectors(new FakeProgram(Definition([Head(HeadKind.TokenClassification, 3)], maxPositions: 5, vectors: true)));
        float[] frames = [.. Enumerable.Range(0, 21).Select(i => (float)i)];
        Mood[] tags = [Mood.Bad, Mood.Mixed, Mood.Good, Mood.Bad, Mood.Mixed, Mood.Good, Mood.Bad];
        List<EncodedExample> examples = Encode(ExampleEncoders.VectorTags<Mood>(model.Loaded, 0), new TaggedVectors<Mood>(frames, tags));
        Assert.All(examples, example => Assert.Equal((-1, example.TokenCount), (example.Targets[0].Classes[0], example.Targets[0].Classes.Length)));
        List<(float Frame, int Tag)> learned = [];
        foreach (EncodedExample example in examples)
        {
            for (int token = 1; token < example.TokenCount; token++)
            {
                if (example.Targets[0].Classes[token] is var tag and >= 0)
                {
                    learned.Add((example.Vectors[(token - 1) * 3], tag));
                }
            }
        }

        Assert.Equal(tags.Select((tag, i) => (i * 3f, (int)tag)), learned);
        Assert.Throws<ArgumentException>(() => Encode(ExampleEncoders.VectorTags<Mood>(model.Loaded, 0), new TaggedVectors<Mood>(new float[9], [Mood.Bad])));
    }

    [Fact]
    public void A_second_kind_of_head_is_aimed_at_by_its_index()
    {
        using FakeTextModel model = Text(new FakeProgram(Definition([Head(HeadKind.TokenClassification, 3), Head(HeadKind.SequenceClassification, 3)])));
        Assert.Equal(1, Encode(ExampleEncoders.Classes<Mood>(model.Loaded, 1), new LabeledText<Mood>("a", Mood.Bad))[0].Targets[0].Head);
    }

    private static FakeTextModel Of(HeadKind kind, int outputs, int maxPositions = 64, ModelOptions? options = null) =>
        Text(new FakeProgram(Definition([Head(kind, outputs)], maxPositions)), options: options);

    private static List<EncodedExample> Encode<TExample>(IExampleEncoder<TExample> encoder, TExample example)
    {
        List<EncodedExample> into = [];
        encoder.Encode(example, into);
        return into;
    }
}
