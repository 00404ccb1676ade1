namespace GpuDecodeBench.Measurement.Telemetry.Validity;

/// <summary>What telemetry says of a point's trustworthiness.</summary>
/// <param name="InvalidReasons">Codes that make the point invalid.</param>
/// <param name="Warnings">Codes that a reader should know.</param>
/// <param name="ThrottleReasons">Why clocks were lowered, the names of <see cref="Telemetry.ThrottleReasons"/>, but for idle times.</param>
public sealed record TelemetryVerdict(
    IReadOnlyList<string> InvalidReasons,
    IReadOnlyList<string> Warnings,
    IReadOnlyList<string> ThrottleReasons
);
