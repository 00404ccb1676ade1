using GpuDecodeBench.Backends.Cpu;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>What the CPU backend needs to know of this machine, from <see cref="EnvironmentCapture"/>.</summary>
/// <param name="environment">The environment as captured.</param>
public sealed class HostInformation(EnvironmentInfo environment) : IHostInformation
{
    /// <inheritdoc />
    public string? CpuName => environment.CpuModel;

    /// <inheritdoc />
    public long? MemoryBytes =>
        environment.ContainerMemoryLimitBytes < environment.MemoryTotalBytes || environment.MemoryTotalBytes is null
            ? environment.ContainerMemoryLimitBytes
            : environment.MemoryTotalBytes;

    /// <inheritdoc />
    public long? AvailableMemoryBytes => MemoryAvailability.Read().AvailableBytes;

    /// <inheritdoc />
    public long? LastLevelCacheBytes => LastLevelCache.TotalBytes(environment.Caches);
}
