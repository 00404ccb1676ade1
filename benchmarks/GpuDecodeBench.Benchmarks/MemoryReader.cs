using System.Runtime.Intrinsics;
using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Kernels;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// The yardstick: every byte of a piece of memory read once by all threads of a team and added up, nothing else. Threads take
/// slices in turns, as the kernels take panels.
/// </summary>
internal sealed unsafe class MemoryReader(CpuTeam team)
{
    private const int SliceBytes = 128 << 10;
    private const int PrefetchBytes = 4096;
    private const int StepBytes = 256;

    private long _next;
    private long _sum;

    /// <summary>Reads whole steps of 256 bytes from the start; returns a sum of all that was read.</summary>
    public long Read(byte* memory, long bytes)
    {
        _next = 0;
        _sum = 0;
        team.Run(_ =>
        {
            long offset;
            while ((offset = Interlocked.Add(ref _next, SliceBytes) - SliceBytes) < bytes)
            {
                Interlocked.Add(ref _sum, Slice(memory + offset, Math.Min(SliceBytes, bytes - offset)));
            }
        });
        return _sum;
    }

    private static long Slice(byte* start, long bytes)
    {
        Vector512<int> a = Vector512<int>.Zero,
            b = Vector512<int>.Zero,
            c = Vector512<int>.Zero,
            d = Vector512<int>.Zero;
        for (byte* p = start; p + StepBytes <= start + bytes; p += StepBytes)
        {
            Simd.Prefetch(p + PrefetchBytes);
            Simd.Prefetch(p + PrefetchBytes + 64);
            Simd.Prefetch(p + PrefetchBytes + 128);
            Simd.Prefetch(p + PrefetchBytes + 192);
            a += Vector512.Load((int*)p);
            b += Vector512.Load((int*)(p + 64));
            c += Vector512.Load((int*)(p + 128));
            d += Vector512.Load((int*)(p + 192));
        }

        return Vector512.Sum(a + b + c + d);
    }
}
