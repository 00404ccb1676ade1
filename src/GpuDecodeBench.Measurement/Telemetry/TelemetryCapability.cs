namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>Whether and how a source tells a quantity.</summary>
/// <param name="Quantity">The quantity.</param>
/// <param name="Method">How it is read, for example <c>nvml.totalEnergyConsumption</c> or <c>rapl.package</c>.</param>
/// <param name="ReasonCode">Why it cannot be read, as a code; null where it can.</param>
/// <param name="Detail">The scope of the reading, or in a sentence why it cannot be read and what would help.</param>
public sealed record TelemetryCapability(
    TelemetryQuantity Quantity,
    string Method,
    string? ReasonCode = null,
    string? Detail = null
)
{
    /// <summary>Whether the source tells it.</summary>
    public bool IsAvailable => ReasonCode is null;
}
