namespace GpuDecodeBench.Backends;

/// <summary>
/// A device, or a part of it such as its memory, is not to be had. The message is one sentence for the user; the program ends
/// with exit code 3.
/// </summary>
public sealed class DeviceUnavailableException : Exception
{
    /// <summary>An error with no message; prefer the other constructors.</summary>
    public DeviceUnavailableException() { }

    /// <summary>An error with its sentence.</summary>
    public DeviceUnavailableException(string message)
        : base(message) { }

    /// <summary>An error with its sentence and what caused it.</summary>
    public DeviceUnavailableException(string message, Exception innerException)
        : base(message, innerException) { }
}
