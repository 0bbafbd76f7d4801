using System.Collections.Immutable;
using BertGen.Generator.Fusion;
using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;
using BertGen.Generator.Schedules;

namespace BertGen.Generator.Tiles;

/// <summary>dW += dyᵀ · x straight into the packed panels: blocks of rows in order, x turned and dy copied into panels once for each block.</summary>
/// <remarks>
/// Workers divide the longer side of the matrix, never the rows: what each needs of the other side it prepares for itself, and that is the shorter one.
/// An element is one sum for each block of rows, added to what is there, so that its bits depend neither on the division nor on the other blocks.
/// </remarks>
internal sealed class WeightGradientTiles(Layouts layouts, Schedule schedule)
{
    private const int Lanes = 16;

    public TileCall Lower(WeightGradientKernel kernel) => new Lowering(layouts, schedule, kernel).Lower();

    private sealed class Lowering
    {
        private readonly Layouts _layouts;
        private readonly Schedule _schedule;
        private readonly WeightGradientKernel _kernel;
        private readonly CallBuilder _call;
        private readonly int _inputCount;
        private readonly int _outputCount;
        private readonly int _turnedStride;

        public Lowering(Layouts layouts, Schedule schedule, WeightGradientKernel kernel)
        {
            _layouts = layouts;
            _schedule = schedule;
            _kernel = kernel;
            _call = new CallBuilder(layouts);
            _inputCount = kernel.Source.Shape.Columns;
            _outputCount = kernel.Gradient.Shape.Columns;

            // No multiple of 4 KiB in any number of rows that the caches could tell.
            _turnedStride = schedule.GradientRows + Lanes;
        }

        private Index Inputs => Index.Named("Inputs", _inputCount);

        private Index RowBlock => Index.Named("RowBlock", _schedule.GradientRows);

        private Index TurnedStride => Index.Named("TurnedStride", _turnedStride);

        private Index PaddedOutputs => Index.Named("PaddedOutputs", (_outputCount + Lanes - 1) / Lanes * Lanes);

        private int Groups => Math.Max(1, _kernel.Heads);

        public TileCall Lower() => _outputCount >= _inputCount ? ByOutputs() : ByInputs();

        /// <summary>More outputs than inputs: all of x is turned, dy passes group by group.</summary>
        private TileCall ByOutputs()
        {
            (Index start, Index end) = _call.ShareColumns("output", PaddedOutputs, Index.Named("OutputBlock", _schedule.GradientOutputs));
            Operands operands = Declare((long)_inputCount * _turnedStride, (long)_schedule.GradientOutputs * _schedule.GradientRows);
            return Build(operands,
            [
                new Remark("The left side, turned: what was a column becomes a row."),
                .. Turned(operands, 0, Inputs),
                new BlockLoop("output", "outputs", start, end, Index.Named("OutputBlock", _schedule.GradientOutputs), Even: false,
                [
                    .. Panels(operands, "output", "outputs"),
                    .. operands.Bias is null ? [] : new[] { BiasSums(operands, "outputs", operands.Bias + "output") },
                    new BlockLoop("input", "inputs", 0, Inputs, Index.Named("InputBlock", _schedule.GradientInputs), Even: true,
                    [
                        Sums(operands, operands.Turned + (Index)"input" * TurnedStride, "output", "outputs"),
                    ]),
                ]),
            ]);
        }

        /// <summary>More inputs than outputs: all of dy lies in panels, x passes block by block.</summary>
        private TileCall ByInputs()
        {
            (Index start, Index end) = _call.ShareColumns("input", Inputs, Lanes);
            Operands operands = Declare((long)_schedule.GradientInputs * _turnedStride, (long)((Index.Number)PaddedOutputs).Value * _schedule.GradientRows);
            return Build(operands,
            [
                .. Panels(operands, 0, PaddedOutputs),
                .. operands.Bias is null ? [] : new Statement[]
                {
                    new Remark("Biases belong to the worker that has the first input."),
                    new Loop("own", start, Index.Min(end, 1), [BiasSums(operands, PaddedOutputs, operands.Bias)]),
                },
                new BlockLoop("input", "inputs", start, end, Index.Named("InputBlock", _schedule.GradientInputs), Even: true,
                [
                    .. Turned(operands, "input", "inputs"),
                    Sums(operands, operands.Turned, 0, PaddedOutputs),
                ]),
            ]);
        }

        private sealed record Operands(Index Rows, Address X, Address Dy, Address Weight, Address? Bias, Address Turned, Address Panels, Address? Ones, Address? Prepared, string? Places);

