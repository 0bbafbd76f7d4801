using System.Globalization;
using BertGen.Generator.Tiles;
using Index = BertGen.Generator.Tiles.Index;

namespace BertGen.Generator.Emission;

/// <summary>Tiles as C# over a vector type: the only code that knows how a statement looks on the CPU.</summary>
internal sealed class SimdPrinter
{
    private readonly CodeWriter _writer;
    private readonly Dictionary<string, double> _constants;
    public const string Services = "global::BertGen.CompilerServices";
    private const string Math = "global::System.Math";
    private readonly SimdExpressions _expressions;

    /// <param name="writer">Where statements go.</param>
    /// <param name="constants">Collects the named constants that statements use, in the order in which they appear.</param>
    public SimdPrinter(CodeWriter writer, Dictionary<string, double> constants)
    {
        _writer = writer;
        _constants = constants;
        _expressions = new SimdExpressions(Pointer, Text, Constant);
    }

    public void Print(TileFunction function)
    {
        string parameters = string.Join(", ", function.Parameters.Select(parameter => $"{TypeOf(parameter.Type)} {parameter.Name}"));
        _writer.Write($"/// <summary>{function.Summary}</summary>");
        _writer.Write("[global::System.Runtime.CompilerServices.MethodImpl(global::System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization)]");
        using (_writer.Open($"public static void {function.Name}<V>({parameters}) where V : struct, {Services}.ISimd<V>"))
        {
            Print(function.Body);
        }
    }

    private static string TypeOf(ParameterType type) => type switch
    {
        ParameterType.Floats => "float*",
        ParameterType.Integers => "int*",
        ParameterType.Count => "int",
        ParameterType.Key => "ulong",
        ParameterType.Counter => "uint",
        ParameterType.Number => "float",
        _ => throw new NotSupportedException($"Unknown type {type}."),
    };

    private void Print(IEnumerable<Statement> statements)
    {
        foreach (Statement statement in statements)
        {
            Print(statement);
        }
    }

    private void Print(Statement statement)
    {
        switch (statement)
        {
            case Remark remark:
                _writer.Write($"// {remark.Text}");
                break;
            case Let let:
                _writer.Write($"int {let.Name} = {Text(let.Value)};");
                break;
            case LetElement element:
                _writer.Write($"int {element.Name} = {element.Pointer}[{Text(element.Offset)}];");
                break;
            case LetRow row:
                _writer.Write($"float* {row.Name} = {Pointer(row.Row)};");
                break;
            case SelectRow select:
                _writer.Write($"float* {select.Name} = {Text(select.Selector)} == 0 ? {Pointer(select.First)} : {Pointer(select.Other)};");
                break;
            case Loop loop:
                using (_writer.Open($"for (int {loop.Variable} = {Text(loop.Start)}; {loop.Variable} < {Text(loop.End)}; {loop.Variable}++)"))
                {
                    Print(loop.Body);
                }

                break;
            case Unless unless:
                using (_writer.Open($"if ({Text(unless.Value)} != {Text(unless.Other)})"))
                {
                    Print(unless.Body);
                }

                break;
            case BlockLoop blocks:
                Print(blocks);
                break;
            case ProductTile product:
                _writer.Write(
                    $$"""
                    V.Product(
                        {{Text(product.Rows)}}, {{Text(product.Columns)}}, {{Text(product.Inner)}},
                        {{Pointer(product.A)}}, {{Text(product.AStride)}},
                        {{Pointer(product.B)}}, {{Text(product.BRowStride)}}, {{Text(product.BPanelStride)}},
                        {{Pointer(product.Bias)}},
                        {{Pointer(product.C)}}, {{Text(product.CStride)}});
                    """);
                break;
            case ProductAddTile product:
                _writer.Write(
                    $$"""
                    V.ProductAdd(
                        {{Text(product.Rows)}}, {{Text(product.Columns)}}, {{Text(product.Inner)}},
                        {{Pointer(product.A)}}, {{Text(product.AStride)}},
                        {{Pointer(product.B)}}, {{Text(product.BRowStride)}}, {{Text(product.BPanelStride)}},
                        {{Pointer(product.C)}}, {{Text(product.CStride)}});
                    """);
                break;
            case TransposeTile transpose:
                _writer.Write($"V.Transpose({Text(transpose.Rows)}, {Text(transpose.Columns)}, {Pointer(transpose.Source)}, {Text(transpose.SourceStride)}, {Pointer(transpose.Target)}, {Text(transpose.TargetStride)});");
                break;
            case TransposePanels transpose:
                _writer.Write($"V.TransposePanels({Text(transpose.Start)}, {Text(transpose.End)}, {Text(transpose.Outputs)}, {Text(transpose.Inputs)}, {Pointer(transpose.Panels)}, {Pointer(transpose.Transposed)});");
                break;
            case DropoutRow dropout:
                string site = dropout.Place is Index.Number { Value: 0 } ? dropout.Names.Site : $"{dropout.Names.Site} + (uint)({Text(dropout.Place)})";
                _writer.Write($"V.Dropout({Pointer(dropout.Row)}, {Text(dropout.Columns)}, {dropout.Names.Seed}, {dropout.Names.Step}, {site}, (uint)({Text(dropout.Number)}), {dropout.Names.Rate});");
                break;
            case WhenGiven given:
                using (_writer.Open($"if ({given.Pointer} != null)"))
                {
                    Print(given.Body);
                }

                break;
            case TransposeToPanels transpose:
                _writer.Write($"V.TransposeToPanels({Text(transpose.Rows)}, {Text(transpose.Columns)}, {Pointer(transpose.Source)}, {Text(transpose.Stride)}, {Pointer(transpose.Panels)});");
                break;
            case Copy copy:
                _writer.Write($"new global::System.ReadOnlySpan<float>({Pointer(copy.Source)}, {Text(copy.Count)}).CopyTo(new global::System.Span<float>({Pointer(copy.Destination)}, {Text(copy.Count)}));");
                break;
            case Fill fill:
                _writer.Write($"new global::System.Span<float>({Pointer(fill.Destination)}, {Text(fill.Count)}).Fill({SimdExpressions.Number(fill.Value)});");
                break;
            case StoreNumber store:
                _writer.Write($"*({Pointer(store.Destination)}) = {store.Name};");
                break;
            case LoadNumber load:
                _writer.Write($"float {load.Name} = *({Pointer(load.Source)});");
                break;
            case Define define:
                _writer.Write($"float {define.Name} = {_expressions.Scalar(define.Value)};");
                break;
            case DefineCount count:
                _writer.Write($"float {count.Name} = {Text(count.Value)};");
                break;
            case Reduce reduce:
                Print(reduce);
                break;
            case Map map:
                Print(map);
                break;
            default:
                throw new NotSupportedException($"{statement.GetType().Name} cannot be printed.");
        }
    }

