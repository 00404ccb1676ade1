namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The doctor's checks, the verdict first, and the verdict in words last.</summary>
public static class DoctorTable
{
    private const string Page = "docs/doctor.md";
    private const string Skipped = "SKIP";
    private const string Passed = "PASS";

    /// <summary>The table.</summary>
    /// <param name="device">The device.</param>
    /// <param name="rows">What the checks found.</param>
    /// <param name="verdict">The verdict in words, which is the last line.</param>
    public static ResultTable From(string device, IReadOnlyList<DoctorRow> rows, string verdict)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new TableSchema<DoctorRow>()
            .Words("Verdict", "verdict", row => ResultCell.Of(row.Verdict))
            .Words("Check", "id", row => ResultCell.Of(row.Id))
            .Words("Measured", "measured", Measured)
            .Words("Expected", "expected", row => Words(row.Expected), drop: 1)
            .Machine("title", row => ResultCell.Of(row.Title))
            .Machine("source", row => ResultCell.Of(row.Source ?? ""))
            .Machine("advice", row => ResultCell.Of(row.Advice ?? ""))
            .Machine("reasonCode", row => ResultCell.Of(row.ReasonCode ?? ""))
            .Build($"Doctor: {device}", rows, Captions(rows, verdict));
    }

    /// <summary>The checks that there are.</summary>
    /// <param name="rows">A row for each, of which only name, title and the devices in <see cref="DoctorRow.Expected"/> are shown.</param>
    public static ResultTable List(IReadOnlyList<DoctorRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new TableSchema<DoctorRow>()
            .Words("Check", "id", row => ResultCell.Of(row.Id))
            .Words("Devices", "devices", row => Words(row.Expected))
            .Words("What it checks", "title", row => ResultCell.Of(row.Title))
            .Build("Checks of the doctor", rows, [$"{Page} has a paragraph on each: what it means and what to do."]);
    }

    private static List<string> Captions(IReadOnlyList<DoctorRow> rows, string verdict) =>
        [
            .. rows.Where(row => row.Verdict is not (Skipped or Passed))
                .Select(row => $"{row.Verdict} {row.Id}: expected {row.Expected}. {row.Advice} See {Page}#{row.Id}."),
            .. rows.Where(row => row.Verdict == Skipped)
                .GroupBy(row => (row.ReasonCode, row.Advice))
                .Select(group =>
                {
                    string names = $"Skipped {string.Join(", ", group.Select(row => row.Id))}";
                    return group.Key.Advice is string words
                        ? $"{names}: {words.TrimEnd('.')} ({group.Key.ReasonCode})."
                        : $"{names}: {ReasonWords.Of(group.Key.ReasonCode ?? "")}.";
                }),
            verdict,
        ];

    /// <summary>What was measured; where a check was skipped, its reason's code stands for it.</summary>
    private static ResultCell Measured(DoctorRow row) =>
        row.Measured is string measured ? ResultCell.Of(measured)
        : row.ReasonCode is string code ? ResultCell.Of($"– ({code})", "")
        : ResultCell.None;

    private static ResultCell Words(string? text) => text is null ? ResultCell.None : ResultCell.Of(text);
}
