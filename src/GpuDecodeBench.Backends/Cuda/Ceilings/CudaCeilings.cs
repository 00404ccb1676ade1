using System.Diagnostics;
using System.Globalization;
using GpuDecodeBench.Backends.Cuda.Arguments;
using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Ceilings;

/// <summary>
/// What a GPU gives at most: memory read, copied and written, over a buffer well beyond its caches, and arithmetic in registers.
/// </summary>
internal sealed class CudaCeilings : IDisposable
{
    private const int ChunkBytes = 16;
    private const int BitsPerByte = 8;
    private const int CopyThreads = 256;
    private const int CopyBlocksPerMultiprocessor = 8;
    private const int TeamLanes = 32;
    private const long SmallestBytes = 256L << 20;
    private const long LargestBytes = 4L << 30;

    /// <summary>The working set in last-level caches; facts and method say at least four.</summary>
    private const int Caches = 16;

    /// <summary>
    /// A kernel's start and the ends of its last blocks take some 4 µs. Of a pass that reads for 1 ms they are less than half a percent; of
    /// a shorter one they would be more than of a step, which would then look better against the ceiling than it is.
    /// </summary>
    private const double PassSeconds = 1e-3;

    /// <summary>The buffer stays for the whole run, so it may take no more than this part of memory from models for being long.</summary>
    private const int PartOfMemory = 40;

    /// <summary>Both edges of the memory clock carry data.</summary>
    private const int TransfersPerClock = 2;

    /// <summary>The share of the limit that reading may take: of the ceilings it is the one that matters most.</summary>
    private const double ReadShare = 0.7;

    private readonly CudaDevice _device;
    private readonly CudaCeilingSizes _sizes;
    private readonly IReadOnlyList<CudaReadCandidate> _candidates;
    private readonly CudaPassClock _clock;
    private readonly CudaBuffer _results;
    private CudaBuffer? _source;
    private CudaReadCandidate? _best;

    public CudaCeilings(CudaDevice device, CudaCeilingSizes? sizes = null)
    {
        _device = device;
        _sizes = sizes ?? new CudaCeilingSizes();
        _candidates = CudaReadCandidate.For(device.Kernels.Architecture);
        _clock = new CudaPassClock(device);
        long teams = _candidates.Max(each => (long)each.BlocksPerMultiprocessor * each.Threads / TeamLanes);
        _results = device.Context.Allocate(
            teams * device.Information.MultiprocessorCount * sizeof(uint),
            "The results of reading"
        );
    }

    /// <summary>Bytes that are read in one pass.</summary>
    private long SourceBytes => _source!.Bytes;

    public DeviceCeilings Measure(TimeSpan limit, CancellationToken cancellation)
    {
        long clock = Stopwatch.GetTimestamp();
        long wanted = _sizes.ReadBytes ?? PassBytes(_device.Information);
        long free = _device.AvailableBytes ?? wanted;
        double copy;
        double write;
        double read;
        int tried;
        using (CudaBuffer target = _device.Context.Allocate(Even(Math.Min(wanted, free / 4)), "The target of copies"))
        {
            _source ??= _device.Context.Allocate(target.Bytes, "The source of the read ceiling");
            FillWithNoise();
            (_best, read, tried) = CudaReadCandidate.Fastest(
                _candidates,
                each =>
                {
                    cancellation.ThrowIfCancellationRequested();
                    return SourceBytes / _clock.MedianSeconds(_sizes.Passes, stream => Read(stream, each));
                },
                () => Stopwatch.GetElapsedTime(clock) < limit * ReadShare
            );
            copy = 2 * SourceBytes / _clock.MedianSeconds(_sizes.Passes, stream => Copy(stream, "copy_stream", target));
            write = SourceBytes / _clock.MedianSeconds(_sizes.Passes, stream => Copy(stream, "write_stream", target));
        }

        cancellation.ThrowIfCancellationRequested();
        (double flops, string flopsMethod) = new CudaFlopsCeiling(_device, _clock).Measure(
            _sizes.ComputePassSeconds,
            () => Stopwatch.GetElapsedTime(clock) < limit && !cancellation.IsCancellationRequested
        );
        return new DeviceCeilings
        {
            ReadBytesPerSecond = read,
            ReadMethod = Words(_best, tried),
            CopyBytesPerSecond = copy,
            WriteBytesPerSecond = write,
            FlopsPerSecond = flops,
            FlopsMethod = flopsMethod,
        };
    }

