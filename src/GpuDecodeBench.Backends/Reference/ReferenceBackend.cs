namespace GpuDecodeBench.Backends.Reference;

/// <summary>The double-precision reference as a backend: slow, and obviously right. Good for proving, not for measuring.</summary>
public sealed class ReferenceBackend : IDecodeBackend
{
    /// <summary>The backend's and its only device's name.</summary>
    public const string BackendName = "reference";

    /// <inheritdoc />
    public string Name => BackendName;

    /// <inheritdoc />
    public IReadOnlyList<DeviceDescription> FindDevices() => [ReferenceDevice.TheDescription];

    /// <inheritdoc />
    public IDecodeDevice Open(string deviceId) => new ReferenceDevice();
}
