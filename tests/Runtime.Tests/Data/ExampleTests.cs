using BertGen.Data;

namespace BertGen.Tests.Data;

public class ExampleTests
{
    private enum Mood { Bad, Good }

    private enum Kind
    {
        [Label("PER")]
        Person,
        CreativeWork,
    }

    [Fact]
    public void A_label_that_is_no_member_is_refused_with_the_members_that_are()
    {
        Assert.Contains("Bad, Good", Assert.Throws<ArgumentOutOfRangeException>(() => new LabeledText<Mood>("a", (Mood)2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MultiLabeledText<Mood>("a", [Mood.Good, (Mood)(-1)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new LabeledVectors<Mood>(new float[] { 1 }, (Mood)7));
        Assert.Throws<ArgumentNullException>(() => new LabeledText<Mood>(null!, Mood.Bad));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    public void Scores_and_vectors_are_finite(float value)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ScoredText("a", value));
        Assert.Contains("Value 1", Assert.Throws<ArgumentException>(() => new ScoredVectors(new[] { 0, value }, 1)).Message);
        Assert.Throws<ArgumentException>(() => new ScoredVectors(ReadOnlyMemory<float>.Empty, 1));
    }

    [Fact]
    public void There_is_a_tag_for_each_word()
    {
        Assert.Contains("2 words and 1 tags", Assert.Throws<ArgumentException>(() => new TaggedSentence<Mood>(["a", "b"], [Mood.Bad])).Message);
        Assert.Contains("no words", Assert.Throws<ArgumentException>(() => new TaggedSentence<Mood>([], [])).Message);
        Assert.Contains("Word 1", Assert.Throws<ArgumentException>(() => new TaggedSentence<Mood>(["a", null!], [Mood.Bad, Mood.Bad])).Message);
        Assert.Throws<ArgumentException>(() => new TaggedVectors<Mood>(new float[7], [Mood.Bad, Mood.Good]));
    }

    [Fact]
    public void An_example_keeps_what_it_was_given_when_the_caller_changes_his_list()
    {
        List<string> words = ["a", "b"];
        TaggedSentence<Mood> sentence = new(words, [Mood.Bad, Mood.Good]);
        words.Clear();
        Assert.Equal(["a", "b"], sentence.Words);
    }

    // I- with nothing to continue opens an entity, as in published evaluations.
    [Theory]
    [InlineData("O B-PER I-PER O B-creative-work", "Person:1-3 CreativeWork:4-5")]
    [InlineData("B-person B-per I-PER", "Person:0-1 Person:1-3")]
    [InlineData("I-creative_work I-PER O I-PER", "CreativeWork:0-1 Person:1-2 Person:3-4")]
    [InlineData("O O", "")]
    public void Tags_of_words_become_entities(string tags, string expected)
    {
        string[] all = tags.Split(' ');
        EntitySentence<Kind> sentence = EntitySentence<Kind>.FromBio([.. all.Select((_, i) => $"w{i}")], all);
        Assert.Equal(expected, string.Join(' ', sentence.Entities.Select(entity => $"{entity.Entity}:{entity.Start}-{entity.End}")));
    }

    [Theory]
    [InlineData("X-PER", "Tag 0 is 'X-PER'")]
    [InlineData("B-", "Tag 0 is 'B-'")]
    [InlineData("B-ORG", "Person, CreativeWork")]
    [InlineData("O O", "1 words and 2 tags")]
    public void Tags_that_mean_nothing_are_refused(string tags, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => EntitySentence<Kind>.FromBio(["a"], tags.Split(' '))).Message);

    [Theory]
    [InlineData(0, 3, 0, 0, "0 to 3 (exclusive); the sentence has 2")]
    [InlineData(1, 1, 0, 0, "1 to 1")]
    [InlineData(0, 2, 1, 2, "overlaps")]
    public void Entities_lie_in_the_sentence_and_apart(int start, int end, int secondStart, int secondEnd, string message)
    {
        List<EntityRange<Kind>> entities = [new(Kind.Person, start, end)];
        if (secondEnd > 0)
        {
            entities.Add(new(Kind.CreativeWork, secondStart, secondEnd));
        }

        Assert.Contains(message, Assert.Throws<ArgumentException>(() => new EntitySentence<Kind>(["a", "b"], entities)).Message);
    }

    [Fact]
    public void An_answer_stands_where_it_says()
    {
        Assert.Equal(2, new QuestionExample("q", "a bc d", [new AnswerSpan("bc", 2)]).Answers[0].Start);
        Assert.Contains("which is 'c '. It stands at 2", Wrong(3));
        Assert.Contains("beyond the passage of 6", Wrong(5));
        Assert.Contains("beyond the passage", Wrong(-1));
        Assert.Contains("does not have it", Assert.Throws<ArgumentException>(() => new QuestionExample("q", "abc", [new AnswerSpan("x", 0)])).Message);
        Assert.Throws<ArgumentException>(() => new AnswerSpan(" ", 0));

        static string Wrong(int start) => Assert.Throws<ArgumentException>(() => new QuestionExample("q", "a bc d", [new AnswerSpan("bc", start)])).Message;
    }

    [Fact]
    public void Starts_that_count_characters_become_UTF_16()
    {
        const string Passage = "𠀀𠀁 ab";
        AnswerSpan answer = AnswerSpan.AtCharacter(Passage, "ab", 3);
        Assert.Equal((5, 7), (answer.Start, answer.End));
        Assert.Single(new QuestionExample("q", Passage, [answer]).Answers);
        Assert.Throws<ArgumentOutOfRangeException>(() => AnswerSpan.AtCharacter(Passage, "ab", 6));
    }
}
