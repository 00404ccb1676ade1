using System.Diagnostics;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Cuda.Diagnostics;

/// <summary>Work that keeps a GPU busy: a working set read again and again, and multiply-adds; sized by trying, and timed by events.</summary>
internal sealed class CudaLoads : IDisposable
{
    private const int Threads = 256;
    private const int TeamsPerBlock = Threads / 32;
    private const int BlocksPerMultiprocessor = 8;
    private const int ChunkBytes = 16;

    /// <summary>Two operations for each of the 64 multiply-adds of a round (<c>kernels/load.cu</c>).</summary>
    private const double FlopsPerThreadAndRound = 2.0 * 64;

    private const double BatchSeconds = 0.1;
    private const double ShortSeconds = 100e-6;
    private const int ShortAtOnce = 100;
    private const long LoadBytes = 2L << 30;
    private const long SmallestSet = 1L << 20;
    private const long LargestSet = 2L << 30;

    private readonly CudaDevice _device;
    private readonly CudaStream _stream;
    private readonly HeldTimer _timer;
    private readonly CudaEvent _begin;
    private readonly CudaEvent _end;
    private readonly CudaBuffer _sums;
    private readonly int _blocks;

    public CudaLoads(CudaDevice device)
    {
        _device = device;
        _blocks = BlocksPerMultiprocessor * device.Information.MultiprocessorCount;
        _stream = device.Context.CreateStream();
        _timer = new HeldTimer(device, _stream);
        _begin = device.Context.CreateEvent();
        _end = device.Context.CreateEvent();
        _sums = device.Context.Allocate((long)_blocks * TeamsPerBlock * sizeof(uint), "The sums of loads");
    }

    /// <summary>Whether times mean something; if not, all work is as small as can be.</summary>
    private bool IsReal => _device.Description.IsForMeasuring;

