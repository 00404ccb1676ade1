namespace GpuDecodeBench.Records;

/// <summary>
/// A run record cannot be written. The message is one sentence that names the path and the cause; what stood at the path
/// before is untouched.
/// </summary>
public sealed class RecordWriteException : Exception
{
    /// <summary>A write error with no message; prefer the other constructors.</summary>
    public RecordWriteException() { }

    /// <summary>A write error with its sentence.</summary>
    public RecordWriteException(string message)
        : base(message) { }

    /// <summary>A write error with its sentence and what caused it.</summary>
    public RecordWriteException(string message, Exception innerException)
        : base(message, innerException) { }
}
