using System.Text;
using BertGen.Generator.Graphs;

namespace BertGen.Generator.Programs;

/// <summary>A program as text, a line a step.</summary>
internal static class ProgramDump
{
    public static string Write(ProgramPlan program)
    {
        StringBuilder text = new();
        Write(text, program.Steps, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, IEnumerable<Step> steps, int level)
    {
        foreach (Step step in steps)
        {
            text.Append(' ', 2 * level);
            switch (step)
            {
                case Step.Call call:
                    text.Append($"{call.Kernel.Kernel.Name}.{call.Tile.Function.Name} by {call.Split}\n");
                    break;
                case Step.Barrier barrier:
                    text.Append($"barrier: {barrier.Reason}\n");
                    break;
                case Step.Layers layers:
                    text.Append($"{layers.Count} layers{(layers.IsBackward ? " backward, down to the first that is trained" : "")}\n");
                    Write(text, layers.Body, level + 1);
                    break;
                case Step.Few few:
                    text.Append($"a team with fewer than {few.Tokens} tokens\n");
                    Write(text, few.IfFew, level + 1);
                    text.Append(' ', 2 * level).Append("otherwise\n");
                    Write(text, few.Otherwise, level + 1);
                    break;
                case Step.WhenHeads heads:
                    text.Append($"for head {string.Join(", ", heads.Heads)}\n");
                    Write(text, heads.Body, level + 1);
                    break;
                case Step.WhenEmbeddings embeddings:
                    text.Append("for embeddings that are trained\n");
                    Write(text, embeddings.Body, level + 1);
                    break;
                case Step.When conditional:
                    text.Append($"for {string.Join(", ", conditional.Results.Select(result => result.Name))}\n");
                    Write(text, conditional.Body, level + 1);
                    break;
                default:
                    throw new NotSupportedException($"{step.GetType().Name} has no text.");
            }
        }
    }
}
