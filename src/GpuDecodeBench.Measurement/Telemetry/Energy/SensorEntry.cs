namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>A family of devices.</summary>
internal sealed record SensorEntry(
    string Name,
    string Source,
    IReadOnlyList<string> Words,
    double UpdateSeconds,
    double? InstantWindowSeconds,
    double? AverageWindowSeconds,
    double CounterUpdateSeconds,
    double SettleSeconds,
    string Origin
);
