using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuDecodeBench.Backends.Cpu;

/// <summary>The host's processors as a device.</summary>
/// <param name="host">What is known of the machine.</param>
/// <param name="threads">Threads to use; null for one on each usable processor.</param>
public sealed class CpuBackend(IHostInformation host, int? threads = null) : IDecodeBackend
{
    /// <summary>The backend's and its only device's name.</summary>
    public const string BackendName = "cpu";

    /// <inheritdoc />
    public string Name => BackendName;

    /// <inheritdoc />
    public IReadOnlyList<DeviceDescription> FindDevices() => [Describe()];

    /// <inheritdoc />
    public IDecodeDevice Open(string deviceId) => new CpuDevice(Describe(), host);

    private DeviceDescription Describe() =>
        new()
        {
            Id = BackendName,
            Name = host.CpuName ?? "CPU",
            Backend = BackendName,
            MemoryBytes = host.MemoryBytes,
            LastLevelCacheBytes = host.LastLevelCacheBytes,
            Threads = threads ?? Environment.ProcessorCount,
            Detail = VectorPath(),
        };

    private static string VectorPath()
    {
        if (Avx512F.IsSupported)
        {
            return "AVX-512";
        }

        return Vector256.IsHardwareAccelerated ? "256-bit vectors" : "128-bit vectors";
    }
}
