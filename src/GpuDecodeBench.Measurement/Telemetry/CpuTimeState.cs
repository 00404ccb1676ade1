namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>
/// How much of the processors' time others took: counters that only rise. Read twice, their difference tells it of the time between.
/// </summary>
public sealed record CpuTimeState
{
    /// <summary>Time of all the host's processors together since boot, in seconds.</summary>
    public Reading<double> TotalSeconds { get; init; }

    /// <summary>Of it, that in which a virtual processor had work and the host ran something else (steal), in seconds.</summary>
    public Reading<double> StolenSeconds { get; init; }

    /// <summary>Periods in which this process's container was stopped at its limit (<c>nr_throttled</c>).</summary>
    public Reading<long> ThrottledPeriods { get; init; }

    /// <summary>How long the container's threads were stopped at its limit, all together, in seconds (<c>throttled_usec</c>).</summary>
    public Reading<double> ThrottledSeconds { get; init; }
}
