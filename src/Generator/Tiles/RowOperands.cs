using BertGen.Generator.Graphs;

namespace BertGen.Generator.Tiles;

/// <summary>Pointers to the rows that a kernel reads, and the numbers of their statistics.</summary>
internal sealed class RowOperands(CallBuilder call, Layouts layouts, Split? own)
{
    private readonly Dictionary<Value, Address> _rows = [];
    private readonly List<Statement> _pointers = [];

    /// <summary>Statements to stand before what uses the rows.</summary>
    public IEnumerable<Statement> Pointers => _pointers;

    /// <summary>The row of a value; a second value of the same name gets a number.</summary>
    public Address Row(Value value, string name)
    {
        if (!_rows.TryGetValue(value, out Address? row))
        {
            int number = 1 + _rows.Values.Count(known => known.Pointer.StartsWith(name, StringComparison.Ordinal));
            string unique = number == 1 ? name : $"{name}{number}";
            Index stride = Index.Named($"{char.ToUpperInvariant(unique[0])}{unique.Substring(1)}Stride", layouts.RowStride(value));
            _pointers.Add(new LetRow($"{unique}Row", call.Read(unique, value, own) + (Index)"row" * stride));
            _rows.Add(value, row = new Address($"{unique}Row", 0));
        }

        return row;
    }

    /// <summary>Defines <c>mean</c> and <c>rstd</c> of the row.</summary>
    public void Statistics(Value statistics)
    {
        if (!_rows.ContainsKey(statistics))
        {
            Address numbers = call.Read("statistics", statistics, own) + (Index)"row" * layouts.RowStride(statistics);
            _rows.Add(statistics, numbers);
            _pointers.Add(new LoadNumber("mean", numbers));
            _pointers.Add(new LoadNumber("rstd", numbers + 1));
        }
    }
}
