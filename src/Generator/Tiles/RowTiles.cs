using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tiles;

/// <summary>Loops over rows: embeddings, pooling, windows, copies.</summary>
internal sealed class RowTiles(Layouts layouts)
{
    /// <summary>A result that also stays in the arena goes to the caller's memory, without padding.</summary>
    public TileCall Copy(GraphOutput output, Value value)
    {
        CallBuilder call = new(layouts);
        (Index rowStart, Index rowEnd) = call.Share(Split.Rows);
        Address x = call.Read("x", value, Split.Rows) + (Index)"row" * Index.Named("XStride", layouts.RowStride(value));
        Index columns = Index.Named("Columns", value.Shape.Columns);
        Address y = call.Result("y", output) + (Index)"row" * columns;
        return call.Build("Copy", "Rows without padding.", value.Shape.Rows, Split.Rows, [new Loop("row", rowStart, rowEnd, [new Copy(y, x, columns)])]);
    }

    public TileCall Lower(RowKernel kernel) => new Lowering(layouts, kernel).Lower();

    private sealed class Lowering
    {
        private readonly Layouts _layouts;
        private readonly RowKernel _kernel;
        private readonly CallBuilder _call;
        private readonly RowProgram _program;
        private readonly Value _output;
        private readonly RowPlaces _places;
        private bool _needsText;
        private int _rows;

        /// <summary>Length of a row of the output.</summary>
        private Index Columns => Index.Named("Columns", _output.Shape.Columns);

        public Lowering(Layouts layouts, RowKernel kernel)
        {
            _layouts = layouts;
            _kernel = kernel;
            _call = new CallBuilder(layouts);
            _output = kernel.Outputs[0];
            _places = new RowPlaces(_call, layouts, kernel.Values.Where(value => value.Shape.Equals(_output.Shape)).ToArray());
            _program = new RowProgram(_call, kernel, _places, Columns, layouts.IsExact(_output));
        }

        public TileCall Lower()
        {
            (Index rowStart, Index rowEnd) = _call.Share(Split.Rows);
            foreach (Value value in _kernel.Values)
            {
                Apply(value);
            }

            IReadOnlyList<Statement> statements = _program.Finish(_output);
            ImmutableArray<Statement> body = [.. _places.Pointers, .. statements];
            return _call.Build("Run", "Rows of the share.", _output.Shape.Rows, Split.Rows, _needsText ? TokensOfTexts(rowStart, rowEnd, body) : [new Loop("row", rowStart, rowEnd, body)]);
        }

        /// <summary>Tokens of the share, text by text, where a token must know its place.</summary>
        private Statement[] TokensOfTexts(Index rowStart, Index rowEnd, ImmutableArray<Statement> body)
        {
            Index texts = _call.Count("textCount", PassField.TextCount);
            string textOffsets = TextOffsets();
            return
            [
                new Loop("text", 0, texts,
                [
                    new LetElement("first", textOffsets, "text"),
                    new LetElement("end", textOffsets, (Index)"text" + 1),
                    new Loop("row", Index.Max(rowStart, "first"), Index.Min(rowEnd, "end"), body),
                ]),
            ];
        }

        private void Apply(Value value)
        {
            switch (value.Operator)
            {
                case Operators.Gather when IsInputOfWindow(value):
                    break;
                case RowStatistics:
                    // Left by the normalization, which computes them anyway.
                    break;
                case Operators.Gather:
                    _program.Define(value, Element(Row(TableRow(value, "row"))));
                    break;
                case PrependRow:
                    _program.Define(value, Element(Prepend(value)));
                    break;
                case FirstTokens:
                    _program.Append(new LetElement("token", TextOffsets(), "row"));
                    _program.Define(value, Element(Row(Source("x", value.Inputs[0], "token"))));
                    break;
                case SelectTokens:
                    _program.Append(new LetElement("token", _call.Integers("selectedTokens", PassField.SelectedTokens, "[selected] i32 in"), "row"));
                    _program.Define(value, Element(Row(Source("x", value.Inputs[0], "token"))));
                    break;
                case PoolTokens pool:
                    _program.Define(value, Pool(value, pool.Kind));
                    break;
                case WindowMean window:
                    _program.Define(value, Window(value, window.Window));
                    break;
                default:
                    foreach (Value input in value.Inputs.Where(input => input.Operator is not Parameter && !_kernel.Values.Contains(input)))
                    {
                        int number = _rows++;
                        Address x = _call.Read(number == 0 ? "x" : $"x{number}", input, Split.Rows);
                        _program.Define(input, Element(x + (Index)"row" * Index.Named(number == 0 ? "XStride" : $"X{number}Stride", _layouts.RowStride(input))));
                    }

                    _program.Apply(value);
                    break;
            }
        }

