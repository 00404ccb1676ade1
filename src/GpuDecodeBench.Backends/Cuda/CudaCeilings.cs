using System.Diagnostics;
using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>What a GPU's memory gives at most: read, copied and written, over a buffer well beyond its caches.</summary>
internal sealed class CudaCeilings : IDisposable
{
    private const int ChunkBytes = 16;
    private const int Threads = 256;
    private const int TeamsPerBlock = Threads / 32;
    private const long LargestBytes = 4L << 30;

    /// <summary>The working set in last-level caches; facts and method say at least four.</summary>
    private const int Caches = 16;

    /// <summary>Passes that one figure is the median of.</summary>
    private const int Passes = 15;

    private static readonly int[] s_blocksPerMultiprocessor = [2, 4, 8, 16, 32];

    private readonly CudaDevice _device;
    private readonly CudaStream _stream;
    private readonly CudaEvent _begin;
    private readonly CudaEvent _end;
    private readonly CudaBuffer _results;
    private CudaBuffer? _source;
    private (CudaFunction Kernel, int Blocks)? _best;

    public CudaCeilings(CudaDevice device)
    {
        _device = device;
        _stream = device.Context.CreateStream();
        _begin = device.Context.CreateEvent();
        _end = device.Context.CreateEvent();
        int most = s_blocksPerMultiprocessor[^1] * device.Information.MultiprocessorCount;
        _results = device.Context.Allocate((long)most * TeamsPerBlock * sizeof(uint), "The results of reading");
    }

    /// <summary>Bytes that are read in one pass.</summary>
    private long SourceBytes => _source!.Bytes;

    public DeviceCeilings Measure(TimeSpan limit, CancellationToken cancellation)
    {
        long clock = Stopwatch.GetTimestamp();
        long wanted = Math.Clamp(Caches * _device.Information.L2Bytes, 256L << 20, LargestBytes);
        long free = _device.AvailableBytes ?? wanted;
        using CudaBuffer target = _device.Context.Allocate(Even(Math.Min(wanted, free / 4)), "The target of copies");
        _source ??= _device.Context.Allocate(target.Bytes, "The source of the read ceiling");
        FillWithNoise();

        string[] kernels =
            _device.Kernels.Architecture >= 90
                ? ["read_stream_u4", "read_stream_u8", "read_stream_bulk"]
                : ["read_stream_u4", "read_stream_u8"];
        double best = 0;
        string method = "";
        foreach (string name in kernels)
        {
            CudaFunction kernel = _device.Kernels.Get("stream", name);
            foreach (int perMultiprocessor in s_blocksPerMultiprocessor)
            {
                cancellation.ThrowIfCancellationRequested();
                if (best > 0 && Stopwatch.GetElapsedTime(clock) > limit)
                {
                    break;
                }

                int blocks = perMultiprocessor * _device.Information.MultiprocessorCount;
                double rate = Rate(SourceBytes, () => Read(kernel, blocks));
                if (rate > best)
                {
                    best = rate;
                    _best = (kernel, blocks);
                    method = string.Create(
                        CultureInfo.InvariantCulture,
                        $"{name}, {blocks} blocks of {Threads} threads, {SourceBytes >> 20} MiB, median of {Passes} passes, best of the kernels and grids tried"
                    );
                }
            }
        }

        int grid = 8 * _device.Information.MultiprocessorCount;
        double copy = Rate(2 * SourceBytes, () => Stream("copy_stream", target, grid));
        double write = Rate(SourceBytes, () => Stream("write_stream", target, grid));
        return new DeviceCeilings
        {
            ReadBytesPerSecond = best,
            ReadMethod = method,
            CopyBytesPerSecond = copy,
            WriteBytesPerSecond = write,
        };
    }

    /// <summary>One pass of the best read kernel; null before <see cref="Measure"/>.</summary>
    public double? ReadOnce() =>
        _best is var (kernel, blocks) ? SourceBytes / Seconds(() => Read(kernel, blocks)) : null;

    public void Dispose()
    {
        _source?.Dispose();
        _results.Dispose();
        _begin.Dispose();
        _end.Dispose();
        _stream.Dispose();
    }

    private static long Even(long bytes) => bytes / (1 << 20) * (1 << 20);

    private double Rate(long bytes, Action pass)
    {
        pass();
        double[] seconds = [.. Enumerable.Range(0, Passes).Select(_ => Seconds(pass)).Order()];
        return bytes / seconds[Passes / 2];
    }

    private double Seconds(Action pass)
    {
        CudaHold.Launch(_device, _stream, 1);
        _stream.Record(_begin);
        pass();
        _stream.Record(_end);
        return _end.SecondsSince(_begin);
    }

    private void Read(CudaFunction kernel, int blocks) =>
        _stream.Launch(
            new CudaLaunch(kernel, new CudaDim3(blocks), new CudaDim3(Threads), 0, ProgrammaticDependent: false),
            new StreamArguments
            {
                Source = _source!.Address,
                Target = _results.Address,
                Chunks = (ulong)(SourceBytes / ChunkBytes),
            },
            "the read ceiling"
        );

    private void Stream(string kernel, CudaBuffer target, int blocks) =>
        _stream.Launch(
            new CudaLaunch(
                _device.Kernels.Get("stream", kernel),
                new CudaDim3(blocks),
                new CudaDim3(Threads),
                0,
                ProgrammaticDependent: false
            ),
            new StreamArguments
            {
                Source = _source!.Address,
                Target = target.Address,
                Chunks = (ulong)(SourceBytes / ChunkBytes),
            },
            kernel
        );

    /// <summary>Random bytes, the same 64 MiB again and again: zeros would be read faster and cooler than data.</summary>
    private void FillWithNoise()
    {
        var noise = new byte[Math.Min(64 << 20, SourceBytes)];
        new Random(1).NextBytes(noise);
        for (long offset = 0; offset < SourceBytes; offset += noise.Length)
        {
            _source!.CopyFrom(noise.AsSpan(0, (int)Math.Min(noise.Length, SourceBytes - offset)), offset);
        }
    }
}
