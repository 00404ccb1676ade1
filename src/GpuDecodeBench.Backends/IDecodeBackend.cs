namespace GpuDecodeBench.Backends;

/// <summary>A way to execute decode steps: finds its devices and opens them.</summary>
public interface IDecodeBackend
{
    /// <summary>The backend's name, as in run records: <c>cpu</c>, <c>cuda</c>, <c>reference</c>.</summary>
    string Name { get; }

    /// <summary>
    /// The devices that this backend can drive on this machine, and those that it cannot with the reason. Never throws for
    /// missing hardware.
    /// </summary>
    IReadOnlyList<DeviceDescription> FindDevices();

    /// <summary>
    /// A device by its name, also one that <see cref="FindDevices"/> does not list because its name carries options; null where
    /// the backend has none of that name.
    /// </summary>
    DeviceDescription? Find(string deviceId) =>
        FindDevices().FirstOrDefault(device => string.Equals(device.Id, deviceId, StringComparison.OrdinalIgnoreCase));

    /// <summary>Opens a device that <see cref="FindDevices"/> or <see cref="Find"/> named.</summary>
    /// <exception cref="DeviceUnavailableException">The device cannot be opened.</exception>
    IDecodeDevice Open(string deviceId);
}
