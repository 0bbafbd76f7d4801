using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Unicode;

namespace BertGen.Weights;

/// <summary>The header of a safetensors file: 8 bytes of length, then JSON that names each tensor's type, shape and place.</summary>
/// <remarks>
/// Trusts nothing. The length is checked against the file before a byte of the header is touched, memory is taken only for what
/// has been read, JSON is strict and at most three levels deep, and the tensors must tile the rest of the file without holes or overlap.
/// </remarks>
internal sealed class SafetensorsHeader
{
    /// <summary>Longest header accepted: the limit of the format's own reader.</summary>
    public const long MaxLength = 100_000_000;

    /// <summary>Most dimensions accepted in a shape.</summary>
    public const int MaxDimensions = 32;

    private const int LengthBytes = 8;
    private const int MaxDepth = 3;
    private const string MetadataKey = "__metadata__";

    private readonly string _path;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private Dictionary<string, string>? _metadata;

    private SafetensorsHeader(string path) => _path = path;

    /// <summary>One tensor: its bytes are [Start, End) counted from <see cref="DataStart"/>.</summary>
    public readonly record struct Entry(TensorType Type, long[] Shape, long Elements, long Start, long End);

    /// <summary>The tensors by name.</summary>
    public IReadOnlyDictionary<string, Entry> Entries => _entries;

    /// <summary>Free-form strings about the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _metadata ??= new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>First byte after the header, from the start of the file.</summary>
    public long DataStart { get; private set; }

    /// <summary>Length of the header's JSON; the whole header is the first 8 + this many bytes.</summary>
    /// <exception cref="InvalidDataException">It does not lie within the file or is longer than <see cref="MaxLength"/>.</exception>
    public static int ReadLength(string path, ReadOnlySpan<byte> firstBytes, long fileLength)
    {
        if (fileLength < LengthBytes || firstBytes.Length < LengthBytes)
        {
            throw Invalid(path, $"it has {fileLength} bytes; the length of the header alone takes {LengthBytes}");
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(firstBytes);
        if (length > MaxLength)
        {
            throw Invalid(path, $"its header claims {length} bytes; the most accepted is {MaxLength}");
        }

        if ((long)length > fileLength - LengthBytes)
        {
            throw Invalid(path, $"its header claims {length} bytes, but only {fileLength - LengthBytes} follow; the file may be cut off");
        }

        return (int)length;
    }

    /// <summary>Reads and checks the header of a mapped file.</summary>
    /// <exception cref="InvalidDataException">Anything about it is malformed.</exception>
    public static SafetensorsHeader Read(MappedFile file)
    {
        int length = ReadLength(file.Path, file.Span(0, Math.Min(file.Length, LengthBytes)), file.Length);
        ReadOnlySpan<byte> json = file.Span(LengthBytes, length);
        var header = new SafetensorsHeader(file.Path) { DataStart = LengthBytes + length };
        if (json.IsEmpty || json[0] != '{')
        {
            throw Invalid(file.Path, "its header does not begin with '{'");
        }

        if (!Utf8.IsValid(json))
        {
            throw Invalid(file.Path, "its header is not UTF-8");
        }

        try
        {
            header.ReadTensors(json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            // InvalidOperationException: a value of another kind than its place calls for, or half of a surrogate pair in a string.
            throw new InvalidDataException($"'{file.Path}' is not a valid safetensors file: its header is not the JSON that the format asks for ({exception.Message})", exception);
        }

        header.CheckPlaces(file.Length - header.DataStart);
        return header;
    }

    private void ReadTensors(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow });
        reader.Read();
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string name = reader.GetString()!;
            if (name == MetadataKey)
            {
                ReadMetadata(ref reader);
            }
            else if (!_entries.TryAdd(name, ReadTensor(ref reader, name)))
            {
                throw Invalid($"tensor '{MessageText.Of(name)}' occurs twice");
            }
        }

