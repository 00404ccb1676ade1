namespace GpuDecodeBench.Ptx;

/// <summary>An allocation that does not fit in what the emulated device has left.</summary>
public sealed class OutOfEmulatedMemoryException : Exception
{
    /// <summary>An exception with no further word.</summary>
    public OutOfEmulatedMemoryException() { }

    /// <summary>An exception with a message only.</summary>
    /// <param name="message">What is wrong.</param>
    public OutOfEmulatedMemoryException(string message)
        : base(message) { }

    /// <summary>An exception with a message and its cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What led to it.</param>
    public OutOfEmulatedMemoryException(string message, Exception innerException)
        : base(message, innerException) { }
}
