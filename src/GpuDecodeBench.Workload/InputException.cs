namespace GpuDecodeBench.Workload;

/// <summary>
/// Something the user gave is wrong: an argument, a file, a name. The message is one sentence that says what, which value, and
/// what is accepted; the program ends with exit code 2 and shows nothing else.
/// </summary>
public sealed class InputException : Exception
{
    /// <summary>An input error with no message; prefer the other constructors.</summary>
    public InputException() { }

    /// <summary>An input error with its sentence.</summary>
    public InputException(string message)
        : base(message) { }

    /// <summary>An input error with its sentence and what caused it.</summary>
    public InputException(string message, Exception innerException)
        : base(message, innerException) { }
}