    /// <summary>One pass of the best read kernel; null before <see cref="Measure"/>.</summary>
    public double? ReadOnce() => _best is { } best ? SourceBytes / _clock.Seconds(stream => Read(stream, best)) : null;

    /// <summary>What a pass reads, well beyond the caches and long enough for its ends not to count.</summary>
    internal static long PassBytes(CudaDeviceInfo device)
    {
        double bytesPerSecond =
            TransfersPerClock * (device.MemoryClockKilohertz * 1e3) * (device.MemoryBusBits / (double)BitsPerByte);
        long ofPass = Math.Min((long)(bytesPerSecond * PassSeconds), device.TotalBytes / PartOfMemory);
        long bytes = Math.Max(Caches * device.L2Bytes, ofPass);
        return Even(Math.Clamp(bytes, SmallestBytes, LargestBytes));
    }

    public void Dispose()
    {
        _source?.Dispose();
        _results.Dispose();
        _clock.Dispose();
    }

    private static long Even(long bytes) => bytes / ChunkBytes * ChunkBytes;

    private string Words(CudaReadCandidate best, int tried) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{best.Kernel} ({best.Loads}), {Blocks(best)} blocks of {best.Threads} threads, {SourceBytes >> 20} MiB, median of {_sizes.Passes} passes, best of the {tried} of {_candidates.Count} kernels and grids tried"
        );

    private int Blocks(CudaReadCandidate candidate) =>
        candidate.BlocksPerMultiprocessor * _device.Information.MultiprocessorCount;

    private void Read(CudaStream stream, CudaReadCandidate candidate) =>
        stream.Launch(
            new CudaLaunch(
                _device.Kernels.Get("stream", candidate.Kernel),
                new CudaDim3(Blocks(candidate)),
                new CudaDim3(candidate.Threads)
            ),
            Arguments(_results.Address, SourceBytes),
            "the read ceiling"
        );

    private void Copy(CudaStream stream, string kernel, CudaBuffer target) =>
        Copy(stream, kernel, target.Address, SourceBytes);

    private void Copy(CudaStream stream, string kernel, ulong target, long bytes) =>
        stream.Launch(
            new CudaLaunch(
                _device.Kernels.Get("stream", kernel),
                new CudaDim3(CopyBlocksPerMultiprocessor * _device.Information.MultiprocessorCount),
                new CudaDim3(CopyThreads)
            ),
            Arguments(target, bytes),
            kernel
        );

    private StreamArguments Arguments(ulong target, long bytes) =>
        new()
        {
            Source = _source!.Address,
            Target = target,
            Chunks = (ulong)(bytes / ChunkBytes),
        };

    /// <summary>
    /// Random bytes, the same ones again and again: zeros would be read faster and cooler than data. The host brings the first, the device
    /// doubles them.
    /// </summary>
    private void FillWithNoise()
    {
        var noise = new byte[Math.Min(_sizes.NoiseBytes, SourceBytes)];
        new Random(1).NextBytes(noise);
        _source!.CopyFrom(noise, 0);
        for (long filled = noise.Length; filled < SourceBytes; filled *= 2)
        {
            long bytes = Math.Min(filled, SourceBytes - filled);
            _clock.Seconds(stream => Copy(stream, "copy_stream", _source.Address + (ulong)filled, bytes));
        }
    }
}