    private void Print(BlockLoop loop)
    {
        (string start, string end, string step) = (Text(loop.Start), Text(loop.End), Text(loop.Step));
        if (loop.Even)
        {
            _writer.Write($"int {loop.Variable}Step = {Services}.Blocks.Even({Text(loop.End - loop.Start)}, {step});");
            step = $"{loop.Variable}Step";
        }

        using (_writer.Open($"for (int {loop.Variable} = {start}; {loop.Variable} < {end}; {loop.Variable} += {step})"))
        {
            _writer.Write($"int {loop.Count} = {Math}.Min({step}, {Text(loop.End - (Index)loop.Variable)});");
            Print(loop.Body);
        }
    }

    private void Print(Reduce reduce)
    {
        (string initial, string vector, string scalar) = reduce.Kind switch
        {
            ReduceKind.Sum => ("0f", $"{{0}} += {{1}};", "V.Sum"),
            ReduceKind.Max => ("float.NegativeInfinity", $"{{0}} = V.Max({{0}}, {{1}});", "V.Maximum"),
            _ => throw new NotSupportedException($"Unknown reduction {reduce.Kind}."),
        };
        (Index whole, Index? tail) = reduce.Length is Index.Number ? Cut(reduce.Length) : (reduce.Length, null);
        string lanes = $"{reduce.Name}Lanes";
        if (whole is Index.Number { Value: 0 })
        {
            _writer.Write($"float {reduce.Name} = {initial};");
        }
        else
        {
            _writer.Write($"V {lanes} = V.Broadcast({initial});");
            using (Vectors(reduce.Column, whole))
            {
                _writer.Write(string.Format(CultureInfo.InvariantCulture, vector, lanes, _expressions.Vector(reduce.Value)));
            }

            _writer.Write($"float {reduce.Name} = {scalar}({lanes});");
        }

        if (tail is not null)
        {
            using (_writer.Open($"for (int {reduce.Column} = {Text(whole)}; {reduce.Column} < {Text(tail)}; {reduce.Column}++)"))
            {
                string value = _expressions.Scalar(reduce.Value);
                _writer.Write(reduce.Kind == ReduceKind.Sum ? $"{reduce.Name} += {value};" : $"{reduce.Name} = {Math}.Max({reduce.Name}, {value});");
            }
        }
    }

