using GpuDecodeBench.Backends.Cpu.Kernels;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The host's processors as a device.</summary>
/// <param name="host">What is known of the machine.</param>
/// <param name="threads">Threads to use; null for one on each usable processor.</param>
/// <param name="simd">
/// The SIMD path to use; null for what the environment variable <see cref="SimdPaths.Variable"/> says, or the best of this
/// processor.
/// </param>
public sealed class CpuBackend(IHostInformation host, int? threads = null, SimdPath? simd = null) : IDecodeBackend
{
    /// <summary>The backend's and its only device's name.</summary>
    public const string BackendName = "cpu";

    /// <inheritdoc />
    public string Name => BackendName;

    /// <inheritdoc />
    /// <exception cref="Workload.InputException">The environment variable names no SIMD path.</exception>
    public IReadOnlyList<DeviceDescription> FindDevices() => [Describe(ChoosePath())];

    /// <inheritdoc />
    /// <exception cref="Workload.InputException">The environment variable names no SIMD path.</exception>
    public IDecodeDevice Open(string deviceId)
    {
        SimdPath path = ChoosePath();
        return SimdPaths.WhyUnavailable(path) is string reason
            ? throw new DeviceUnavailableException($"The CPU backend is not available: {reason}.")
            : new CpuDevice(Describe(path), host, CpuKernels.For(path));
    }

    private SimdPath ChoosePath() => simd ?? SimdPaths.Choose(Environment.GetEnvironmentVariable(SimdPaths.Variable));

    private DeviceDescription Describe(SimdPath path) =>
        new()
        {
            Id = BackendName,
            Name = host.CpuName ?? "CPU",
            Backend = BackendName,
            UnavailableReason = SimdPaths.WhyUnavailable(path),
            MemoryBytes = host.MemoryBytes,
            LastLevelCacheBytes = host.LastLevelCacheBytes,
            Threads = threads ?? Environment.ProcessorCount,
            Detail = SimdPaths.NameOf(path),
        };
}
