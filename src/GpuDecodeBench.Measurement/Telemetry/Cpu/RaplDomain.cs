namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>
/// One energy counter of powercap (Linux, Documentation/power/powercap/powercap.rst), unwrapped. It counts microjoules up to a
/// maximum and starts again at zero.
/// </summary>
/// <param name="file">Its <c>energy_uj</c>.</param>
/// <param name="rangeMicrojoules">Its <c>max_energy_range_uj</c>; null where that is missing or garbage.</param>
internal sealed class RaplDomain(KernelFile file, long? rangeMicrojoules) : IDisposable
{
    /// <summary>
    /// No package takes more, with a margin of two over the largest of 2025 (500 W): it bounds how soon a counter can be back where it
    /// was.
    /// </summary>
    public const double HighestWatts = 1000;

    private long _lastMicrojoules = -1;
    private double _lastSeconds;

    /// <summary>
    /// Two readings farther apart, in seconds, may have missed a whole round of the counter: 262 s for the usual range of 262 kJ.
    /// </summary>
    public double LongestGapSeconds => rangeMicrojoules / 1e6 / HighestWatts ?? double.PositiveInfinity;

    /// <summary>Energy since the last reading, in joules; null with a code where that cannot be told.</summary>
    /// <param name="nowSeconds">The time of <see cref="TelemetryClock"/>.</param>
    /// <param name="failureCode">Why there is none; null where there is.</param>
    public double? Advance(double nowSeconds, out string? failureCode)
    {
        if (!file.TryReadNumber(out long now) || now > rangeMicrojoules)
        {
            failureCode = RaplReasons.Unreadable;
            return null;
        }

        (long last, double lastSeconds) = (_lastMicrojoules, _lastSeconds);
        (_lastMicrojoules, _lastSeconds) = (now, nowSeconds);
        failureCode = null;
        if (last < 0)
        {
            return 0;
        }

        if (nowSeconds - lastSeconds > LongestGapSeconds)
        {
            failureCode = RaplReasons.WrapAmbiguous;
            return null;
        }

        if (now >= last)
        {
            return (now - last) / 1e6;
        }

        if (rangeMicrojoules is not { } range)
        {
            failureCode = RaplReasons.RangeUnknown;
            return null;
        }

        return (now + (range - last)) / 1e6;
    }

    public void Dispose() => file.Dispose();
}
