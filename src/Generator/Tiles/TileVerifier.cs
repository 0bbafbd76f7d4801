namespace BertGen.Generator.Tiles;

/// <summary>What every function must satisfy: names are known where they are used, once, and each parameter serves something.</summary>
internal static class TileVerifier
{
    /// <summary>Throws <see cref="InvalidOperationException"/> naming the first thing wrong.</summary>
    public static void Verify(IEnumerable<TileKernel> kernels)
    {
        foreach (TileKernel kernel in kernels)
        {
            foreach (TileCall call in kernel.Calls)
            {
                Verify(kernel.Name, call.Function);
                if (call.Arguments.Length != call.Function.Parameters.Length)
                {
                    throw new InvalidOperationException($"{kernel.Name}.{call.Function.Name} takes {call.Function.Parameters.Length} arguments, not {call.Arguments.Length}.");
                }
            }
        }
    }

    public static void Verify(string kernel, TileFunction function)
    {
        Scope scope = new($"{kernel}.{function.Name}");
        foreach (TileParameter parameter in function.Parameters)
        {
            scope.Declare(parameter.Name);
        }

        scope.Visit(function.Body);
        foreach (TileParameter parameter in function.Parameters)
        {
            if (!scope.IsUsed(parameter.Name))
            {
                throw new InvalidOperationException($"{kernel}.{function.Name} does not use its parameter '{parameter.Name}'.");
            }
        }
    }

    private sealed class Scope(string function)
    {
        private readonly List<string> _known = [];
        private readonly HashSet<string> _used = [];

        public bool IsUsed(string name) => _used.Contains(name);

        public void Declare(string name)
        {
            if (_known.Contains(name))
            {
                throw new InvalidOperationException($"{function} declares '{name}' twice.");
            }

            _known.Add(name);
        }

        public void Visit(IEnumerable<Statement> statements)
        {
            int outer = _known.Count;
            foreach (Statement statement in statements)
            {
                Visit(statement);
            }

            _known.RemoveRange(outer, _known.Count - outer);
        }