        // Nothing but white space may follow; reading on is what checks it.
        if (reader.Read())
        {
            throw Invalid("something follows the header's object");
        }
    }

    private void ReadMetadata(ref Utf8JsonReader reader)
    {
        if (_metadata is not null)
        {
            throw Invalid($"'{MetadataKey}' occurs twice");
        }

        _metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        Expect(ref reader, JsonTokenType.StartObject, MetadataKey);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            Expect(ref reader, JsonTokenType.String, MetadataKey);
            if (!_metadata.TryAdd(key, reader.GetString()!))
            {
                throw Invalid($"metadata '{MessageText.Of(key)}' occurs twice");
            }
        }
    }

    private Entry ReadTensor(ref Utf8JsonReader reader, string name)
    {
        TensorType? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        Expect(ref reader, JsonTokenType.StartObject, name);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            string key = reader.GetString()!;
            switch (key)
            {
                case "dtype" when type is null:
                    type = ReadType(ref reader, name);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref reader, name, MaxDimensions);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, name, 2);
                    break;
                default:
                    throw Invalid($"tensor '{MessageText.Of(name)}' has the field '{MessageText.Of(key)}' where dtype, shape and data_offsets stand once each");
            }
        }

        if (type is not { } known || shape is null || offsets is not [long start, long end])
        {
            throw Invalid($"tensor '{MessageText.Of(name)}' lacks a dtype, a shape or two data_offsets");
        }

        if (end < start)
        {
            throw Invalid($"tensor '{MessageText.Of(name)}' ends at {end}, before its start {start}");
        }

        long[] dimensions = [.. shape];
        if (!SafetensorsTensor.TryCountBytes(known, dimensions, out long elements, out long bytes))
        {
            throw Invalid($"tensor '{MessageText.Of(name)}' has shape {SafetensorsTensor.Describe(dimensions)}, whose size overflows or fills no whole bytes");
        }

        if (bytes != end - start)
        {
            throw Invalid($"tensor '{MessageText.Of(name)}' of type {TensorTypes.Name(known)} and shape {SafetensorsTensor.Describe(dimensions)} needs {bytes} bytes, its data_offsets span {end - start}");
        }

        return new Entry(known, dimensions, elements, start, end);
    }

    private TensorType ReadType(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.String, name);
        string text = reader.GetString()!;
        return TensorTypes.TryParse(text, out TensorType type)
            ? type
            : throw Invalid($"tensor '{MessageText.Of(name)}' has the unknown dtype '{MessageText.Of(text)}'");
    }

    private List<long> ReadNumbers(ref Utf8JsonReader reader, string name, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray, name);
        var numbers = new List<long>();
        while (Next(ref reader) == JsonTokenType.Number)
        {
            if (!reader.TryGetInt64(out long number) || number < 0)
            {
                throw Invalid($"tensor '{MessageText.Of(name)}' has a size or offset that is no integer of 0 or more, or too large");
            }

            if (numbers.Count == most)
            {
                throw Invalid($"tensor '{MessageText.Of(name)}' has a list of more than {most} numbers");
            }

            numbers.Add(number);
        }

        return reader.TokenType == JsonTokenType.EndArray
            ? numbers
            : throw Invalid($"tensor '{MessageText.Of(name)}' has a list with something other than numbers");
    }

    /// <summary>In order of their starts, each tensor must begin where the one before ended, and the last must end the file.</summary>
    private void CheckPlaces(long dataBytes)
    {
        var order = new List<KeyValuePair<string, Entry>>(_entries);
        order.Sort(static (left, right) => left.Value.Start != right.Value.Start
            ? left.Value.Start.CompareTo(right.Value.Start)
            : left.Value.End.CompareTo(right.Value.End));
        long end = 0;
        foreach ((string name, Entry entry) in order)
        {
            if (entry.Start != end)
            {
                throw Invalid($"tensor '{MessageText.Of(name)}' starts at {entry.Start}, where {end} would follow the tensor before: {(entry.Start < end ? "they overlap" : "a hole is between them")}");
            }

            end = entry.End;
        }

        if (end != dataBytes)
        {
            throw Invalid($"its tensors take {end} bytes, but {dataBytes} follow the header{(end > dataBytes ? "; the file may be cut off" : "")}");
        }
    }

    private JsonTokenType Next(ref Utf8JsonReader reader) =>
        reader.Read() ? reader.TokenType : throw Invalid("its header ends too early");

    private void Expect(ref Utf8JsonReader reader, JsonTokenType expected, string where)
    {
        JsonTokenType token = Next(ref reader);
        if (token != expected)
        {
            throw Invalid($"'{MessageText.Of(where)}' has a {token} where a {expected} belongs");
        }
    }

    private InvalidDataException Invalid(string reason) => Invalid(_path, reason);

    private static InvalidDataException Invalid(string path, string reason) =>
        new($"'{path}' is not a valid safetensors file: {reason}.");
}
