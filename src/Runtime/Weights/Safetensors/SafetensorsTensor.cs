using BertGen.Weights;

namespace BertGen;

/// <summary>One tensor of a safetensors file: element type, shape and bytes, row major and little-endian.</summary>
public sealed class SafetensorsTensor
{
    private readonly MappedFile? _file;
    private readonly long _start;
    private readonly ReadOnlyMemory<byte> _content;

    /// <summary>A tensor in memory, to be written.</summary>
    /// <param name="type">Element type.</param>
    /// <param name="shape">Dimensions; none for a single value.</param>
    /// <param name="content">The elements, row major and little-endian.</param>
    /// <exception cref="ArgumentException">The shape and the number of bytes do not belong together.</exception>
    public SafetensorsTensor(TensorType type, IReadOnlyList<long> shape, ReadOnlyMemory<byte> content)
    {
        ArgumentNullException.ThrowIfNull(shape);
        if (!TryCountBytes(type, shape, out long elements, out long bytes) || bytes != content.Length)
        {
            throw new ArgumentException($"{content.Length} bytes are not a tensor of type {TensorTypes.Name(type)} and shape {Describe(shape)}.", nameof(content));
        }

        (Type, Shape, ElementCount, ByteLength, _content) = (type, [.. shape], elements, bytes, content);
    }

    internal SafetensorsTensor(TensorType type, long[] shape, long elements, MappedFile file, long start, long bytes) =>
        (Type, Shape, ElementCount, _file, _start, ByteLength) = (type, Array.AsReadOnly(shape), elements, file, start, bytes);

    /// <summary>Element type.</summary>
    public TensorType Type { get; }

    /// <summary>Dimensions; none for a single value.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>Number of elements.</summary>
    public long ElementCount { get; }

    /// <summary>Number of bytes.</summary>
    public long ByteLength { get; }

    /// <summary>The elements, row major and little-endian. Of an opened file they are mapped memory: valid until the file is disposed.</summary>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    /// <exception cref="OverflowException">The tensor has more than 2³¹ - 1 bytes; <see cref="CopyTo"/> reads it in parts.</exception>
    public ReadOnlySpan<byte> Bytes => Slice(0, ByteLength);

    /// <summary>Reads elements as single-precision numbers.</summary>
    /// <param name="start">First element.</param>
    /// <param name="destination">As many elements as it holds.</param>
    /// <exception cref="ArgumentOutOfRangeException">Not all of them lie within the tensor.</exception>
    /// <exception cref="NotSupportedException">The elements are neither <c>F32</c> nor <c>F16</c> nor <c>BF16</c>.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public void CopyTo(long start, Span<float> destination)
    {
        int bytes = FloatFormats.Bytes(Type);

        // Counted in elements: a start that is large enough times their size would wrap around to one that lies within.
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, ElementCount);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, ElementCount - start, nameof(destination));
        FloatFormats.Widen(Type, Slice(start * bytes, (long)destination.Length * bytes), destination);
    }

    /// <summary>All elements as single-precision numbers.</summary>
    /// <exception cref="NotSupportedException">The elements are neither <c>F32</c> nor <c>F16</c> nor <c>BF16</c>.</exception>
    /// <exception cref="ObjectDisposedException">The file has been disposed.</exception>
    public float[] ToSingles()
    {
        FloatFormats.Bytes(Type);   // refuses other types before memory is taken
        float[] values = new float[ElementCount];
        CopyTo(0, values);
        return values;
    }

    /// <summary>A tensor in memory from single-precision numbers, rounded to nearest even where the type is narrower.</summary>
    /// <param name="shape">Dimensions.</param>
    /// <param name="values">The elements, row major.</param>
    /// <param name="type">Format to store.</param>
    public static SafetensorsTensor FromSingles(IReadOnlyList<long> shape, ReadOnlySpan<float> values, WeightType type = WeightType.Float32)
    {
        TensorType stored = FloatFormats.Stored(type);
        byte[] content = new byte[(long)values.Length * FloatFormats.Bytes(stored)];
        FloatFormats.Narrow(stored, values, content);
        return new SafetensorsTensor(stored, shape, content);
    }

    /// <summary>Number of elements and of bytes of a shape; false where they overflow, are negative or do not fill whole bytes.</summary>
    internal static bool TryCountBytes(TensorType type, IReadOnlyList<long> shape, out long elements, out long bytes)
    {
        (elements, bytes) = (1, 0);
        bool empty = false;
        foreach (long dimension in shape)
        {
            if (dimension < 0)
            {
                return false;
            }

            empty |= dimension == 0;
        }

        if (empty)
        {
            elements = 0;
            return true;
        }

        foreach (long dimension in shape)
        {
            if (elements > long.MaxValue / dimension)
            {
                return false;
            }

            elements *= dimension;
        }

        int bits = TensorTypes.Bits(type);
        if (elements > long.MaxValue / bits || elements * bits % 8 != 0)
        {
            return false;
        }

        bytes = elements * bits / 8;
        return true;
    }

    /// <summary>A shape as it stands in messages: <c>[768, 3072]</c>.</summary>
    internal static string Describe(IReadOnlyList<long> shape) => $"[{string.Join(", ", shape)}]";

    internal unsafe byte* MappedPointer => _file is null ? null : _file.Pointer + _start;

    internal ReadOnlySpan<byte> Slice(long start, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, ByteLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, ByteLength - start);
        return _file is null ? _content.Span.Slice((int)start, (int)length) : _file.Span(_start + start, length);
    }
}
