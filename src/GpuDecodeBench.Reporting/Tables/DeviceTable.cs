namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The devices that were found, and why others are not available.</summary>
public static class DeviceTable
{
    /// <summary>The table.</summary>
    /// <param name="devices">The devices.</param>
    public static ResultTable From(IReadOnlyList<DeviceRow> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return new TableSchema<DeviceRow>()
            .Words("Id", "id", row => ResultCell.Of(row.Id))
            .Words("Name", "name", row => row.Name is string name ? ResultCell.Of(name) : ResultCell.None)
            .Words("Backend", "backend", row => ResultCell.Of(row.Backend), drop: 1)
            .Number("Memory", null, "memoryBytes", row => Binary(row.MemoryBytes))
            .Number("Cache", null, "lastLevelCacheBytes", row => Binary(row.CacheBytes), drop: 2)
            .Words("Available", "available", Available)
            .Machine("unavailableReason", row => ResultCell.Of(row.UnavailableReason ?? ""))
            .Build("Devices", devices, Captions(devices));
    }

    private static List<string> Captions(IReadOnlyList<DeviceRow> devices)
    {
        List<string> lines =
        [
            .. devices
                .Where(row => row.UnavailableReason is not null)
                .Select(row => $"{row.Id} is not available: {ReasonWords.Of(row.UnavailableReason!).TrimEnd('.')}."),
            .. devices.Where(row => row.Telemetry.Count > 0).Select(row => TelemetryTable.Line(row.Telemetry)),
        ];
        if (devices.All(row => row.UnavailableReason is not null))
        {
            lines.Add("No device is available.");
        }

        return lines;
    }

    private static ResultCell Available(DeviceRow row) =>
        row.UnavailableReason is null ? ResultCell.Of("yes", "true") : ResultCell.Of("no", "false");

    private static ResultCell Binary(long? bytes) => ResultCell.Of(bytes, value => Quantity.BinaryBytes(value));
}