    public IReadOnlyList<WorkingSetRate> Sweep(TimeSpan limit, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        long largest = IsReal ? Math.Clamp(4 * _device.Information.L2Bytes, 256L << 20, LargestSet) : 2 * SmallestSet;
        using CudaBuffer memory = AllocateUpTo(largest);
        List<WorkingSetRate> rates = [];
        foreach (long bytes in SweepSizes.UpTo(memory.Bytes))
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) > limit)
            {
                break;
            }

            ulong rounds = 1;
            double seconds = SecondsOfReading(memory, bytes, rounds);
            if (IsReal)
            {
                // A round is too short to time, and the first fills the cache: enough of them for 20 ms.
                rounds = (ulong)Math.Clamp(0.02 / Math.Max(seconds, 1e-6), 4, 100_000);
                seconds = Enumerable.Range(0, 3).Select(_ => SecondsOfReading(memory, bytes, rounds)).Min();
            }

            rates.Add(new WorkingSetRate(bytes, rounds * (double)bytes / seconds));
        }

        return rates;
    }

    public IReadOnlyList<double> TimeShort(int count, TimeSpan limit, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        int atOnce = Math.Min(count, ShortAtOnce);
        ulong rounds = IsReal ? RoundsFor(ShortSeconds) : 1;
        List<double> seconds = [];
        List<CudaEvent> events = [];
        try
        {
            for (int i = 0; i <= atOnce; i++)
            {
                events.Add(_device.Context.CreateEvent());
            }

            while (seconds.Count < count && (seconds.Count == 0 || Stopwatch.GetElapsedTime(start) < limit))
            {
                cancellation.ThrowIfCancellationRequested();
                _device.HoldBack(_stream, atOnce);
                _stream.Record(events[0]);
                for (int i = 1; i <= atOnce; i++)
                {
                    LaunchMultiplyAdds(rounds);
                    _stream.Record(events[i]);
                }

                _stream.Synchronize();
                seconds.AddRange(Enumerable.Range(1, atOnce).Select(i => events[i].SecondsSince(events[i - 1])));
            }
        }
        finally
        {
            events.ForEach(recorded => recorded.Dispose());
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
        using CudaBuffer? memory = kind == LoadKind.Memory ? AllocateUpTo(IsReal ? LoadBytes : SmallestSet) : null;
        ulong rounds = 1;
        if (IsReal)
        {
            rounds = memory is null
                ? RoundsFor(BatchSeconds)
                : (ulong)Math.Max(1, BatchSeconds / SecondsOfReading(memory, memory.Bytes, 1));
        }

        double work = memory is null ? Flops(rounds) : rounds * (double)memory.Bytes;
        List<LoadBatch> batches = [];
        long start = Stopwatch.GetTimestamp();
        double elapsed = 0;
        do
        {
            cancellation.ThrowIfCancellationRequested();
            _stream.Record(_begin);
            if (memory is null)
            {
                LaunchMultiplyAdds(rounds);
            }
            else
            {
                LaunchReading(memory, memory.Bytes, rounds);
            }

            _stream.Record(_end);
            // The GPU is at work now: what is read meanwhile is read under load.
            whileBusy(elapsed);
            batches.Add(new LoadBatch(elapsed, work / _end.SecondsSince(_begin)));
            elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        } while (IsReal && elapsed < duration.TotalSeconds);

        return batches;
    }

    public void Dispose()
    {
        _sums.Dispose();
        _timer.Dispose();
        _end.Dispose();
        _begin.Dispose();
        _stream.Dispose();
    }

    /// <summary>A buffer of random words, smaller where memory is short.</summary>
    private CudaBuffer AllocateUpTo(long bytes)
    {
        long free = _device.Context.MemoryInfo().FreeBytes;
        long size = Math.Max(SmallestSet, Math.Min(bytes, free / 4) / SmallestSet * SmallestSet);
        CudaBuffer memory = _device.Context.Allocate(size, "What a load reads");
        try
        {
            _stream.Launch(
                Shape("memory_test", "memory_fill"),
                new MemoryTestArguments
                {
                    Memory = memory.Address,
                    Chunks = (ulong)(size / ChunkBytes),
                    Seed = 1,
                },
                "filling what a load reads"
            );
            // The first launch of a kernel also loads it, which counts for nothing.
            LaunchReading(memory, SmallestSet, 1);
            _stream.Synchronize();
            return memory;
        }
        catch
        {
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Rounds of multiply-adds that take a time, found by trying more and more.</summary>
    private ulong RoundsFor(double seconds)
    {
        ulong rounds = 64;
        // The first launch of a kernel also loads it, which counts for nothing.
        LaunchMultiplyAdds(1);
        double took = Seconds(() => LaunchMultiplyAdds(rounds));
        while (took < 1e-3 && rounds < 1UL << 30)
        {
            rounds *= 4;
            took = Seconds(() => LaunchMultiplyAdds(rounds));
        }

        return Math.Max(1, (ulong)(rounds * seconds / took));
    }

    private double Flops(ulong rounds) => FlopsPerThreadAndRound * rounds * _blocks * Threads;

    private double SecondsOfReading(CudaBuffer memory, long bytes, ulong rounds) =>
        Seconds(() => LaunchReading(memory, bytes, rounds));

    private double Seconds(Action launch) => _timer.Seconds(CudaHold.ForLaunches(1), launch);

    private void LaunchReading(CudaBuffer memory, long bytes, ulong rounds) =>
        _stream.Launch(
            Shape("load", "read_again"),
            new ReadAgainArguments
            {
                Source = memory.Address,
                Sums = _sums.Address,
                Chunks = (ulong)(bytes / ChunkBytes),
                Rounds = rounds,
            },
            "a load that reads"
        );

    private void LaunchMultiplyAdds(ulong rounds) =>
        _stream.Launch(
            Shape("load", "sustained_multiply_adds"),
            new MultiplyAddsArguments
            {
                Sums = _sums.Address,
                Rounds = rounds,
                // The sums stay near 1: numbers that overflow or vanish would be computed at another power.
                Factor = 0.75f,
                Addend = 0.25f,
            },
            "a load that computes"
        );

    private CudaLaunch Shape(string module, string kernel) =>
        new(
            _device.Kernels.Get(module, kernel),
            new CudaDim3(_blocks),
            new CudaDim3(Threads),
            0,
            ProgrammaticDependent: false
        );
}
