namespace GpuDecodeBench.Backends;

/// <summary>What a device did at most in kernels that do nothing else. Null where it was not measured.</summary>
public sealed record DeviceCeilings
{
    /// <summary>Bytes read per second from memory, working set well beyond any cache.</summary>
    public double? ReadBytesPerSecond { get; init; }

    /// <summary>How the read ceiling was found: which kernels were tried and which was best.</summary>
    public string? ReadMethod { get; init; }

    /// <summary>Bytes read plus bytes written per second when copying.</summary>
    public double? CopyBytesPerSecond { get; init; }

    /// <summary>Bytes written per second when filling.</summary>
    public double? WriteBytesPerSecond { get; init; }

    /// <summary>Floating-point operations per second of independent multiply-adds in the precision of the kernels.</summary>
    public double? FlopsPerSecond { get; init; }

    /// <summary>How the compute ceiling was found.</summary>
    public string? FlopsMethod { get; init; }
}
