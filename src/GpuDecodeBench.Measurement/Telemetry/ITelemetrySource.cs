namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>
/// Reads one device's sensors. A source is opened for one device; what it cannot read is an answer with a reason, never an
/// exception. <see cref="Read"/> is called from one thread, <see cref="ReadState"/> possibly from another at the same time.
/// </summary>
public interface ITelemetrySource : IDisposable
{
    /// <summary>The source's name, as in run records: <c>nvml</c>, <c>rapl</c>, <c>amdsmi</c>, <c>replay</c>.</summary>
    string Name { get; }

    /// <summary>What is read and where its limits are, in a sentence: library and version, scope, not yet run on hardware.</summary>
    string Description { get; }

    /// <summary>Every quantity of <see cref="TelemetryQuantity"/>, each with how it is read or why it is not.</summary>
    IReadOnlyList<TelemetryCapability> Capabilities { get; }

    /// <summary>How often the sensors have something new, in seconds, as far as is known; sampling much faster only costs.</summary>
    double UpdatePeriodSeconds { get; }

    /// <summary>Reads what changes while work runs. Takes well under a millisecond; allocates nothing that lasts.</summary>
    TelemetrySample Read();

    /// <summary>
    /// Adds what the sensor buffered since it was last asked, oldest first; nothing where the source has no buffer.
    /// </summary>
    void ReadBufferedPower(ICollection<PowerSample> samples) { }

    /// <summary>Reads what seldom changes: identity, limits, errors, links. May take many milliseconds.</summary>
    DeviceState ReadState();
}
