namespace GpuDecodeBench.Ptx;

/// <summary>PTX that cannot be read or holds what the emulator does not know.</summary>
public sealed class PtxException : Exception
{
    /// <summary>An exception with no further word.</summary>
    public PtxException() { }

    /// <summary>An exception with a message only.</summary>
    /// <param name="message">What is wrong.</param>
    public PtxException(string message)
        : base(message) { }

    /// <summary>An exception with a message and its cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What led to it.</param>
    public PtxException(string message, Exception innerException)
        : base(message, innerException) { }

    /// <summary>An exception that names the line and its text.</summary>
    /// <param name="problem">What is wrong.</param>
    /// <param name="line">One-based line in the PTX.</param>
    /// <param name="statement">Exact text of the statement.</param>
    public PtxException(string problem, int line, string statement)
        : base($"PTX line {line}: {problem}: {statement}")
    {
        Line = line;
        Statement = statement;
    }

    /// <summary>One-based line in the PTX, 0 where none applies.</summary>
    public int Line { get; }

    /// <summary>Exact text of the statement at fault.</summary>
    public string Statement { get; } = "";
}
