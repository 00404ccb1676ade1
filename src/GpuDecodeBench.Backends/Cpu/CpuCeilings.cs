using System.Diagnostics;
using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>
/// What the team of threads can read, copy, write and multiply at most. The read ceiling is the best of several honest kernels:
/// they differ in how many streams each thread follows and how far ahead it asks for lines, and every byte read is used.
/// </summary>
internal sealed unsafe class CpuCeilings : IDisposable
{
    private const long SmallestWorkingSet = 256L << 20;
    private const long LargestWorkingSet = 4L << 30;
    private const int SliceBytes = 1 << 20;
    private const int KernelsFollowed = 2;

    /// <summary>Bytes of one pass while steps are measured: some ten milliseconds.</summary>
    private const long LargestPass = 512L << 20;

    private readonly CpuTeam _team;
    private readonly CpuKernels _kernels;
    private readonly long _workingSetBytes;
    private ReadKernel[] _ranking = ReadKernel.All;
    private NativeBuffer? _own;
    private int _passes;

    // The sums of all bytes read end here, so that no read can be left out.
    private long _sink;

    public CpuCeilings(CpuTeam team, CpuKernels kernels, long? lastLevelCacheBytes, long? availableBytes)
    {
        _team = team;
        _kernels = kernels;
        // Eight times the last-level cache, but no more than an eighth of what is free.
        long bytes = Math.Clamp(
            8 * (lastLevelCacheBytes ?? 0),
            SmallestWorkingSet,
            Math.Clamp((availableBytes ?? LargestWorkingSet) / 8, SmallestWorkingSet, LargestWorkingSet)
        );
        _workingSetBytes = bytes / SliceBytes * SliceBytes;
    }

    public DeviceCeilings Measure(TimeSpan limit, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        double flops = 0;
        double copy;
        double write;
        double read;
        string method;
        using (NativeBuffer memory = Allocate(_workingSetBytes))
        {
            (read, method) = BestRead(memory, limit * 0.7, cancellation);
            copy = Best(memory.Bytes, 2, () => Copy(memory));
            write = Best(memory.Bytes, 2, () => Write(memory));
        }

        do
        {
            flops = Math.Max(flops, MultiplyAdds());
        } while (watch.Elapsed < limit && !cancellation.IsCancellationRequested);

        return new DeviceCeilings
        {
            ReadBytesPerSecond = read,
            ReadMethod = method,
            CopyBytesPerSecond = copy,
            WriteBytesPerSecond = write,
            FlopsPerSecond = flops,
            FlopsMethod =
                $"{SimdPaths.NameOf(_kernels.Path)} FP32 multiply-adds on {_team.Size} threads, {_kernels.MultiplyAddsPerRound} independent sums each, operands in registers",
        };
    }

    /// <summary>
    /// One pass of one of the two best read kernels, in turn, in bytes per second. It reads the largest matrix that a model
    /// holds, if that is large enough: the very memory that steps read, and no memory of its own.
    /// </summary>
    public double ReadOnce(NativeBuffer? resident)
    {
        NativeBuffer memory =
            resident is { } large && large.Bytes >= _workingSetBytes
                ? large
                : _own ??= Allocate(Math.Min(_workingSetBytes, LargestPass));
        ReadKernel kernel = _ranking[_passes++ % KernelsFollowed];
        long bytes = Math.Min(memory.Bytes, LargestPass) / SliceBytes * SliceBytes;
        return bytes / Seconds(() => Read(memory, bytes, kernel));
    }

    public void Dispose() => _own?.Dispose();

    /// <summary>Memory of random content.</summary>
    private NativeBuffer Allocate(long size)
    {
        var memory = new NativeBuffer(size);
        ForEachSlice(
            memory.Bytes,
            (offset, bytes) =>
            {
                ulong* words = (ulong*)(memory.Pointer + offset);
                for (long i = 0; i < bytes / sizeof(ulong); i++)
                {
                    words[i] = SyntheticRandom.Mix((ulong)(offset + i));
                }
            }
        );
        return memory;
    }

    private (double BytesPerSecond, string Method) BestRead(
        NativeBuffer memory,
        TimeSpan limit,
        CancellationToken cancellation
    )
    {
        ReadKernel[] kernels = ReadKernel.All;
        var best = new double[kernels.Length];
        var watch = Stopwatch.StartNew();
        int rounds = 0;
        while (rounds < 2 || (watch.Elapsed < limit && !cancellation.IsCancellationRequested))
        {
            for (int i = 0; i < best.Length; i++)
            {
                ReadKernel kernel = kernels[i];
                best[i] = Math.Max(best[i], memory.Bytes / Seconds(() => Read(memory, memory.Bytes, kernel)));
            }

            rounds++;
        }

        _ranking = [.. kernels.Zip(best).OrderByDescending(pair => pair.Second).Select(pair => pair.First)];
        return (
            best.Max(),
            $"best of {best.Length} {SimdPaths.NameOf(_kernels.Path)} read kernels × {rounds} passes over {memory.Bytes / 1e9:0.00} GB on {_team.Size} threads: {_ranking[0].Streams} stream(s) a thread, prefetch {_ranking[0].PrefetchBytes} bytes ahead"
        );
    }

    private static double Best(long bytes, int tries, Action work)
    {
        double best = 0;
        for (int i = 0; i < tries; i++)
        {
            best = Math.Max(best, bytes / Seconds(work));
        }

        return best;
    }

    private static double Seconds(Action work)
    {
        long start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private void ForEachSlice(long bytes, Action<long, long> work)
    {
        long next = -SliceBytes;
        _team.Run(_ =>
        {
            long offset;
            while ((offset = Interlocked.Add(ref next, SliceBytes)) < bytes)
            {
                work(offset, Math.Min(SliceBytes, bytes - offset));
            }
        });
    }

    private void Read(NativeBuffer memory, long readBytes, ReadKernel kernel) =>
        ForEachSlice(
            readBytes,
            (offset, bytes) => Interlocked.Add(ref _sink, _kernels.Read(kernel, memory.Pointer + offset, bytes))
        );

    private void Copy(NativeBuffer memory)
    {
        long half = memory.Bytes / 2;
        ForEachSlice(
            half,
            (offset, bytes) => Buffer.MemoryCopy(memory.Pointer + offset, memory.Pointer + half + offset, bytes, bytes)
        );
    }

    private void Write(NativeBuffer memory) =>
        ForEachSlice(memory.Bytes, (offset, bytes) => new Span<byte>(memory.Pointer + offset, (int)bytes).Fill(1));

    /// <summary>Multiply-adds of all threads per second, times two.</summary>
    private double MultiplyAdds()
    {
        const int Rounds = 2_000_000;
        double seconds = Seconds(() => _team.Run(_ => Interlocked.Add(ref _sink, (long)_kernels.MultiplyAdds(Rounds))));
        return 2.0 * _kernels.MultiplyAddsPerRound * Rounds * _team.Size / seconds;
    }
}
