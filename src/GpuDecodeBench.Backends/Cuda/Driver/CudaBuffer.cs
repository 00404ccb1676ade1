namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>Device memory.</summary>
internal sealed class CudaBuffer : CudaResource
{
    internal CudaBuffer(CudaContext context, ulong address, long bytes, string what)
        : base(context)
    {
        Address = address;
        Bytes = bytes;
        What = what;
    }

    /// <summary>The device's address.</summary>
    public ulong Address { get; }

    public long Bytes { get; }

    /// <summary>What it is for.</summary>
    public string What { get; }

    /// <summary>
    /// Copies from the host: after all work given to the context before, and complete when this returns. The driver may otherwise
    /// return before pageable memory has arrived, and a stream that does not wait for the default stream would read too early
    /// (https://docs.nvidia.com/cuda/cuda-driver-api/api-sync-behavior.html).
    /// </summary>
    public void CopyFrom(ReadOnlySpan<byte> source, long offset = 0)
    {
        CheckRange(offset, source.Length);
        Enter();
        if (source.IsEmpty)
        {
            return;
        }

        Context.Synchronize();
        CheckCopy(Driver.MemcpyHtoD(Address + (ulong)offset, source), source.Length, "to");
        CheckCopy(Driver.StreamSynchronize(0), source.Length, "to");
    }

    /// <summary>Copies to the host, after all work given to the context before.</summary>
    public void CopyTo(Span<byte> destination, long offset = 0)
    {
        CheckRange(offset, destination.Length);
        Enter();
        if (destination.IsEmpty)
        {
            return;
        }

        Context.Synchronize();
        CheckCopy(Driver.MemcpyDtoH(destination, Address + (ulong)offset), destination.Length, "from");
    }

    /// <summary>Sets every byte.</summary>
    public void Fill8(CudaStream stream, byte value) => stream.Fill8(this, value);

    /// <summary>Sets every two bytes; a last odd byte stays.</summary>
    public void Fill16(CudaStream stream, ushort value) => stream.Fill16(this, value);

    /// <summary>Sets every four bytes; up to three last bytes stay.</summary>
    public void Fill32(CudaStream stream, uint value) => stream.Fill32(this, value);

    /// <summary>Throws if a range of bytes is not inside.</summary>
    internal void CheckRange(long offset, long bytes)
    {
        if (offset < 0 || bytes < 0 || offset > Bytes - bytes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(offset),
                $"{What} has {Bytes} bytes, of which {bytes} from {offset} on were asked for; ask for bytes that it has."
            );
        }
    }

    protected override void Free() => _ = Driver.MemFree(Address);

    private void CheckCopy(CudaResult result, long bytes, string direction)
    {
        if (result != CudaResult.Success)
        {
            throw Context.Failure(
                result,
                $"Copying {CudaText.Bytes(bytes)} {direction} {CudaText.LowerFirst(What)} on the GPU"
            );
        }
    }
}
