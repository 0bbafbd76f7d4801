using System.Runtime.InteropServices;

namespace BertGen;

/// <summary>Working memory of a forward pass: native, aligned to cache lines. It grows with what passes need, until it is trimmed.</summary>
internal sealed unsafe class NativeArena : IDisposable
{
    private const nuint Alignment = 64;
    private void* _block;
    private long _floats;

    ~NativeArena() => NativeMemory.AlignedFree(_block);

    /// <summary>Bytes that it holds.</summary>
    public long Bytes => _floats * sizeof(float);

    /// <summary>At least <paramref name="floats"/> floats of arbitrary content.</summary>
    /// <exception cref="OutOfMemoryException">The system has no such block.</exception>
    public float* Ensure(long floats)
    {
        if (floats > _floats)
        {
            // The content need not survive: free first, so that the peak is one block.
            Free();
            _block = NativeMemory.AlignedAlloc(checked((nuint)floats * sizeof(float)), Alignment);
            _floats = floats;
        }

        return (float*)_block;
    }

    /// <summary>Gives the block back where it has more than so many bytes.</summary>
    public void Trim(long keptBytes)
    {
        if (Bytes > keptBytes)
        {
            Free();
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_block);
        _block = null;
        _floats = 0;
    }
}