        private void Visit(Statement statement)
        {
            switch (statement)
            {
                case Remark:
                    break;
                case Let let:
                    Use(let.Value);
                    Declare(let.Name);
                    break;
                case LetElement element:
                    Use(element.Pointer);
                    Use(element.Offset);
                    Declare(element.Name);
                    break;
                case LetRow row:
                    Use(row.Row);
                    Declare(row.Name);
                    break;
                case SelectRow select:
                    Use(select.Selector);
                    Use(select.First);
                    Use(select.Other);
                    Declare(select.Name);
                    break;
                case Loop loop:
                    Use(loop.Start);
                    Use(loop.End);
                    Within([loop.Variable], () => Visit(loop.Body));
                    break;
                case Unless unless:
                    Use(unless.Value);
                    Use(unless.Other);
                    Visit(unless.Body);
                    break;
                case BlockLoop blocks:
                    Use(blocks.Start);
                    Use(blocks.End);
                    Use(blocks.Step);
                    Within([blocks.Variable, blocks.Count], () => Visit(blocks.Body));
                    break;
                case ProductTile product:
                    foreach (Index index in new[] { product.Rows, product.Columns, product.Inner, product.AStride, product.BRowStride, product.BPanelStride, product.CStride })
                    {
                        Use(index);
                    }

                    foreach (Address address in new[] { product.A, product.B, product.Bias, product.C })
                    {
                        Use(address);
                    }

                    break;
                case ProductAddTile product:
                    Array.ForEach([product.Rows, product.Columns, product.Inner, product.AStride, product.BRowStride, product.BPanelStride, product.CStride], Use);
                    Array.ForEach([product.A, product.B, product.C], Use);
                    break;
                case TransposeTile transpose:
                    Array.ForEach([transpose.Rows, transpose.Columns, transpose.SourceStride, transpose.TargetStride], Use);
                    Array.ForEach([transpose.Source, transpose.Target], Use);
                    break;
                case TransposePanels transpose:
                    Array.ForEach([transpose.Start, transpose.End, transpose.Outputs, transpose.Inputs], Use);
                    Array.ForEach([transpose.Panels, transpose.Transposed], Use);
                    break;
                case DropoutRow dropout:
                    Use(dropout.Row);
                    Array.ForEach([dropout.Columns, dropout.Place, dropout.Number], Use);
                    Array.ForEach([dropout.Names.Seed, dropout.Names.Step, dropout.Names.Site, dropout.Names.Rate], Use);
                    break;
                case WhenGiven given:
                    Use(given.Pointer);
                    Visit(given.Body);
                    break;
                case TransposeToPanels transpose:
                    Use(transpose.Rows);
                    Use(transpose.Columns);
                    Use(transpose.Source);
                    Use(transpose.Stride);
                    Use(transpose.Panels);
                    break;
                case Reduce reduce:
                    Use(reduce.Length);
                    Within([reduce.Column], () => Use(reduce.Value));
                    Declare(reduce.Name);
                    break;
                case Define define:
                    Use(define.Value);
                    Declare(define.Name);
                    break;
                case DefineCount count:
                    Use(count.Value);
                    Declare(count.Name);
                    break;
                case Map map:
                    Use(map.Length);
                    Within([map.Column], () =>
                    {
                        Use(map.Destination);
                        Use(map.Value);
                    });
                    if (map.Sum is not null)
                    {
                        Declare(map.Sum);
                    }

                    break;
                case Copy copy:
                    Use(copy.Destination);
                    Use(copy.Source);
                    Use(copy.Count);
                    break;
                case Fill fill:
                    Use(fill.Destination);
                    Use(fill.Count);
                    break;
                case StoreNumber store:
                    Use(store.Destination);
                    Use(store.Name);
                    break;
                case LoadNumber load:
                    Use(load.Source);
                    Declare(load.Name);
                    break;
                default:
                    throw new NotSupportedException($"{statement.GetType().Name} cannot be verified.");
            }
        }

        private void Within(string[] names, Action visit)
        {
            int outer = _known.Count;
            Array.ForEach(names, Declare);
            visit();
            _known.RemoveRange(outer, _known.Count - outer);
        }

        private void Use(string name)
        {
            if (!_known.Contains(name))
            {
                throw new InvalidOperationException($"{function} uses '{name}', which nothing declares.");
            }

            _used.Add(name);
        }

        private void Use(Address address)
        {
            Use(address.Pointer);
            Use(address.Offset);
        }

        private void Use(Index index)
        {
            switch (index)
            {
                case Index.Variable variable:
                    Use(variable.Name);
                    break;
                case Index.Binary binary:
                    Use(binary.Left);
                    Use(binary.Right);
                    break;
                case Index.Extreme extreme:
                    Use(extreme.Left);
                    Use(extreme.Right);
                    break;
                case Index.WholePanels whole:
                    Use(whole.Count);
                    break;
                case Index.Rounded rounded:
                    Use(rounded.Count);
                    break;
                case Index.Number or Index.TileColumns:
                    break;
                default:
                    throw new NotSupportedException($"{index.GetType().Name} cannot be verified.");
            }
        }

        private void Use(Expression expression)
        {
            switch (expression)
            {
                case Expression.Scalar scalar:
                    Use(scalar.Name);
                    break;
                case Expression.Load load:
                    Use(load.Address);
                    break;
                case Expression.Unary unary:
                    Use(unary.Argument);
                    break;
                case Expression.Binary binary:
                    Use(binary.Left);
                    Use(binary.Right);
                    break;
                case Expression.Fused fused:
                    Use(fused.A);
                    Use(fused.B);
                    Use(fused.C);
                    break;
                case Expression.Constant:
                    break;
                default:
                    throw new NotSupportedException($"{expression.GetType().Name} cannot be verified.");
            }
        }
    }
}
