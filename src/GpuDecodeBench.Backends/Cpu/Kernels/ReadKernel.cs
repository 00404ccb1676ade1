using System.Runtime.Intrinsics;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// A kernel that does nothing but read: every 64-byte line is loaded once and added up.
/// </summary>
/// <remarks>
/// Lanes: four sums of sixteen 32-bit lanes, so that no addition waits for the one before. Lengths are multiples of 256 bytes;
/// there is no tail. Bound by memory, and by nothing else.
/// </remarks>
/// <param name="Streams">1: one ascending stream a slice; 4: the four quarters of a slice side by side.</param>
/// <param name="PrefetchBytes">How far ahead lines are asked for; 0 leaves that to the processor.</param>
internal readonly record struct ReadKernel(int Streams, int PrefetchBytes)
{
    /// <summary>The kernels from which a ceiling is the best.</summary>
    public static ReadKernel[] All { get; } =
    [new(1, 0), new(1, 2048), new(1, 4096), new(1, 8192), new(4, 0), new(4, 4096)];

    /// <summary>Reads, and gives the sum of what was read.</summary>
    public unsafe long Read(byte* start, long bytes) =>
        Streams == 1 ? OneStream(start, bytes, PrefetchBytes) : FourStreams(start, bytes, PrefetchBytes);

    private static unsafe long OneStream(byte* start, long bytes, int prefetchBytes)
    {
        Vector512<int> a = Vector512<int>.Zero,
            b = Vector512<int>.Zero,
            c = Vector512<int>.Zero,
            d = Vector512<int>.Zero;
        for (byte* p = start; p < start + bytes; p += 256)
        {
            if (prefetchBytes != 0)
            {
                Simd.Prefetch(p + prefetchBytes);
                Simd.Prefetch(p + prefetchBytes + 64);
                Simd.Prefetch(p + prefetchBytes + 128);
                Simd.Prefetch(p + prefetchBytes + 192);
            }

            a += Vector512.Load((int*)p);
            b += Vector512.Load((int*)(p + 64));
            c += Vector512.Load((int*)(p + 128));
            d += Vector512.Load((int*)(p + 192));
        }

        return Vector512.Sum(a + b + c + d);
    }

    private static unsafe long FourStreams(byte* start, long bytes, int prefetchBytes)
    {
        long quarter = bytes / 4;
        Vector512<int> a = Vector512<int>.Zero,
            b = Vector512<int>.Zero,
            c = Vector512<int>.Zero,
            d = Vector512<int>.Zero;
        for (byte* p = start; p < start + quarter; p += 64)
        {
            if (prefetchBytes != 0)
            {
                Simd.Prefetch(p + prefetchBytes);
                Simd.Prefetch(p + quarter + prefetchBytes);
                Simd.Prefetch(p + (2 * quarter) + prefetchBytes);
                Simd.Prefetch(p + (3 * quarter) + prefetchBytes);
            }

            a += Vector512.Load((int*)p);
            b += Vector512.Load((int*)(p + quarter));
            c += Vector512.Load((int*)(p + (2 * quarter)));
            d += Vector512.Load((int*)(p + (3 * quarter)));
        }

        return Vector512.Sum(a + b + c + d);
    }
}
