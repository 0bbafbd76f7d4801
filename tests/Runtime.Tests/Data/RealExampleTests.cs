using BertGen.CompilerServices;
using BertGen.Data;
using BertGen.Tests.Inference;
using static BertGen.Tests.Inference.FakeModels;

namespace BertGen.Tests.Data;

/// <summary>Every example of the real sets becomes tokens that say what it says.</summary>
public class RealExampleTests
{
    // Half of a window of 384 tokens beside the question: anything shorter stands in some window whole.
    private const int LongAnswer = 170;

    private enum Upos { Adj, Adp, Adv, Aux, Cconj, Det, Intj, Noun, Num, Part, Pron, Propn, Punct, Sconj, Sym, Verb, X }

    private enum Emerging { Person, Location, Group, CreativeWork, Corporation, Product }

    private enum Named
    {
        [Label("PER")]
        Person,
        [Label("LOC")]
        Place,
        [Label("ORG")]
        Organization,
    }

    [Theory]
    [InlineData("pos-ud-ewt-en", "dev.conllu", 2001, "bert-base-cased")]
    [InlineData("pos-ud-ewt-en", "train.tsv", 12544, "bert-base-cased")]
    [InlineData("pos-ud-zh", "dev.conllu", 500, "bert-base-chinese")]
    [InlineData("pos-ud-zh", "train-pud.tsv", 1000, "bert-base-chinese")]
    public void Each_word_has_its_tag_once(string folder, string file, int sentences, string vocabulary)
    {
        string path = Machine.RealData(folder, file);
        using FakeTextModel model = Of(HeadKind.TokenClassification, 17, vocabulary);
        IExampleEncoder<TaggedSentence<Upos>> encoder = ExampleEncoders.Tags<Upos>(model.Loaded, 0);
        List<EncodedExample> encoded = [];
        int count = 0;
        foreach ((string[] words, string[] tags) in file.EndsWith("conllu", StringComparison.Ordinal) ? DataFiles.Conllu(path) : DataFiles.Tagged(path))
        {
            TaggedSentence<Upos> sentence = new(words, Array.ConvertAll(tags, tag => Enum.Parse<Upos>(tag, ignoreCase: true)));
            encoded.Clear();
            encoder.Encode(sentence, encoded);
            Assert.Equal(sentence.Tags.Select(tag => (int)tag), encoded.SelectMany(example => example.Targets[0].Classes).Where(tag => tag >= 0));
            count++;
        }

        Assert.Equal(sentences, count);
    }

    [Fact]
    public void Entities_are_read_from_tags()
    {
        Dictionary<Emerging, int> kinds = [];
        foreach ((string[] words, string[] tags) in DataFiles.Tagged(Machine.RealData("ner-wnut17-en", "train.tsv")))
        {
            foreach (EntityRange<Emerging> entity in EntitySentence<Emerging>.FromBio(words, tags).Entities)
            {
                kinds[entity.Entity] = kinds.GetValueOrDefault(entity.Entity) + 1;
            }
        }

        // The counts of the published training set (Derczynski et al., 2017, table 1): 660, 548, 264, 140, 221, 142.
        Assert.Equal([660, 548, 264, 140, 221, 142], Enum.GetValues<Emerging>().Select(kind => kinds[kind]));
        int named = DataFiles.Tagged(Machine.RealData("ner-uner-gsdsimp-zh", "train.tsv")).Sum(sentence => EntitySentence<Named>.FromBio(sentence.Words, sentence.Tags).Entities.Count);
        int opened = DataFiles.Tagged(Machine.RealData("ner-uner-gsdsimp-zh", "train.tsv")).Sum(sentence => sentence.Tags.Count(tag => tag.StartsWith('B')));
        Assert.Equal(opened, named);
    }

    [Theory]
    [InlineData("qa-xquad-en", "bert-base-cased", 0.995)]
    [InlineData("qa-cmrc2018-zh", "bert-base-chinese", 0.99)]
    [InlineData("qa-drcd-zh-hant", "bert-base-chinese", 0.99)]
    public void The_tokens_learned_spell_the_answer(string folder, string vocabulary, double least)
    {
        using FakeTextModel model = Of(HeadKind.QuestionAnswering, 2, vocabulary);
        WordPieceEncoder tokenizer = model.Tokenizer;
        IExampleEncoder<QuestionExample> encoder = ExampleEncoders.Answers(model.Loaded, 0);
        List<EncodedExample> encoded = [];
        int questions = 0, spelled = 0;
        foreach ((string question, string passage, (string Text, int Start)[] answers) in DataFiles.Questions(Machine.RealData(folder, "train.jsonl")))
        {
            AnswerSpan answer = AnswerSpan.AtCharacter(passage, answers[0].Text, answers[0].Start);
            encoded.Clear();
            encoder.Encode(new QuestionExample(question, passage, [answer]), encoded);

            // An answer longer than a window (CMRC has a few) cannot be learned.
            Assert.True(encoded.Count > 0 || answer.Text.Length > LongAnswer);
            string expected = string.Join(' ', tokenizer.Encode(answer.Text, addSpecialTokens: false).Ids);
            foreach (EncodedExample example in encoded)
            {
                int[] ends = example.Targets[0].Classes;
                Assert.Equal(1, example.TypeIds[ends[0]]);
                questions++;
                spelled += string.Join(' ', example.Ids[ends[0]..(ends[1] + 1)]) == expected ? 1 : 0;
            }
        }

        // Over 99 % were measured. The rest are answers that begin or end within a word, such as years in "2009年代".
        Assert.True(questions > 100);
        Assert.InRange(spelled / (double)questions, least, 1);
    }

    private static FakeTextModel Of(HeadKind kind, int outputs, string vocabulary) => Text(
        new FakeProgram(Definition([Head(kind, outputs)], maxPositions: 384)),
        new WordPieceTextTokenizer(WordPieceEncoder.FromVocabulary(Machine.RealData("vocab", vocabulary + ".txt"), lowerCase: false)));
}
