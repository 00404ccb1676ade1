using System.Diagnostics;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Cuda.Diagnostics;

/// <summary>Copies between host and GPU: page-locked memory timed by the GPU, other memory by the host, which takes part in those.</summary>
/// <param name="device">The GPU.</param>
internal sealed class CudaHostCopies(CudaDevice device)
{
    private const int Copies = 7;
    private const long PageLockedBytes = 256L << 20;
    private const int PageableBytes = 64 << 20;
    private const int TinyBytes = 1 << 20;

    private bool IsReal => device.Description.IsForMeasuring;

    public IReadOnlyList<HostCopyRate> Run(TimeSpan limit, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        List<HostCopyRate> rates = [];
        long bytes = IsReal ? Math.Min(PageLockedBytes, device.Context.MemoryInfo().FreeBytes / 4) : TinyBytes;
        using CudaBuffer memory = device.Context.Allocate(bytes, "The device's side of copies");
        foreach (CopyDirection direction in Enum.GetValues<CopyDirection>())
        {
            cancellation.ThrowIfCancellationRequested();
            if (rates.Count == 0 || Stopwatch.GetElapsedTime(start) < limit)
            {
                rates.AddRange(PageLocked(memory, direction, limit / 4));
            }
        }

        var host = new byte[Math.Min(memory.Bytes, IsReal ? PageableBytes : TinyBytes)];
        foreach (CopyDirection direction in Enum.GetValues<CopyDirection>())
        {
            cancellation.ThrowIfCancellationRequested();
            if (Stopwatch.GetElapsedTime(start) < limit)
            {
                rates.Add(Pageable(memory, host, direction, limit / 4));
            }
        }

        return rates;
    }

    private IEnumerable<HostCopyRate> PageLocked(CudaBuffer memory, CopyDirection direction, TimeSpan limit)
    {
        CudaHostBuffer host;
        try
        {
            host = device.Context.AllocateHost(memory.Bytes, "The host's side of copies");
        }
        catch (CudaException error) when (!error.IsSticky)
        {
            // A container may allow no page-locked memory; the other copies still tell something.
            return [];
        }

        using (host)
        {
            using CudaStream stream = device.Context.CreateStream();
            using CudaEvent begin = device.Context.CreateEvent();
            using CudaEvent end = device.Context.CreateEvent();
            double seconds = Median(
                limit,
                () =>
                {
                    stream.Record(begin);
                    if (direction == CopyDirection.HostToDevice)
                    {
                        stream.CopyToDevice(host, memory, memory.Bytes);
                    }
                    else
                    {
                        stream.CopyToHost(memory, host, memory.Bytes);
                    }

                    stream.Record(end);
                    return end.SecondsSince(begin);
                }
            );
            return [new HostCopyRate(direction, IsPageLocked: true, memory.Bytes, memory.Bytes / seconds)];
        }
    }

    private HostCopyRate Pageable(CudaBuffer memory, byte[] host, CopyDirection direction, TimeSpan limit)
    {
        double seconds = Median(
            limit,
            () =>
            {
                long start = Stopwatch.GetTimestamp();
                if (direction == CopyDirection.HostToDevice)
                {
                    memory.CopyFrom(host);
                }
                else
                {
                    memory.CopyTo(host);
                }

                return Stopwatch.GetElapsedTime(start).TotalSeconds;
            }
        );
        return new HostCopyRate(direction, IsPageLocked: false, host.Length, host.Length / seconds);
    }

    /// <summary>The median of some copies after a first that nobody counts.</summary>
    private double Median(TimeSpan limit, Func<double> copy)
    {
        long start = Stopwatch.GetTimestamp();
        double first = copy();
        List<double> seconds = [];
        while (IsReal && seconds.Count < Copies && Stopwatch.GetElapsedTime(start) < limit)
        {
            seconds.Add(copy());
        }

        seconds.Sort();
        return seconds.Count == 0 ? first : seconds[seconds.Count / 2];
    }
}
