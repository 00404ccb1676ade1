using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <content>Memory.</content>
internal sealed unsafe partial class EmulatedCudaDriver
{
    private const int PieceBytes = 1 << 20;

    private readonly Dictionary<ulong, long> _memory = [];
    private readonly Dictionary<nint, long> _hostMemory = [];
    private long _allocatedBytes;

    /// <summary>Bytes of device memory that were taken and not given back.</summary>
    public long AllocatedBytes => _allocatedBytes;

    /// <summary>Pieces of page-locked memory that were taken and not given back.</summary>
    public int AliveHostMemory => _hostMemory.Count;

    private long FreeBytes => Math.Max(0, options.MemoryBytes - options.TakenBytes - _allocatedBytes);

    public CudaResult MemGetInfo(out long freeBytes, out long totalBytes)
    {
        freeBytes = FreeBytes;
        totalBytes = options.MemoryBytes;
        return Inside();
    }

    public CudaResult MemAlloc(long bytes, string label, out ulong address)
    {
        address = 0;
        CudaResult result = Outside();
        if (result != CudaResult.Success)
        {
            return result;
        }

        if (bytes <= 0)
        {
            return CudaResult.InvalidValue;
        }

        if (bytes > FreeBytes || (options.AllocationsFailAfterBytes is long most && _allocatedBytes + bytes > most))
        {
            return CudaResult.OutOfMemory;
        }

        address = machine.Allocate(bytes, label);
        _memory.Add(address, bytes);
        _allocatedBytes += bytes;
        return CudaResult.Success;
    }

    public CudaResult MemFree(ulong address)
    {
        // Memory is given back even after a fault, so that tests can count what was forgotten.
        if (!_memory.Remove(address, out long bytes))
        {
            return Refuse(CudaResult.InvalidValue, $"no memory starts at 0x{address:x}");
        }

        machine.Free(address);
        _allocatedBytes -= bytes;
        return Outside();
    }

    public CudaResult MemcpyHtoD(ulong destination, ReadOnlySpan<byte> source)
    {
        CudaResult result = Outside();
        if (result != CudaResult.Success)
        {
            return result;
        }

        fixed (byte* bytes = source)
        {
            nint pointer = (nint)bytes;
            int length = source.Length;
            return Try(() => machine.Write(destination, new ReadOnlySpan<byte>((void*)pointer, length)));
        }
    }

    public CudaResult MemcpyDtoH(Span<byte> destination, ulong source)
    {
        CudaResult result = Outside();
        if (result != CudaResult.Success)
        {
            return result;
        }

        fixed (byte* bytes = destination)
        {
            nint pointer = (nint)bytes;
            int length = destination.Length;
            return Try(() => machine.Read(source, new Span<byte>((void*)pointer, length)));
        }
    }

    public CudaResult MemcpyDtoDAsync(ulong destination, ulong source, long bytes, nint stream) =>
        OnStream(
            stream,
            () =>
                Try(() =>
                {
                    byte[] copy = new byte[bytes];
                    machine.Read(source, copy);
                    machine.Write(destination, copy);
                })
        );

    public CudaResult MemHostAlloc(long bytes, out nint pointer)
    {
        pointer = 0;
        CudaResult result = Outside();
        if (result == CudaResult.Success)
        {
            pointer = (nint)NativeMemory.AllocZeroed((nuint)bytes);
            _hostMemory.Add(pointer, bytes);
        }

        return result;
    }

    public CudaResult MemFreeHost(nint pointer)
    {
        if (!_hostMemory.Remove(pointer))
        {
            return Refuse(CudaResult.InvalidValue, "no page-locked memory starts there");
        }

        NativeMemory.Free((void*)pointer);
        return Outside();
    }

    public CudaResult MemcpyHtoDAsync(ulong destination, nint source, long bytes, nint stream) =>
        IsPageLocked(source, bytes)
            ? OnStream(
                stream,
                () => Try(() => machine.Write(destination, new ReadOnlySpan<byte>((void*)source, checked((int)bytes))))
            )
            : Refuse(CudaResult.InvalidValue, $"{bytes} bytes to copy from are not within page-locked memory");

    public CudaResult MemcpyDtoHAsync(nint destination, ulong source, long bytes, nint stream) =>
        IsPageLocked(destination, bytes)
            ? OnStream(
                stream,
                () => Try(() => machine.Read(source, new Span<byte>((void*)destination, checked((int)bytes))))
            )
            : Refuse(CudaResult.InvalidValue, $"{bytes} bytes to copy to are not within page-locked memory");

    public CudaResult MemsetD8Async(ulong address, byte value, long count, nint stream) =>
        Fill(address, [value], count, stream);

    public CudaResult MemsetD16Async(ulong address, ushort value, long count, nint stream) =>
        Fill(address, BitConverter.GetBytes(value), count, stream);

    public CudaResult MemsetD32Async(ulong address, uint value, long count, nint stream) =>
        Fill(address, BitConverter.GetBytes(value), count, stream);

    private CudaResult Fill(ulong address, byte[] pattern, long count, nint stream)
    {
        if (address % (ulong)pattern.Length != 0)
        {
            return Refuse(CudaResult.InvalidValue, $"0x{address:x} is not a multiple of {pattern.Length}");
        }

        return OnStream(stream, () => Try(() => Repeat(address, pattern, count * pattern.Length)));
    }

    /// <summary>Writes a pattern over and over, a piece at a time.</summary>
    private void Repeat(ulong address, byte[] pattern, long bytes)
    {
        byte[] piece = new byte[Math.Min(PieceBytes, bytes)];
        for (int i = 0; i < piece.Length; i++)
        {
            piece[i] = pattern[i % pattern.Length];
        }

        for (long done = 0; done < bytes; done += piece.Length)
        {
            machine.Write(address + (ulong)done, piece.AsSpan(0, (int)Math.Min(piece.Length, bytes - done)));
        }
    }

    private bool IsPageLocked(nint pointer, long bytes) =>
        bytes >= 0 && _hostMemory.Any(memory => pointer >= memory.Key && pointer - memory.Key <= memory.Value - bytes);
}
