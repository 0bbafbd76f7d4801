using BertGen.CompilerServices;

namespace BertGen.Data;

/// <summary>Questions with the answer as tokens.</summary>
/// <remarks>
/// Every window that holds a whole answer learns its first and last token. A window that holds none points at [CLS] where the head knows "no answer"; else it is left out.
/// </remarks>
internal sealed class QuestionEncoder(LoadedModel loaded, int head) : TextExampleEncoder<QuestionExample>(loaded, head)
{
    protected override void Add(QuestionExample example, TextBatch batch, ITextTokenizer tokenizer, TextLimits limits) =>
        batch.Add(tokenizer, example.Question, example.Passage, limits);

    protected override void Aim(QuestionExample example, TextBatch batch, Span<HeadTarget?> targets)
    {
        if (example.Answers.Count == 0 && !Definition.NoAnswer)
        {
            throw new ArgumentException($"The question '{example.Question}' has no answer, and the head does not know of such questions. Set NoAnswer = true on [QuestionAnswering], or leave them out.");
        }

        List<(int First, int Last)> answers = [];
        foreach (AnswerSpan answer in example.Answers)
        {
            if (Pieces(batch, answer) is var (first, last) && first <= last)
            {
                answers.Add((first, last));
            }
        }

        if (answers.Count == 0 && example.Answers.Count > 0)
        {
            // The answers have no tokens (control characters only), so nothing can point at them.
            return;
        }

        for (int i = 0; i < targets.Length; i++)
        {
            targets[i] = Target(batch.Rows[i], answers);
        }
    }

    private HeadTarget? Target(TextRow row, List<(int First, int Last)> answers)
    {
        foreach ((int first, int last) in answers)
        {
            if (first >= row.FirstPiece && last < row.EndPiece)
            {
                return new HeadTarget(Head, [row.TokenOf(first) - row.FirstToken, row.TokenOf(last) - row.FirstToken], []);
            }
        }

        return Definition.NoAnswer ? new HeadTarget(Head, [0, 0], []) : null;
    }

    /// <summary>First and last piece of the passage that an answer touches; the first behind the last where it touches none.</summary>
    private static (int First, int Last) Pieces(TextBatch batch, AnswerSpan answer)
    {
        TextSpan text = batch.Texts[0];
        ReadOnlySpan<int> starts = batch.Pieces.Starts.Slice(text.FirstPiece, text.PieceCount);
        ReadOnlySpan<int> ends = batch.Pieces.Ends.Slice(text.FirstPiece, text.PieceCount);
        int first = text.PieceCount, last = -1;
        for (int i = 0; i < starts.Length; i++)
        {
            if (starts[i] < answer.End && ends[i] > answer.Start)
            {
                first = Math.Min(first, i);
                last = i;
            }
        }

        return (first, last);
    }
}
