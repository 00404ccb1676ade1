namespace GpuDecodeBench.Records;

/// <summary>
/// A run record cannot be read. The message is one sentence that names the file, the field at fault and what is accepted; the
/// program ends with exit code 2 and shows nothing else.
/// </summary>
public sealed class RecordFormatException : Exception
{
    /// <summary>A format error with no message; prefer the other constructors.</summary>
    public RecordFormatException() { }

    /// <summary>A format error with its sentence.</summary>
    public RecordFormatException(string message)
        : base(message) { }

    /// <summary>A format error with its sentence and what caused it.</summary>
    public RecordFormatException(string message, Exception innerException)
        : base(message, innerException) { }
}
