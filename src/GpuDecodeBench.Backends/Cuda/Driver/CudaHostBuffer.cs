namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Page-locked memory of the host, which copies on a stream go from and to.</summary>
internal sealed unsafe class CudaHostBuffer : CudaResource
{
    private readonly nint _pointer;

    internal CudaHostBuffer(CudaContext context, nint pointer, long bytes, string what)
        : base(context)
    {
        _pointer = pointer;
        Bytes = bytes;
        What = what;
    }

    public long Bytes { get; }

    /// <summary>What it is for.</summary>
    public string What { get; }

    /// <summary>The memory as values: no longer to be used once this is given back.</summary>
    public Span<T> Span<T>()
        where T : unmanaged
    {
        ObjectDisposedException.ThrowIf(Place is null, this);
        return new Span<T>((void*)_pointer, checked((int)(Bytes / sizeof(T))));
    }

    /// <summary>The address of a byte.</summary>
    internal nint PointerAt(long offset, long bytes)
    {
        ObjectDisposedException.ThrowIf(Place is null, this);
        if (offset < 0 || bytes < 0 || offset > Bytes - bytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset),
                $"{What} has {Bytes} bytes, of which {bytes} from {offset} on were asked for; ask for bytes that it has."
            );
        }

        return _pointer + (nint)offset;
    }

    protected override void Free() => _ = Driver.MemFreeHost(_pointer);
}
