using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>NVIDIA GPUs, through the driver that is installed.</summary>
public sealed class CudaBackend : IDecodeBackend
{
    /// <summary>The backend's name, and the first part of its devices'.</summary>
    public const string BackendName = "cuda";

    private readonly Lazy<(CudaLibrary? Library, string? WhyNot)> _library = new(Load);

    /// <inheritdoc />
    public string Name => BackendName;

    /// <inheritdoc />
    public IReadOnlyList<DeviceDescription> FindDevices()
    {
        (CudaLibrary? library, string? whyNot) = _library.Value;
        return library is null
            ?
            [
                new DeviceDescription
                {
                    Id = $"{BackendName}:0",
                    Name = "NVIDIA GPU",
                    Backend = BackendName,
                    UnavailableReason = whyNot,
                },
            ]
            : [.. library.Devices.Select(Describe)];
    }

    /// <inheritdoc />
    public IDecodeDevice Open(string deviceId)
    {
        (CudaLibrary? library, string? whyNot) = _library.Value;
        if (library is null)
        {
            throw new DeviceUnavailableException(whyNot ?? "There is no NVIDIA driver.");
        }

        CudaDeviceInfo? device = library.Devices.FirstOrDefault(device => IdOf(device) == deviceId);
        return device is null
            ? throw new DeviceUnavailableException($"There is no device {deviceId}.")
            : CudaDevice.Open(
                Describe(device),
                library,
                device,
                KernelFolder.OrOwn(Environment.GetEnvironmentVariable(KernelSource.Variable))
            );
    }

    /// <summary>What is known of a device before it is opened.</summary>
    internal static DeviceDescription Describe(CudaDeviceInfo device) =>
        new()
        {
            Id = IdOf(device),
            Name = device.Name,
            Backend = BackendName,
            MemoryBytes = device.TotalBytes,
            LastLevelCacheBytes = device.L2Bytes,
            Uuid = NullIfEmpty(device.Uuid),
            PciBusId = NullIfEmpty(device.PciBusId),
        };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static string IdOf(CudaDeviceInfo device) => $"{BackendName}:{device.Ordinal}";

    private static (CudaLibrary? Library, string? WhyNot) Load()
    {
        NativeCudaDriver? driver = NativeCudaDriver.TryLoad(out string? whyNot);
        if (driver is null)
        {
            return (null, whyNot);
        }

        CudaLibrary? library = CudaLibrary.TryOpen(driver, new CudaHost(), out whyNot);
        return (library, whyNot);
    }
}
