namespace GpuDecodeBench.Measurement.Telemetry.Recording;

/// <summary>What happened at an instant of a trace. Their names in files begin with a small letter.</summary>
public enum TelemetryEventKind
{
    /// <summary>The device has nothing to do from here on.</summary>
    IdleBegin,

    /// <summary>The idle time ends.</summary>
    IdleEnd,

    /// <summary>A point's turn of being timed begins; the label names the point.</summary>
    TurnBegin,

    /// <summary>The turn ends.</summary>
    TurnEnd,

    /// <summary>A trial of measuring a point's energy begins; the label names the point.</summary>
    TrialBegin,

    /// <summary>The trial ends.</summary>
    TrialEnd,

    /// <summary>Steps follow each other without a pause from here on.</summary>
    LoadBegin,

    /// <summary>The steps end.</summary>
    LoadEnd,

    /// <summary>The part of the load that energy is taken of begins, at the boundary of a step.</summary>
    SegmentBegin,

    /// <summary>It ends, at the boundary of a step; the count says how many steps it had.</summary>
    SegmentEnd,

    /// <summary>A stretch of load begins whose only purpose is to see how the sensor answers.</summary>
    ProbeOn,

    /// <summary>It ends.</summary>
    ProbeOff,
}
