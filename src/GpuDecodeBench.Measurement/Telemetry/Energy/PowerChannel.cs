namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>One kind of power value of a source, with its behaviour in time.</summary>
/// <param name="IsAverage">Whether it is the source's average value; otherwise the instant one.</param>
/// <param name="WindowSeconds">Over how long a value is the mean, in seconds.</param>
/// <param name="UpdateSeconds">How often there is a new one, in seconds.</param>
/// <param name="LagSeconds">How long after the end of its window a value appears, in seconds.</param>
public sealed record PowerChannel(bool IsAverage, double WindowSeconds, double UpdateSeconds, double LagSeconds)
{
    /// <summary>A window below this share of the update period leaves time unseen.</summary>
    internal const double PartTime = 0.9;

    /// <summary>Whether the sensor looks only a part of the time.</summary>
    public bool IsPartTime => WindowSeconds < PartTime * UpdateSeconds;

    /// <summary>
    /// How far a reading lies behind the middle of its window, in seconds: half the window, half an update (the time for which a
    /// value has been shown on average), and the lag. For a sensor of 100 ms and 100 ms these are the published 100 ms.
    /// </summary>
    public double ShiftSeconds => ((WindowSeconds + UpdateSeconds) / 2) + LagSeconds;

    /// <summary>How far back before a reading its window can begin, in seconds.</summary>
    public double ReachSeconds => WindowSeconds + UpdateSeconds + LagSeconds;

    /// <summary>The value of a sample, in watts; null where it was not told.</summary>
    public double? WattsOf(in TelemetrySample sample) =>
        IsAverage ? sample.PowerAverageWatts : sample.PowerInstantWatts;
}