    private void Print(Map map)
    {
        Index length = map.IsExact ? map.Length : Index.RoundUp(map.Length);
        (Index whole, Index? tail) = map.Length is Index.Number || map.IsExact ? Cut(length) : (map.Length, null);
        string destination = Pointer(map.Destination + map.Column);
        string value = _expressions.Vector(map.Value);
        if (map.Sum is not null)
        {
            _writer.Write($"V {map.Sum}Lanes = V.Broadcast(0f);");
        }

        if (whole is not Index.Number { Value: 0 })
        {
            using (Vectors(map.Column, whole))
            {
                if (map.Sum is null)
                {
                    _writer.Write($"{(map.Value is Expression.Binary { Function: not BinaryFunction.Max } ? $"({value})" : value)}.Store({destination});");
                }
                else
                {
                    _writer.Write($"V value = {value};");
                    _writer.Write($"value.Store({destination});");
                    _writer.Write($"{map.Sum}Lanes += value;");
                }
            }
        }

        if (map.Sum is not null)
        {
            _writer.Write($"float {map.Sum} = V.Sum({map.Sum}Lanes);");
        }

        if (tail is not null)
        {
            using (_writer.Open($"for (int {map.Column} = {Text(whole)}; {map.Column} < {Text(tail)}; {map.Column}++)"))
            {
                if (map.Sum is null)
                {
                    _writer.Write($"*({destination}) = {_expressions.Scalar(map.Value)};");
                }
                else
                {
                    _writer.Write($"float value = {_expressions.Scalar(map.Value)};");
                    _writer.Write($"*({destination}) = value;");
                    _writer.Write($"{map.Sum} += value;");
                }
            }
        }
    }

    private CodeWriter.Block Vectors(string column, Index end) =>
        _writer.Open($"for (int {column} = 0; {column} < {Text(end)}; {column} += V.Width)");

    /// <summary>Whole vectors of any width, and where a rest of single elements ends.</summary>
    private static (Index Whole, Index? Tail) Cut(Index length) => length switch
    {
        Index.Number number => number.Value % 16 != 0 ? (number.Value / 16 * 16, length) : (length, null),
        Index.Rounded => (length, null),
        _ => (new Index.WholePanels(length), length),
    };

    internal string Pointer(Address address) =>
        address.Offset is Index.Number { Value: 0 } ? address.Pointer : $"{address.Pointer} + {Text(address.Offset)}";

    internal string Text(Index index) => index switch
    {
        Index.Number { Name: null } number => number.ToString(),
        Index.Number number => Constant(number.Name, number.Value),
        Index.Variable variable => variable.Name,
        Index.TileColumns => "V.TileColumns",
        Index.WholePanels whole => $"{Services}.PackedPanels.RoundDown({Text(whole.Count)})",
        Index.Rounded rounded => $"{Services}.PackedPanels.RoundUp({Text(rounded.Count)})",
        Index.Extreme extreme => $"{Math}.{(extreme.IsLeast ? "Min" : "Max")}({Text(extreme.Left)}, {Text(extreme.Right)})",
        Index.Binary { Operation: '*', Left: Index.Number left, Right: Index.Number right } => $"{Text(left)} * {Text(right)}",
        Index.Binary { Operation: '*' } product => $"{Factor(product.Left)} * {Factor(product.Right)}",
        Index.Binary sum => $"{Text(sum.Left)} {sum.Operation} {(sum.Right is Index.Binary { Operation: not '*' } ? $"({Text(sum.Right)})" : Text(sum.Right))}",
        _ => throw new NotSupportedException($"{index.GetType().Name} cannot be printed."),
    };

    // Offsets are products of a count and a stride, which may pass 2³¹.
    private string Factor(Index index) => index switch
    {
        Index.Number { Name: null } number => $"{number}L",
        Index.Number number => $"(long){Constant(number.Name, number.Value)}",
        Index.Binary => $"({Text(index)})",
        _ => Text(index),
    };

    private string Constant(string name, double value)
    {
        if (_constants.TryGetValue(name, out double known) && known != value)
        {
            throw new InvalidOperationException($"The constant '{name}' is {known} and {value}.");
        }

        _constants[name] = value;
        return name;
    }
}
