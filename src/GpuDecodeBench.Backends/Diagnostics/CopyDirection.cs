namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>Which way memory is copied.</summary>
public enum CopyDirection
{
    /// <summary>From the host to the device.</summary>
    HostToDevice,

    /// <summary>From the device to the host.</summary>
    DeviceToHost,
}
