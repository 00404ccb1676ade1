using GpuDecodeBench.Backends.Cpu.Diagnostics;
using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Cpu;

/// <content>What the doctor asks of it.</content>
internal sealed partial class CpuDevice : IDiagnosableDevice
{
    private CpuLoads Loads => new(_team, _kernels, AvailableBytes, Description.LastLevelCacheBytes);

    public DeviceFacts ReadFacts() =>
        new()
        {
            Name = Description.Name,
            MemoryBytes = Description.MemoryBytes,
            FreeBytes = AvailableBytes,
            MultiprocessorCount = _team.Size,
            LastLevelCacheBytes = Description.LastLevelCacheBytes,
            IsHost = true,
            IsEmulated = false,
        };

    public MemoryTestResult TestMemory(
        MemoryTestRequest request,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(request);
        return new CpuMemoryTest(_team, AvailableBytes).Run(request, progress, cancellation);
    }

    public IReadOnlyList<WorkingSetRate> SweepReads(TimeSpan limit, CancellationToken cancellation) =>
        Loads.Sweep(limit, cancellation);

    /// <summary>None: the device's memory is the host's.</summary>
    public IReadOnlyList<HostCopyRate> CopyHostMemory(TimeSpan limit, CancellationToken cancellation) => [];

    public IReadOnlyList<double> TimeShortKernels(int count, TimeSpan limit, CancellationToken cancellation) =>
        Loads.TimeShort(count, limit, cancellation);

    public IReadOnlyList<LoadBatch> RunLoad(
        LoadKind kind,
        TimeSpan duration,
        Action<double> whileBusy,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(whileBusy);
        return Loads.Run(kind, duration, whileBusy, cancellation);
    }
}
