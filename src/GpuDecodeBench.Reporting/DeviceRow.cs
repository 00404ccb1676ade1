namespace GpuDecodeBench.Reporting;

/// <summary>A device or a backend for the list of devices.</summary>
/// <param name="Id">The identifier on the command line.</param>
/// <param name="Name">The device's name; null where none was found.</param>
/// <param name="Backend">The backend.</param>
/// <param name="MemoryBytes">The memory, in bytes; null where not known.</param>
/// <param name="CacheBytes">The last-level cache, in bytes; null where not known.</param>
/// <param name="UnavailableReason">Why it cannot be used, a code or words; null where it can.</param>
public sealed record DeviceRow(
    string Id,
    string? Name,
    string Backend,
    long? MemoryBytes,
    long? CacheBytes,
    string? UnavailableReason
)
{
    /// <summary>What can be read of it while it works; empty where nobody asked.</summary>
    public IReadOnlyList<TelemetryRow> Telemetry { get; init; } = [];
}