        private Operands Declare(long turned, long panels)
        {
            string? places = _kernel.Gather?.Operator switch
            {
                null => null,
                FirstTokens => _call.Integers("textOffsets", PassField.TextOffsets, "[texts + 1] i32 in"),
                SelectTokens => _call.Integers("selectedTokens", PassField.SelectedTokens, "[selected] i32 in"),
                Operator other => throw new NotSupportedException($"{other.Name} gathers no rows."),
            };
            bool isPrepared = _kernel.Gather is not null || _kernel.Activation is not null;
            return new Operands(
                _call.RowCount(_kernel.Gradient.Shape.Rows),
                _call.Read("x", _kernel.Source, null),
                _call.Read("dy", _kernel.Gradient, null),
                _call.Gradient("weight", new PackedWeight(_kernel.Name, _kernel.Weights, PackedWeightOrder.Panels, Groups)),
                _kernel.Biases.Length == 0 ? null : _call.Gradient("bias", new PackedWeight(_kernel.Name, _kernel.Biases, PackedWeightOrder.Vector, Groups)),
                _call.Scratch("turned", turned),
                _call.Scratch("panels", panels),
                _kernel.Biases.Length == 0 ? null : _call.Scratch("ones", _schedule.GradientRows),
                isPrepared ? _call.Scratch("prepared", (long)_schedule.GradientRows * (_schedule.GradientInputs + Lanes)) : null,
                places);
        }

        private TileCall Build(Operands operands, Statement[] block)
        {
            List<Statement> body = [];
            if (operands.Ones is not null)
            {
                body.Add(new Fill(operands.Ones, RowBlock, 1));
            }

            body.Add(new BlockLoop("row", "rows", 0, operands.Rows, RowBlock, Even: true, [.. block]));
            return _call.Build("Sum", "The share of the matrix, over all rows.", _kernel.Gradient.Shape.Rows, Split.Columns, body);
        }

        /// <summary>Columns of the left side become rows; gathered or activated again on the way where the kernel says so.</summary>
        private IEnumerable<Statement> Turned(Operands operands, Index first, Index count)
        {
            Index xStride = Index.Named("XStride", _layouts.RowStride(_kernel.Source));
            if (operands.Prepared is null)
            {
                yield return new TransposeTile("rows", count, operands.X + (Index)"row" * xStride + first, xStride, operands.Turned, TurnedStride);
                yield break;
            }

            Index stride = Index.Named("PreparedStride", _schedule.GradientInputs + Lanes);
            Expression element = new Expression.Load(new Address("source", "j"));
            Index token = (Index)"row" + "i";
            List<Statement> row = [];
            if (operands.Places is not null)
            {
                row.Add(new LetElement("token", operands.Places, token));
                token = "token";
            }

            bool isWhole = first is Index.Number { Value: 0, Name: null };
            (Index start, Index columns) = isWhole ? ("column", "columns") : (first, count);
            row.Add(new LetRow("source", operands.X + token * xStride + start));
            row.Add(new LetRow("target", operands.Prepared + (Index)"i" * stride));
            row.Add(new Map("j", columns, new Address("target", 0), _kernel.Activation is { Operator: Activate activate } ? Functions.Apply(activate.Function, element) : element));
            Statement[] prepare =
            [
                new Loop("i", 0, "rows", [.. row]),
                new TransposeTile("rows", columns, operands.Prepared, stride, isWhole ? operands.Turned + (Index)"column" * TurnedStride : operands.Turned, TurnedStride),
            ];
            if (isWhole)
            {
                yield return new BlockLoop("column", "columns", 0, count, Index.Named("InputBlock", _schedule.GradientInputs), Even: false, [.. prepare]);
                yield break;
            }

            foreach (Statement statement in prepare)
            {
                yield return statement;
            }
        }

        /// <summary>Columns of dy in panels of 16, one after another: as they lie, each row is a page away from the next.</summary>
        private IEnumerable<Statement> Panels(Operands operands, Index first, Index count)
        {
            Index dyStride = Index.Named("DyStride", _layouts.RowStride(_kernel.Gradient));
            yield return new Remark("Columns of dy in panels.");
            yield return new Loop("i", 0, "rows",
            [
                new LetRow("source", operands.Dy + ((Index)"row" + "i") * dyStride + first),
                new BlockLoop("lane", "lanes", 0, count, Lanes, Even: false,
                [
                    new LetRow("target", operands.Panels + (Index)"lane" * RowBlock + (Index)"i" * Lanes),
                    new Map("j", Lanes, new Address("target", 0), new Expression.Load(new Address("source", (Index)"lane" + "j"))),
                ]),
            ]);
            int used = _outputCount % Lanes;
            if (used > 0)
            {
                Index last = Index.Named("LastPanel", _outputCount - used);
                yield return new Remark("Outputs that do not exist have no gradient.");
                yield return new Loop("last", Index.Max(first, last), Index.Min(first + count, last + 1),
                [
                    new Loop("i", 0, "rows", [new Fill(operands.Panels + ((Index)"last" - first) * RowBlock + (Index)"i" * Lanes + used, Lanes - used, 0)]),
                ]);
            }
        }

        private Statement BiasSums(Operands operands, Index columns, Address bias) =>
            new ProductAddTile(1, columns, "rows", operands.Ones!, RowBlock, operands.Panels, Lanes, (Index)Lanes * RowBlock, bias, columns);

        private Statement Sums(Operands operands, Address turned, Index firstOutput, Index outputs) =>
            new BlockLoop("lane", "lanes", 0, outputs, Lanes, Even: false,
            [
                new ProductAddTile(
                    "inputs", Lanes, "rows",
                    turned, TurnedStride,
                    operands.Panels + (Index)"lane" * RowBlock, Lanes, (Index)Lanes * RowBlock,
                    operands.Weight + (firstOutput + "lane") * Inputs + (Index)"input" * Lanes, Lanes),
            ]);
    }
}
