using BertGen.Generator.Graphs;
using BertGen.Generator.Operators;

namespace BertGen.Generator.Tiles;

/// <summary>Where the values of a chain of row operators stay: the result in its row, and in training each that a later kernel reads in its own.</summary>
/// <param name="call">The call that writes them.</param>
/// <param name="layouts">Where values lie.</param>
/// <param name="chain">Values of one row length in the order in which they are computed; the last is the kernel's result.</param>
internal sealed class RowPlaces(CallBuilder call, Layouts layouts, IReadOnlyList<Value> chain)
{
    private readonly Dictionary<Value, Address> _rows = [];
    private readonly List<Statement> _pointers = [];

    private Value Result => chain[chain.Count - 1];

    /// <summary>Pointers to the rows, to stand before what uses them.</summary>
    public IEnumerable<Statement> Pointers => _pointers;

    public bool IsReadLater(Value value) => value != Result && layouts.IsReadLater(value);

    /// <summary>The row in which a value is computed: its own if it stays, else that of the next value that does.</summary>
    public Address Of(Value value)
    {
        Value stays = StaysFrom(value);
        if (!_rows.TryGetValue(stays, out Address? row))
        {
            string name = NameOf(stays);
            Address rows = call.Write(name, stays, Split.Rows);
            _pointers.Add(new LetRow($"{name}Row", rows + (Index)"row" * Index.Named("YStride", layouts.RowStride(stays))));
            _rows.Add(stays, row = new Address($"{name}Row", 0));
        }

        return row;
    }

    /// <summary>The value whose memory holds <paramref name="value"/> when it is computed.</summary>
    public Value StaysFrom(Value value)
    {
        int start = chain.TakeWhile(link => link != value).Count();
        return chain.Skip(start).FirstOrDefault(link => link == Result || IsReadLater(link)) ?? Result;
    }

    /// <summary>Parameter name of a value that stays.</summary>
    public string NameOf(Value stays) => stays == Result ? "y" : stays.Operator switch
    {
        Add when stays.Inputs[1].Operator is Parameter => "linear",
        Add => "z",
        Activate => "activated",
        Dropout => "dropped",
        StandardizeGradient => "dx",
        _ => "computed",
    };

    /// <summary>Where the statistics of a row go, if a later kernel reads them.</summary>
    public Address? StatisticsOf(Value x)
    {
        if (layouts.StatisticsReadLater(x) is not Value statistics)
        {
            return null;
        }

        return call.Write("statistics", statistics, Split.Rows) + (Index)"row" * layouts.RowStride(statistics);
    }
}
