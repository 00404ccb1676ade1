namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>What the operating system counts, at one moment; null where it does not tell.</summary>
public sealed record HostCounters
{
    /// <summary>When, in seconds of the monotonic clock.</summary>
    public required double Seconds { get; init; }

    /// <summary>Processor time that work took on the machine as it is seen here, in seconds.</summary>
    public double? BusySeconds { get; init; }

    /// <summary>Processor time that a hypervisor gave to others although there was work here (steal), in seconds.</summary>
    public double? StolenSeconds { get; init; }

    /// <summary>Processor time of this process, in seconds.</summary>
    public double? OwnSeconds { get; init; }

    /// <summary>Periods of the container's CPU quota.</summary>
    public long? QuotaPeriods { get; init; }

    /// <summary>Periods in which the quota was used up and everything in the container stood still.</summary>
    public long? ThrottledPeriods { get; init; }
}
