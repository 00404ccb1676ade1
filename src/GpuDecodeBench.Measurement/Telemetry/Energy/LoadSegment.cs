using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>A part of a load that energy is taken of. Both its ends are boundaries of steps.</summary>
/// <param name="LoadBeginSeconds">Since when steps had followed each other without a pause.</param>
/// <param name="BeginSeconds">Where the part begins.</param>
/// <param name="EndSeconds">Where it ends.</param>
/// <param name="LoadEndSeconds">Until when steps followed.</param>
/// <param name="Steps">Steps in the part.</param>
public sealed record LoadSegment(
    double LoadBeginSeconds,
    double BeginSeconds,
    double EndSeconds,
    double LoadEndSeconds,
    long Steps
)
{
    /// <summary>How long the part is, in seconds.</summary>
    public double Seconds => EndSeconds - BeginSeconds;

    /// <summary>The segments that a trial's events tell; what was interrupted is left out.</summary>
    /// <param name="events">The events, in order.</param>
    public static IReadOnlyList<LoadSegment> Of(IEnumerable<TelemetryEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        var segments = new List<LoadSegment>();
        double? loadBegin = null;
        double? begin = null;
        LoadSegment? open = null;
        foreach (TelemetryEvent one in events)
        {
            switch (one.Kind)
            {
                case TelemetryEventKind.LoadBegin:
                    (loadBegin, begin, open) = (one.Seconds, null, null);
                    break;
                case TelemetryEventKind.SegmentBegin:
                    begin = one.Seconds;
                    break;
                case TelemetryEventKind.SegmentEnd
                    when loadBegin is double load && begin is double first && one.Count > 0:
                    open = new LoadSegment(load, first, one.Seconds, one.Seconds, one.Count.Value);
                    break;
                case TelemetryEventKind.LoadEnd when open is not null:
                    segments.Add(open with { LoadEndSeconds = one.Seconds });
                    open = null;
                    break;
                default:
                    break;
            }
        }

        return segments;
    }
}
