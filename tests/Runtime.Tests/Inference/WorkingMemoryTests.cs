using System.Runtime.CompilerServices;
using BertGen.CompilerServices;
using static BertGen.Tests.Inference.FakeModels;

namespace BertGen.Tests.Inference;

/// <summary>What a model keeps between calls, and when nobody holds it any more.</summary>
public sealed class WorkingMemoryTests
{
    private static readonly HeadDefinition[] s_heads = [Head(HeadKind.SequenceClassification, 3)];

    private enum Letter : byte { A, B, C }

    [Fact]
    public void Memory_of_a_call_is_kept_for_the_next()
    {
        using FakeTextModel model = Text(new FakeProgram(Long(floatsPerToken: 100)));
        SequenceClassificationHead.Classify<Letter>(model, 0, "a b c");
        long kept = model.Loaded.Session.IdleBytes;
        Assert.InRange(kept, 1600, 100_000);
        SequenceClassificationHead.Classify<Letter>(model, 0, "a b");
        Assert.Equal(kept, model.Loaded.Session.IdleBytes);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public void What_an_unusually_long_text_needed_is_given_back(int texts)
    {
        // 16 kB a token: 5000 tokens need 80 MB, more than is kept.
        using FakeTextModel model = Text(new FakeProgram(Long(floatsPerToken: 4000)));
        string[] all = [.. Enumerable.Repeat("a", texts - 1), string.Join(' ', Enumerable.Repeat("a", 5000))];
        SequenceClassificationHead.Classify<Letter>(model, 0, all, TestContext.Current.CancellationToken);
        Assert.InRange(model.Loaded.Session.IdleBytes, 0, WorkerMemory.KeptBytes);
    }

    [Fact]
    public void Lists_of_pieces_and_vectors_are_given_back_too()
    {
        const int KeptBytes = 1000;
        TextBatch texts = new();
        texts.Clear();
        texts.Add(FakeTokenizer.Letters(), string.Join(' ', Enumerable.Repeat("a", 5000)), null, new TextLimits(10_000, LongText.Truncate, null));
        texts.Trim(KeptBytes);
        texts.Clear();
        texts.Add(FakeTokenizer.Letters(), "a b", null, new TextLimits(10_000, LongText.Truncate, null));
        Assert.Equal(4, texts.TokenCount);

        VectorBatch vectors = new();
        vectors.Clear();
        vectors.Add(new float[5000 * Features], Features, new TextLimits(10_000, LongText.Truncate, null));
        Assert.True(vectors.Vectors.Capacity >= 5000 * Features);
        vectors.Trim(KeptBytes);
        Assert.Equal(0, vectors.Vectors.Capacity);
        Assert.Equal(0, vectors.Offsets.Count);
    }

    [Fact]
    public void A_model_that_is_never_disposed_ends_its_threads()
    {
        Thread[] threads = Abandon();
        for (int round = 0; round < 100 && threads.Any(thread => thread.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Thread.Sleep(20);
        }

        Assert.NotEmpty(threads);
        Assert.All(threads, thread => Assert.False(thread.IsAlive));

        [MethodImpl(MethodImplOptions.NoInlining)]
        static Thread[] Abandon()
        {
            var seen = new System.Collections.Concurrent.ConcurrentBag<Thread>();
            FakeTextModel model = Text(new FakeProgram(Definition(s_heads)) { OnPass = () => seen.Add(Thread.CurrentThread) }, options: new() { Threads = 3, FlopsPerWorker = 1 });
            model.Run([2, 3]);
            return [.. seen.Distinct().Where(thread => thread != Thread.CurrentThread)];
        }
    }

    private static ModelDefinition Long(long floatsPerToken) => Definition(s_heads, maxPositions: 6000) with { Arena = new ArenaLayout(floatsPerToken, 5, 7, 16) };
}
