using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Backends.Cpu.Kernels;

namespace GpuDecodeBench.Benchmarks;

/// <summary>
/// The yardstick: every byte of a piece of memory read once by all threads of a team and added up, nothing else. Threads take
/// slices in turns, as the kernels take panels.
/// </summary>
internal sealed unsafe class MemoryReader(CpuTeam team, CpuKernels kernels)
{
    private const int SliceBytes = 128 << 10;
    private const int StepBytes = 256;
    private static readonly ReadKernel s_kernel = new(Streams: 1, PrefetchBytes: 4096);

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
                Interlocked.Add(
                    ref _sum,
                    kernels.Read(
                        s_kernel,
                        memory + offset,
                        Math.Min(SliceBytes, bytes - offset) / StepBytes * StepBytes
                    )
                );
            }
        });
        return _sum;
    }
}
