using System.Diagnostics;
using System.Runtime.Intrinsics;
using GpuDecodeBench.Backends.Cpu.Kernels;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>
/// What the team of threads can read, copy, write and multiply at most. The read ceiling is the best of several honest kernels:
/// they differ in how many streams each thread follows and how far ahead it asks for lines, and every byte read is used.
/// </summary>
internal sealed unsafe class CpuCeilings : IDisposable
{
    private const long SmallestWorkingSet = 512L << 20;
    private const long LargestWorkingSet = 4L << 30;
    private const int SliceBytes = 1 << 20;

    private static readonly (int Streams, int PrefetchBytes)[] s_readKernels =
    [
        (1, 0),
        (1, 2048),
        (1, 4096),
        (1, 8192),
        (4, 0),
        (4, 4096),
    ];

    private readonly CpuTeam _team;
    private readonly NativeBuffer _memory;
    private int _bestKernel;

    public CpuCeilings(CpuTeam team, long? lastLevelCacheBytes, long? availableBytes)
    {
        _team = team;
        // Eight times the last-level cache, but no more than an eighth of what is free.
        long bytes = Math.Clamp(
            8 * (lastLevelCacheBytes ?? 0),
            SmallestWorkingSet,
            Math.Clamp((availableBytes ?? LargestWorkingSet) / 8, SmallestWorkingSet, LargestWorkingSet)
        );
        _memory = new NativeBuffer(bytes / SliceBytes * SliceBytes);
        Fill();
    }

    public DeviceCeilings Measure(TimeSpan limit, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        (double read, string method) = BestRead(limit * 0.7, cancellation);
        double copy = Best(_memory.Bytes, 2, Copy);
        double write = Best(_memory.Bytes, 2, Write);
        Fill();
        double flops = MultiplyAdds();
        while (watch.Elapsed < limit && !cancellation.IsCancellationRequested)
        {
            flops = Math.Max(flops, MultiplyAdds());
        }

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

    /// <summary>One pass of the best read kernel, in bytes per second.</summary>
    public double ReadOnce() => _memory.Bytes / Seconds(() => Read(s_readKernels[_bestKernel]));

    public void Dispose() => _memory.Dispose();

    private void Fill()
    {
        ForEachSlice(
            _memory.Bytes,
            (offset, bytes) =>
            {
                ulong* words = (ulong*)(_memory.Pointer + offset);
                for (long i = 0; i < bytes / sizeof(ulong); i++)
                {
                    words[i] = Workload.Synthetic.SyntheticRandom.Mix((ulong)(offset + i));
                }
            }
        );
    }

    private (double BytesPerSecond, string Method) BestRead(TimeSpan limit, CancellationToken cancellation)
    {
        var best = new double[s_readKernels.Length];
        var watch = Stopwatch.StartNew();
        int rounds = 0;
        while (rounds < 2 || (watch.Elapsed < limit && !cancellation.IsCancellationRequested))
        {
            for (int i = 0; i < best.Length; i++)
            {
                (int Streams, int PrefetchBytes) kernel = s_readKernels[i];
                best[i] = Math.Max(best[i], _memory.Bytes / Seconds(() => Read(kernel)));
            }

            rounds++;
        }

        _bestKernel = Array.IndexOf(best, best.Max());
        (int streams, int prefetch) = s_readKernels[_bestKernel];
        return (
            best[_bestKernel],
            $"best of {best.Length} read kernels × {rounds} passes over {_memory.Bytes / 1e9:0.00} GB on {_team.Size} threads: {streams} stream(s) a thread, prefetch {prefetch} bytes ahead"
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

    private void Read((int Streams, int PrefetchBytes) kernel)
    {
        long sink = 0;
        ForEachSlice(
            _memory.Bytes,
            (offset, bytes) =>
            {
                byte* start = _memory.Pointer + offset;
                long sum =
                    kernel.Streams == 1
                        ? ReadOneStream(start, bytes, kernel.PrefetchBytes)
                        : ReadFourStreams(start, bytes, kernel.PrefetchBytes);
                Interlocked.Add(ref sink, sum);
            }
        );
        s_sink = sink;
    }

    // The sums of all bytes read end here, so that no read can be left out.
    private static long s_sink;

    private static long ReadOneStream(byte* start, long bytes, int prefetchBytes)
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

    private static long ReadFourStreams(byte* start, long bytes, int prefetchBytes)
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

    private void Copy()
    {
        long half = _memory.Bytes / 2;
        ForEachSlice(
            half,
            (offset, bytes) =>
                Buffer.MemoryCopy(_memory.Pointer + offset, _memory.Pointer + half + offset, bytes, bytes)
        );
    }

    private void Write() =>
        ForEachSlice(_memory.Bytes, (offset, bytes) => new Span<byte>(_memory.Pointer + offset, (int)bytes).Fill(1));

    /// <summary>Multiply-adds of all threads per second, times two.</summary>
    private double MultiplyAdds()
    {
        const int Rounds = 2_000_000;
        double seconds = Seconds(() => _team.Run(_ => s_sink += (long)MultiplyAddLoop(Rounds)));
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
