using BertGen.Generator.Operators;

namespace BertGen.Generator.Tests.Compiler.Differentiation;

/// <summary>Operators on heads: [heads, tokens, keys] has a column for each key of the query's text, the rest is zero.</summary>
internal static class AttentionOperators
{
    /// <summary>The packed column of an output of a projection.</summary>
    public static int PackedColumn(int part, int parts, int headSize, int output) =>
        (output / headSize * parts + part) * PackHeads.Padded(headSize) + output % headSize;

    public static Tensor Compute(Operator @operator, Tensor[] x, TextChunk chunk) => @operator switch
    {
        SplitHeads split => Split(x[0], split.Heads),
        MergeHeads => Merge(x[0]),
        PackHeads => Pack(x),
        UnpackHeads unpack => Unpack(x[0], unpack),
        Operators.Softmax => Probabilities(x[0], chunk),
        AttentionScores scores => Pairs(chunk, x[0].Sizes[0], new Tensor(x[0].Sizes[0], chunk.TokenCount, chunk.Lengths.Max()), (y, head, query, key, token) =>
            y[head, query, key] = scores.Scale * Enumerable.Range(0, x[0].Columns).Sum(column => x[0][head, query, column] * x[1][head, token, column])),
        AttentionContext => Pairs(chunk, x[0].Sizes[0], new Tensor(x[1].Sizes), (y, head, query, key, token) => Add(y, head, query, x[0][head, query, key], x[1], token)),
        AttentionQueryGradient query => Pairs(chunk, x[0].Sizes[0], new Tensor(x[1].Sizes), (y, head, row, key, token) => Add(y, head, row, query.Scale * x[0][head, row, key], x[1], token)),
        AttentionKeyGradient key => Pairs(chunk, x[0].Sizes[0], new Tensor(x[1].Sizes), (y, head, row, column, token) => Add(y, head, token, key.Scale * x[0][head, row, column], x[1], row)),
        _ => throw new NotSupportedException($"{@operator.Name} has no reference."),
    };

    /// <summary>Each head, query and key of one text; a key by its place in the text and as a token.</summary>
    private static Tensor Pairs(TextChunk chunk, int heads, Tensor result, Action<Tensor, int, int, int, int> visit)
    {
        for (int head = 0; head < heads; head++)
        {
            for (int query = 0; query < chunk.TokenCount; query++)
            {
                int text = chunk.TextOf(query);
                for (int key = 0; key < chunk.Lengths[text]; key++)
                {
                    visit(result, head, query, key, chunk.Offsets[text] + key);
                }
            }
        }

        return result;
    }

    private static void Add(Tensor y, int head, int row, double factor, Tensor x, int token)
    {
        for (int column = 0; column < y.Columns; column++)
        {
            y[head, row, column] += factor * x[head, token, column];
        }
    }

    private static Tensor Probabilities(Tensor scores, TextChunk chunk) => scores.MapRows(scores.Columns, (row, y, number) =>
    {
        int keys = chunk.Lengths[chunk.TextOf(number % chunk.TokenCount)];
        double largest = row.Take(keys).Max();
        double sum = row.Take(keys).Sum(score => Math.Exp(score - largest));
        for (int key = 0; key < keys; key++)
        {
            y[key] = Math.Exp(row[key] - largest) / sum;
        }
    });

    private static Tensor Split(Tensor x, int heads)
    {
        Tensor y = new(heads, x.Rows, x.Columns / heads);
        for (int row = 0; row < x.Rows; row++)
        {
            for (int column = 0; column < x.Columns; column++)
            {
                y[column / y.Columns, row, column % y.Columns] = x[row, column];
            }
        }

        return y;
    }

    private static Tensor Merge(Tensor x)
    {
        Tensor y = new(x.Sizes[1], x.Sizes[0] * x.Columns);
        for (int row = 0; row < y.Rows; row++)
        {
            for (int column = 0; column < y.Columns; column++)
            {
                y[row, column] = x[column / x.Columns, row, column % x.Columns];
            }
        }

        return y;
    }

    private static Tensor Pack(Tensor[] parts)
    {
        (int heads, int tokens, int headSize) = (parts[0].Sizes[0], parts[0].Sizes[1], parts[0].Columns);
        Tensor packed = new(tokens, PackHeads.Columns(parts.Length, heads, headSize));
        for (int part = 0; part < parts.Length; part++)
        {
            for (int token = 0; token < tokens; token++)
            {
                for (int output = 0; output < heads * headSize; output++)
                {
                    packed[token, PackedColumn(part, parts.Length, headSize, output)] = parts[part][output / headSize, token, output % headSize];
                }
            }
        }

        return packed;
    }

    private static Tensor Unpack(Tensor packed, UnpackHeads unpack)
    {
        Tensor part = new(packed.Rows, unpack.Heads * unpack.HeadSize);
        for (int token = 0; token < packed.Rows; token++)
        {
            for (int output = 0; output < part.Columns; output++)
            {
                part[token, output] = packed[token, PackedColumn(unpack.Part, unpack.Parts, unpack.HeadSize, output)];
            }
        }

        return part;
    }
}
