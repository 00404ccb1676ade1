using GpuDecodeBench.Backends.Cuda.Diagnostics;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Cuda;

/// <content>What the doctor asks of it.</content>
internal sealed partial class CudaDevice : IDiagnosableDevice
{
    public DeviceFacts ReadFacts()
    {
        (long free, _) = Context.MemoryInfo();
        bool knowsVersion = Context.Driver.DriverGetVersion(out int version) == CudaResult.Success;
        return new DeviceFacts
        {
            Name = Information.Name,
            Uuid = Information.Uuid.Length == 0 ? null : Information.Uuid,
            PciBusId = Information.PciBusId.Length == 0 ? null : Information.PciBusId,
            MemoryBytes = Information.TotalBytes,
            FreeBytes = free,
            MultiprocessorCount = Known(Information.MultiprocessorCount),
            MemoryBusBits = Known(Information.MemoryBusBits),
            CoreClockHz = Known(Information.ClockKilohertz) * 1e3,
            MemoryClockHz = Known(Information.MemoryClockKilohertz) * 1e3,
            LastLevelCacheBytes = Information.L2Bytes > 0 ? Information.L2Bytes : null,
            ComputeCapability = Information.Compute,
            HasEcc = Information.HasEcc,
            IsMigInstance = Information.IsMigInstance,
            CudaVersion = knowsVersion ? version : null,
            IsHost = false,
            IsEmulated = !Description.IsForMeasuring,
        };
    }

    public MemoryTestResult TestMemory(
        MemoryTestRequest request,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        return new CudaMemoryTest(this).Run(request, progress, cancellation);
    }

    public IReadOnlyList<WorkingSetRate> SweepReads(TimeSpan limit, CancellationToken cancellation)
    {
        using var loads = new CudaLoads(this);
        return loads.Sweep(limit, cancellation);
    }

    public IReadOnlyList<HostCopyRate> CopyHostMemory(TimeSpan limit, CancellationToken cancellation) =>
        new CudaHostCopies(this).Run(limit, cancellation);

    public IReadOnlyList<double> TimeShortKernels(int count, TimeSpan limit, CancellationToken cancellation)
    {
        using var loads = new CudaLoads(this);
        return loads.TimeShort(count, limit, cancellation);
    }

    public IReadOnlyList<LoadBatch> RunLoad(
        LoadKind kind,
        TimeSpan duration,
        Action<double> whileBusy,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(whileBusy);
        using var loads = new CudaLoads(this);
        return loads.Run(kind, duration, whileBusy, cancellation);
    }

    /// <summary>The driver's 0 for what it does not tell.</summary>
    private static int? Known(int value) => value == 0 ? null : value;
}
