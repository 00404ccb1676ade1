namespace GpuDecodeBench.Backends;

/// <summary>
/// A device failed while it worked, and what it has not yet given is lost. The message is a sentence or two for the user; what was
/// measured before is kept, and the program ends with exit code 1.
/// </summary>
public class DeviceFaultException : Exception
{
    /// <summary>An error with no message; prefer the other constructors.</summary>
    public DeviceFaultException() { }

    /// <summary>An error with its sentence.</summary>
    public DeviceFaultException(string message)
        : base(message) { }

    /// <summary>An error with its sentence and what caused it.</summary>
    public DeviceFaultException(string message, Exception? innerException)
        : base(message, innerException) { }
}
