namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>The host around the load.</summary>
public sealed record HostObservation
{
    /// <summary>Before the load.</summary>
    public required HostCounters Before { get; init; }

    /// <summary>After it; null where there was none.</summary>
    public HostCounters? After { get; init; }

    /// <summary>Logical processors of the machine.</summary>
    public required int LogicalProcessors { get; init; }

    /// <summary>Processors that this process may use.</summary>
    public required int UsableProcessors { get; init; }

    /// <summary>The container's CPU limit, in processors; null where there is none.</summary>
    public double? CpuLimit { get; init; }

    /// <summary>The load average of the minute before; null where not told.</summary>
    public double? LoadAverage { get; init; }

    /// <summary>The policy for transparent huge pages: <c>always</c>, <c>madvise</c>, <c>never</c>; null where there is none.</summary>
    public string? HugePages { get; init; }

    /// <summary>Whether the machine is virtual; null where not told.</summary>
    public bool? IsVirtual { get; init; }
}
