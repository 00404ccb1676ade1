namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What can be read of devices while they work, and why the rest cannot.</summary>
public static class TelemetryTable
{
    /// <summary>The table, a row for each quantity of each device.</summary>
    /// <param name="rows">The quantities.</param>
    public static ResultTable From(IReadOnlyList<TelemetryRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new TableSchema<TelemetryRow>()
            .Words("Device", "device", row => ResultCell.Of(row.DeviceId))
            .Words("Source", "source", row => ResultCell.Of(row.Source))
            .Words("Quantity", "quantity", row => ResultCell.Of(ReasonWords.Of(row.Quantity), row.Quantity))
            .Words("Method", "method", row => ResultCell.Of(row.Method), drop: 1)
            .Words("Available", "available", Available)
            .Words("Reason", "reasonCode", row => ResultCell.Of(row.ReasonCode ?? ""), drop: 2)
            .Machine("detail", row => ResultCell.Of(row.Detail ?? ""))
            .Build("Telemetry", rows, []);
    }

    /// <summary>One device's quantities in one line: what is read, then what is not and why.</summary>
    /// <param name="rows">The quantities of one device.</param>
    public static string Line(IReadOnlyList<TelemetryRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentOutOfRangeException.ThrowIfZero(rows.Count, nameof(rows));
        string subject = $"Telemetry of {rows[0].DeviceId}";
        string[] read = [.. rows.Where(row => row.ReasonCode is null).Select(row => ReasonWords.Of(row.Quantity))];
        IGrouping<string?, TelemetryRow>[] missing =
        [
            .. rows.Where(row => row.ReasonCode is not null).GroupBy(row => row.ReasonCode, StringComparer.Ordinal),
        ];
        if (read.Length == 0 && missing.Length == 1)
        {
            return $"{subject}: none ({missing[0].Key}): {(rows[0].Detail ?? "there is no more to say").TrimEnd('.')}.";
        }

        string not = string.Concat(
            missing.Select(group =>
                $"; no {string.Join(", ", group.Select(row => ReasonWords.Of(row.Quantity)))} ({group.Key})"
            )
        );
        return $"{subject}, {rows[0].Source}: {(read.Length == 0 ? "nothing" : string.Join(", ", read))}{not}.";
    }

    private static ResultCell Available(TelemetryRow row) =>
        row.ReasonCode is null ? ResultCell.Of("yes", "true") : ResultCell.Of("no", "false");
}