        private bool IsInputOfWindow(Value gather) => _kernel.Values.Any(value => value.Operator is WindowMean && value.Inputs[0] == gather);

        private static Expression Element(Address row) => RowProgram.Element(row);

        private string TextOffsets() => _call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in");

        private Address Row(Value value) => _places.Of(value);

        /// <summary>A pointer to a row, named after what it is a row of.</summary>
        private Address Row(Address row)
        {
            string name = $"{row.Pointer}Row";
            _program.Append(new LetRow(name, row));
            return new Address(name, 0);
        }

        private Address Source(string name, Value value, Index row) => _call.Read(name, value, null) + row * Index.Named("XStride", _layouts.RowStride(value));

        private Address TableRow(Value gather, Index row)
        {
            InputKind ids = ((Input)gather.Inputs[1].Operator).Kind;
            Index stride = Index.Named("TableStride", PackedWeights.TableStride(gather.Inputs[0]));
            (string name, Index id) = ids switch
            {
                InputKind.InputIds => ("words", Id("id", _call.Integers("inputIds", PassField.InputIds, "[tokens] i32 in"), row)),
                InputKind.TokenTypeIds => ("types", Id("type", _call.Integers("tokenTypeIds", PassField.TokenTypeIds, "[tokens] i32 in"), row)),
                InputKind.Positions => ("positions", Position()),
                _ => throw new NotSupportedException($"{ids} are no ids."),
            };
            return _call.Weight(name, PackedWeights.Table(gather.Inputs[0])) + id * stride;
        }

        private Index Id(string name, string ids, Index row)
        {
            _program.Append(new LetElement(name, ids, row));
            return name;
        }

        private Index Position()
        {
            _needsText = true;
            return new Index.Binary('-', "row", "first");
        }

        /// <summary>The first token of a text is the learned row; the others are the vectors, which have no row for it.</summary>
        private Address Prepend(Value value)
        {
            Index position = Position();
            Value x = value.Inputs[0];
            Address vectors = _call.Read("x", x, null) + ((Index)"row" - "text" - 1) * Index.Named("XStride", _layouts.RowStride(x));
            Address cls = _call.Weight("cls", PackedWeights.Vector(_kernel, "Cls", value.Inputs[1]));
            _program.Append(new SelectRow("xRow", position, cls, vectors));
            return new Address("xRow", 0);
        }

        private Expression Pool(Value value, PoolKind kind)
        {
            string textOffsets = TextOffsets();
            _program.Append(new LetElement("first", textOffsets, "row"));
            _program.Append(new LetElement("end", textOffsets, (Index)"row" + 1));
            Expression sum = Element(Row(value));
            Index columns = Columns;
            bool isExact = _layouts.IsExact(_output);
            _program.Append(new Map("column", columns, Row(value), Element(Source("x", value.Inputs[0], "first")), isExact));
            Expression next = Element(Source("x", value.Inputs[0], "token"));
            _program.Append(new Loop("token", (Index)"first" + 1, "end", [new Map("column", columns, Row(value), kind == PoolKind.Mean ? sum + next : Expression.Max(sum, next), isExact)]));
            if (kind == PoolKind.Max)
            {
                return sum;
            }

            _program.Append(new DefineCount("count", (Index)"end" - "first"));
            return sum / "count";
        }

        private Expression Window(Value value, int window)
        {
            _needsText = true;
            Value words = value.Inputs[0];
            Index columns = Columns;
            bool isExact = _layouts.IsExact(_output);
            Expression sum = Element(Row(value));
            _program.Append(new Let("from", Index.Max("first", (Index)"row" - window)));
            _program.Append(new Let("to", Index.Min("end", (Index)"row" + (window + 1))));
            _program.Append(new Map("column", columns, Row(value), 0.0, isExact));
            List<Statement> add = [];
            Address neighbour;
            if (words.Operator is Operators.Gather && _kernel.Values.Contains(words))
            {
                string ids = _call.Integers("inputIds", PassField.InputIds, "[tokens] i32 in");
                add.Add(new LetElement("id", ids, "neighbour"));
                neighbour = _call.Weight("words", PackedWeights.Table(words.Inputs[0])) + (Index)"id" * Index.Named("TableStride", PackedWeights.TableStride(words.Inputs[0]));
            }
            else
            {
                neighbour = Source("x", words, "neighbour");
            }

            add.Add(new LetRow("neighbourRow", neighbour));
            add.Add(new Map("column", columns, Row(value), sum + Element(new Address("neighbourRow", 0)), isExact));
            _program.Append(new Loop("neighbour", "from", "to", [new Unless("neighbour", "row", [.. add])]));
            _program.Append(new Remark("A word without neighbours stays at zero."));
            _program.Append(new DefineCount("count", Index.Max((Index)"to" - "from" - 1, 1)));
            return sum / "count";
        }
    }
}
