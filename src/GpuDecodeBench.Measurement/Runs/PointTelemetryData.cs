using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Validity;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>What telemetry saw of a point, as it was collected.</summary>
internal sealed class PointTelemetryData
{
    /// <summary>The turns: begin and end, in seconds.</summary>
    public List<(double Begin, double End)> Turns { get; } = [];

    /// <summary>The trials of its energy.</summary>
    public List<TrialEnergy> Trials { get; } = [];

    /// <summary>Why there are no trials, as a code.</summary>
    public string NoTrialsReason { get; set; } = TelemetryCodes.NotMeasured;

    /// <summary>Why there are no trials, in a sentence; null where there is nothing more to say.</summary>
    public string? NoTrialsDetail { get; set; }

    /// <summary>The calendar clock less the steady one when the first turn began, in seconds.</summary>
    public double? CalendarOffsetSeconds { get; set; }

    /// <summary>By how much the two ran apart since, in seconds.</summary>
    public double CalendarJumpSeconds { get; set; }
}
