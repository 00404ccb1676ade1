namespace GpuDecodeBench.Ptx;

/// <summary>A fault found while a kernel ran.</summary>
public sealed class PtxFaultException : Exception
{
    /// <summary>An exception with no further word.</summary>
    public PtxFaultException() { }

    /// <summary>An exception with a message only.</summary>
    /// <param name="message">What is wrong.</param>
    public PtxFaultException(string message)
        : base(message) { }

    /// <summary>An exception with a message and its cause.</summary>
    /// <param name="message">What is wrong.</param>
    /// <param name="innerException">What led to it.</param>
    public PtxFaultException(string message, Exception innerException)
        : base(message, innerException) { }

    internal PtxFaultException(
        PtxFaultKind kind,
        string problem,
        string kernel,
        PtxInstruction? instruction,
        GridShape cta,
        GridShape thread,
        ulong? address
    )
        : base(
            $"{kind} in kernel '{kernel}', PTX line {instruction?.Line ?? 0} `{instruction?.Text}`, "
                + $"CTA {cta}, thread {thread}: {problem}"
        )
    {
        Kind = kind;
        Kernel = kernel;
        Instruction = instruction;
        Cta = cta;
        Thread = thread;
        Address = address;
    }

    /// <summary>What happened.</summary>
    public PtxFaultKind Kind { get; }

    /// <summary>Kernel that ran.</summary>
    public string Kernel { get; } = "";

    /// <summary>Instruction at fault, with its line and text.</summary>
    public PtxInstruction? Instruction { get; }

    /// <summary>Index of the CTA in the grid.</summary>
    public GridShape Cta { get; }

    /// <summary>Index of the thread in its CTA.</summary>
    public GridShape Thread { get; }

    /// <summary>Address at fault where there is one.</summary>
    public ulong? Address { get; }
}
