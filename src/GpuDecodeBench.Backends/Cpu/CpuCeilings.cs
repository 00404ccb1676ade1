using System.Diagnostics;
using System.Runtime.Intrinsics;
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
    private readonly long _workingSetBytes;
    private ReadKernel[] _ranking = ReadKernel.All;
    private NativeBuffer? _own;
    private int _passes;

    // The sums of all bytes read end here, so that no read can be left out.
    private long _sink;

    public CpuCeilings(CpuTeam team, long? lastLevelCacheBytes, long? availableBytes)
    {
        _team = team;
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
        using (NativeBuffer memory = Allocate())
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
                $"FP32 multiply-adds on {_team.Size} threads, 24 independent sums each, operands in registers",
        };
    }

    /// <summary>
    /// One pass of one of the two best read kernels, in turn, in bytes per second. It reads the largest matrix that a model
    /// holds, if that is large enough: the very memory that steps read, and no memory of its own.
    /// </summary>
    public double ReadOnce(NativeBuffer? resident)
    {
        NativeBuffer memory = resident is { } large && large.Bytes >= _workingSetBytes ? large : _own ??= Allocate();
        ReadKernel kernel = _ranking[_passes++ % KernelsFollowed];
        long bytes = Math.Min(memory.Bytes, LargestPass) / SliceBytes * SliceBytes;
        return bytes / Seconds(() => Read(memory, bytes, kernel));
    }

    public void Dispose() => _own?.Dispose();

    /// <summary>A working set of random content.</summary>
    private NativeBuffer Allocate()
    {
        var memory = new NativeBuffer(_workingSetBytes);
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
            $"best of {best.Length} read kernels × {rounds} passes over {memory.Bytes / 1e9:0.00} GB on {_team.Size} threads: {_ranking[0].Streams} stream(s) a thread, prefetch {_ranking[0].PrefetchBytes} bytes ahead"
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
            (offset, bytes) => Interlocked.Add(ref _sink, kernel.Read(memory.Pointer + offset, bytes))
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
        double seconds = Seconds(() => _team.Run(_ => Interlocked.Add(ref _sink, (long)MultiplyAddLoop(Rounds))));
        return 2.0 * 24 * Simd.Lanes * Rounds * _team.Size / seconds;
    }

    private static float MultiplyAddLoop(int rounds)
    {
        Vector512<float> x = Vector512.Create(0.999f),
            y = Vector512.Create(0.001f);
        Vector512<float> a = x,
            b = x,
            c = x,
            d = x,
            e = x,
            f = x,
            g = x,
            h = x;
        Vector512<float> i = x,
            j = x,
            k = x,
            l = x,
            m = x,
            n = x,
            o = x,
            p = x;
        Vector512<float> q = x,
            r = x,
            s = x,
            t = x,
            u = x,
            v = x,
            w = x,
            z = x;
        for (int round = 0; round < rounds; round++)
        {
            a = Simd.MultiplyAdd(a, x, y);
            b = Simd.MultiplyAdd(b, x, y);
            c = Simd.MultiplyAdd(c, x, y);
            d = Simd.MultiplyAdd(d, x, y);
            e = Simd.MultiplyAdd(e, x, y);
            f = Simd.MultiplyAdd(f, x, y);
            g = Simd.MultiplyAdd(g, x, y);
            h = Simd.MultiplyAdd(h, x, y);
            i = Simd.MultiplyAdd(i, x, y);
            j = Simd.MultiplyAdd(j, x, y);
            k = Simd.MultiplyAdd(k, x, y);
            l = Simd.MultiplyAdd(l, x, y);
            m = Simd.MultiplyAdd(m, x, y);
            n = Simd.MultiplyAdd(n, x, y);
            o = Simd.MultiplyAdd(o, x, y);
            p = Simd.MultiplyAdd(p, x, y);
            q = Simd.MultiplyAdd(q, x, y);
            r = Simd.MultiplyAdd(r, x, y);
            s = Simd.MultiplyAdd(s, x, y);
            t = Simd.MultiplyAdd(t, x, y);
            u = Simd.MultiplyAdd(u, x, y);
            v = Simd.MultiplyAdd(v, x, y);
            w = Simd.MultiplyAdd(w, x, y);
            z = Simd.MultiplyAdd(z, x, y);
        }

        Vector512<float> sum =
            a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w + z;
        return Vector512.Sum(sum);
    }
}
