namespace GpuDecodeBench.Reporting;

/// <summary>What a device's source of telemetry says of one quantity.</summary>
/// <param name="DeviceId">The device's identifier on the command line.</param>
/// <param name="Source">The source, as in run records.</param>
/// <param name="Quantity">The quantity, in camelCase.</param>
/// <param name="Method">How it is read, or would be.</param>
/// <param name="ReasonCode">Why it is not read, as a code; null where it is.</param>
/// <param name="Detail">The scope of the reading, or in a sentence why there is none; null where there is nothing to add.</param>
public sealed record TelemetryRow(
    string DeviceId,
    string Source,
    string Quantity,
    string Method,
    string? ReasonCode,
    string? Detail
);
