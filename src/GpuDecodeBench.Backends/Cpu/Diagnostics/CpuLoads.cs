using System.Diagnostics;
using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu.Diagnostics;

/// <summary>Work that keeps all threads of a team busy: memory read again and again, each thread its own part, and multiply-adds.</summary>
/// <param name="team">The threads.</param>
/// <param name="kernels">The kernels.</param>
/// <param name="availableBytes">What could be allocated; null where it is not known.</param>
/// <param name="cacheBytes">The last-level cache; null where it is not known.</param>
internal sealed unsafe class CpuLoads(CpuTeam team, CpuKernels kernels, long? availableBytes, long? cacheBytes)
{
    private const double BatchSeconds = 0.1;
    private const double SetSeconds = 0.03;
    private const double ShortSeconds = 100e-6;
    private const int StepBytes = 256;
    private const long SmallestLargestSet = 256L << 20;
    private const long LargestSet = 2L << 30;

    // The sums of all that is read and computed end here, so that nothing can be left out.
    private long _sink;

    public IReadOnlyList<WorkingSetRate> Sweep(TimeSpan limit, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        using NativeBuffer memory = Allocate();
        List<WorkingSetRate> rates = [];
        foreach (long bytes in SweepSizes.UpTo(memory.Bytes))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                break;
            }

            long once = SliceOf(bytes) * team.Size;
            double seconds = Seconds(() => Read(memory, bytes, 1));
            int rounds = (int)Math.Clamp(SetSeconds / Math.Max(seconds, 1e-6), 1, 100_000);
            seconds = Enumerable.Range(0, 3).Select(_ => Seconds(() => Read(memory, bytes, rounds))).Min();
            rates.Add(new WorkingSetRate(bytes, (double)rounds * once / seconds));
        }

        return rates;
    }

    public IReadOnlyList<double> TimeShort(int count, TimeSpan limit, CancellationToken cancellation)
    {
        int rounds = RoundsFor(ShortSeconds);
        long start = Stopwatch.GetTimestamp();
        List<double> seconds = [];
        while (seconds.Count < count && (seconds.Count == 0 || Stopwatch.GetElapsedTime(start) < limit))
        {
            cancellation.ThrowIfCancellationRequested();
            seconds.Add(Seconds(() => Compute(rounds)));
        }

        return seconds;
    }

    public IReadOnlyList<LoadBatch> Run(
        LoadKind kind,
        TimeSpan duration,
        Action<double> whileBusy,
        CancellationToken cancellation
    )
    {
        using NativeBuffer? memory = kind == LoadKind.Memory ? Allocate() : null;
        int rounds = memory is null
            ? RoundsFor(BatchSeconds)
            : (int)Math.Clamp(BatchSeconds / Seconds(() => Read(memory, memory.Bytes, 1)), 1, 1000);
        double work = memory is null
            ? 2.0 * kernels.MultiplyAddsPerRound * rounds * team.Size
            : (double)rounds * SliceOf(memory.Bytes) * team.Size;
        List<LoadBatch> batches = [];
        long start = Stopwatch.GetTimestamp();
        double elapsed = 0;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            double seconds = Seconds(() =>
            {
                if (memory is null)
                {
                    Compute(rounds);
                }
                else
                {
                    Read(memory, memory.Bytes, rounds);
                }
            });
            batches.Add(new LoadBatch(elapsed, work / seconds));
            whileBusy(elapsed);
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        } while (elapsed < duration.TotalSeconds);

        return batches;
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Four times the last-level cache, but no more than an eighth of what is free; random content.</summary>
    private NativeBuffer Allocate()
    {
        long most = Math.Clamp((availableBytes ?? LargestSet) / 8, StepBytes << 12, LargestSet);
        long bytes = Math.Min(Math.Max(4 * (cacheBytes ?? 0), SmallestLargestSet), most);
        var memory = new NativeBuffer(bytes / (1 << 20) * (1 << 20));
        team.Run(worker =>
        {
            long slice = memory.Bytes / sizeof(ulong) / team.Size;
            ulong* words = (ulong*)memory.Pointer + (worker * slice);
            for (long i = 0; i < slice; i++)
            {
                words[i] = SyntheticRandom.Mix((ulong)i);
            }
        });
        // The first call also compiles, which counts for nothing.
        Read(memory, 1 << 20, 1);
        return memory;
    }

    private long SliceOf(long bytes) => bytes / team.Size / StepBytes * StepBytes;

    private void Read(NativeBuffer memory, long bytes, int rounds)
    {
        long slice = SliceOf(bytes);
        ReadKernel kernel = ReadKernel.All[0];
        team.Run(worker =>
        {
            long sum = 0;
            for (int round = 0; round < rounds; round++)
            {
                sum += kernels.Read(kernel, memory.Pointer + (worker * slice), slice);
            }

            Interlocked.Add(ref _sink, sum);
        });
    }

    private void Compute(int rounds) => team.Run(_ => Interlocked.Add(ref _sink, (long)kernels.MultiplyAdds(rounds)));

    /// <summary>Rounds of multiply-adds that take a time, found by trying more and more.</summary>
    private int RoundsFor(double seconds)
    {
        int rounds = 1000;
        // The first call also compiles, which counts for nothing.
        Compute(1);
        double took = Seconds(() => Compute(rounds));
        while (took < 2e-3 && rounds < 1 << 28)
        {
            rounds *= 4;
            took = Seconds(() => Compute(rounds));
        }

        return (int)Math.Clamp(rounds * seconds / took, 1, int.MaxValue);
    }
}
