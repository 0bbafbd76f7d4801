using System.Runtime.CompilerServices;

namespace BertGen;

/// <summary>A growing list of plain values that never moves while it keeps its size, so that kernels can read it by pointer.</summary>
internal sealed unsafe class PinnedBuffer<T> where T : unmanaged
{
    private T[] _items = [];

    /// <summary>Number of items in use.</summary>
    public int Count { get; private set; }

    /// <summary>Number of items that it has room for.</summary>
    public int Capacity => _items.Length;

    /// <summary>First item; valid until the buffer grows. Null while the buffer never held anything.</summary>
    public T* Pointer => _items.Length == 0 ? null : (T*)Unsafe.AsPointer(ref _items[0]);

    public Span<T> Items => _items.AsSpan(0, Count);

    public ref T this[int index] => ref _items[index];

    public void Clear() => Count = 0;

    public void Add(T item)
    {
        if (Count == _items.Length)
        {
            Grow(Count + 1);
        }

        _items[Count++] = item;
    }

    /// <summary>Makes room for more items behind the present ones and returns it; its content is arbitrary.</summary>
    public Span<T> Append(int count)
    {
        int start = Count;
        Resize(checked(start + count));
        return _items.AsSpan(start, count);
    }

    /// <summary>Sets the number of items, keeping those that stay; new ones are arbitrary.</summary>
    public void Resize(int count)
    {
        if (count > _items.Length)
        {
            Grow(count);
        }

        Count = count;
    }

    /// <summary>Replaces the content by a copy and returns that.</summary>
    public ReadOnlySpan<T> Copy(ReadOnlySpan<T> items)
    {
        Resize(items.Length);
        items.CopyTo(Items);
        return Items;
    }

    /// <summary>Empties the buffer, and lets go of memory beyond <paramref name="bytes"/>.</summary>
    public void Trim(long bytes)
    {
        Count = 0;
        if (_items.Length * (long)sizeof(T) > bytes)
        {
            _items = [];
        }
    }

    private void Grow(int needed)
    {
        int capacity = (int)Math.Min(Array.MaxLength, Math.Max(needed, Math.Max(64L, 2L * _items.Length)));
        T[] grown = GC.AllocateUninitializedArray<T>(capacity, pinned: true);
        _items.AsSpan(0, Count).CopyTo(grown);
        _items = grown;
    }
}
