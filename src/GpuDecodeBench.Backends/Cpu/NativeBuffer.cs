using System.Runtime.InteropServices;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>
/// Memory outside the garbage collector's heap, aligned for vectors and, when large, to huge pages, which the operating system
/// is asked to use: a matrix read through 4 KiB pages spends part of its time on page-table walks.
/// </summary>
internal sealed unsafe partial class NativeBuffer : IDisposable
{
    private const int VectorAlignment = 64;
    private const int HugePageBytes = 2 << 20;

    /// <summary>Reads beyond the end by a vector kernel's prefetch or last partial line stay inside the allocation.</summary>
    private const int Slack = 256;

    private readonly bool _isPart;
    private void* _pointer;

    /// <summary>Allocates; the content is undefined.</summary>
    /// <exception cref="DeviceUnavailableException">The memory is not to be had.</exception>
    public NativeBuffer(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Bytes = bytes;
        bool large = bytes >= HugePageBytes;
        try
        {
            _pointer = NativeMemory.AlignedAlloc(
                checked((nuint)(bytes + Slack)),
                (nuint)(large ? HugePageBytes : VectorAlignment)
            );
        }
        catch (OutOfMemoryException exception)
        {
            throw new DeviceUnavailableException(
                $"The CPU has no room for a buffer of {bytes / 1e9:0.00} GB; use fewer layers, a smaller batch or a shorter context.",
                exception
            );
        }

        if (large && OperatingSystem.IsLinux())
        {
            // Advice only: a kernel that refuses leaves the pages small and the results the same.
            _ = MemoryAdvise(_pointer, (nuint)(bytes + Slack), AdviseHugePages);
        }
    }

    /// <summary>A part of another buffer, which keeps the memory; giving the part back does nothing.</summary>
    public NativeBuffer(NativeBuffer whole, long offset, long bytes)
    {
        ArgumentNullException.ThrowIfNull(whole);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, whole.Bytes - offset);
        Bytes = bytes;
        _pointer = whole.Pointer + offset;
        _isPart = true;
    }

    /// <summary>The bytes asked for.</summary>
    public long Bytes { get; }

    /// <summary>The first byte.</summary>
    public byte* Pointer => (byte*)_pointer;

    /// <summary>The buffer as floats.</summary>
    public float* Floats => (float*)_pointer;

    /// <summary>Sets all bytes to zero.</summary>
    public void Clear() => NativeMemory.Clear(_pointer, (nuint)Bytes);

    public void Dispose()
    {
        if (!_isPart)
        {
            NativeMemory.AlignedFree(_pointer);
        }

        _pointer = null;
    }

    // MADV_HUGEPAGE of <sys/mman.h>.
    private const int AdviseHugePages = 14;

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int MemoryAdvise(void* address, nuint length, int advice);
}
