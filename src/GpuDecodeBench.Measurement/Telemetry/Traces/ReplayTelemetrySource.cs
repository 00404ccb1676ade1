using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Traces;

/// <summary>
/// A trace as a source: at each instant it tells what the trace had last told by then. Outside the trace it tells nothing, with
/// <c>replay.ended</c> as the reason.
/// </summary>
public sealed class ReplayTelemetrySource : ITelemetrySource
{
    private const double ShortestMemorySeconds = 0.1;

    private readonly TelemetryTrace _trace;
    private readonly ITelemetryTime _time;
    private readonly double _offsetSeconds;
    private int _next;

    /// <summary>A replay that begins now.</summary>
    /// <param name="trace">The trace.</param>
    /// <param name="time">The clock that it is played on.</param>
    /// <param name="keepsTimes">Whether the trace's own times are this clock's; otherwise its first sample is told now.</param>
    public ReplayTelemetrySource(TelemetryTrace trace, ITelemetryTime time, bool keepsTimes = false)
    {
        ArgumentNullException.ThrowIfNull(trace);
        ArgumentNullException.ThrowIfNull(time);
        _trace = trace;
        _time = time;
        _offsetSeconds = keepsTimes || trace.Samples.Count == 0 ? 0 : time.NowSeconds - trace.Samples[0].Seconds;
        Capabilities = [.. Enum.GetValues<TelemetryQuantity>().Select(CapabilityOf)];
    }

    /// <inheritdoc />
    public string Name => "replay";

    /// <inheritdoc />
    public string Description => $"a trace of {_trace.Source} on {_trace.DeviceName}, played back";

    /// <inheritdoc />
    public IReadOnlyList<TelemetryCapability> Capabilities { get; }

    /// <inheritdoc />
    public double UpdatePeriodSeconds => _trace.UpdatePeriodSeconds;

    /// <inheritdoc />
    public TelemetrySample Read()
    {
        double now = _time.NowSeconds;
        while (_next < _trace.Samples.Count && _trace.Samples[_next].Seconds + _offsetSeconds <= now)
        {
            _next++;
        }

        if (_next == 0)
        {
            return new TelemetrySample { Seconds = now, FailureCode = "replay.notBegun" };
        }

        // What was told long ago is not told again: a gap in the trace is a gap in the replay.
        TelemetrySample told = _trace.Samples[_next - 1];
        bool isOld = now - (told.Seconds + _offsetSeconds) > 2 * Math.Max(UpdatePeriodSeconds, ShortestMemorySeconds);
        string code = _next == _trace.Samples.Count ? "replay.ended" : "replay.gap";
        return isOld ? new TelemetrySample { Seconds = now, FailureCode = code } : told with { Seconds = now };
    }

    /// <inheritdoc />
    public DeviceState ReadState() => new() { Name = Reading.Of(_trace.DeviceName) };

    /// <inheritdoc />
    public void Dispose() { }

    private TelemetryCapability CapabilityOf(TelemetryQuantity quantity)
    {
        bool isThere = _trace.Samples.Any(sample => Has(sample, quantity));
        return new TelemetryCapability(quantity, $"replay.{quantity}", isThere ? null : "replay.notInTrace");
    }

    private static bool Has(TelemetrySample sample, TelemetryQuantity quantity) =>
        quantity switch
        {
            TelemetryQuantity.EnergyCounter => sample.EnergyJoules is not null,
            TelemetryQuantity.PowerInstant => sample.PowerInstantWatts is not null,
            TelemetryQuantity.PowerAverage => sample.PowerAverageWatts is not null,
            TelemetryQuantity.CoreClock => sample.CoreClockHz is not null,
            TelemetryQuantity.MemoryClock => sample.MemoryClockHz is not null,
            TelemetryQuantity.Temperature => sample.TemperatureCelsius is not null,
            TelemetryQuantity.MemoryTemperature => sample.MemoryTemperatureCelsius is not null,
            TelemetryQuantity.ThrottleReasons => sample.ThrottleReasons is not null,
            TelemetryQuantity.CoreUtilization => sample.CoreUtilization is not null,
            _ => sample.MemoryUtilization is not null,
        };
}
