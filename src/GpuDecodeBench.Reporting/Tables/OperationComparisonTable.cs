namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Operations of run records beside those of a baseline, one execution each.</summary>
public static class OperationComparisonTable
{
    private const int SharedDrop = 10;

    /// <summary>The table.</summary>
    /// <param name="sides">The sides, the baseline first.</param>
    /// <param name="rows">The operations.</param>
    /// <param name="alone">What only one side timed, with its name.</param>
    /// <param name="untimed">What has no time on a side, with its name.</param>
    public static ResultTable From(
        IReadOnlyList<ComparisonSource> sides,
        IReadOnlyList<OperationComparisonRow> rows,
        IReadOnlyList<(string Side, string Conditions)> alone,
        IReadOnlyList<(string Side, string Conditions)> untimed
    )
    {
        ArgumentNullException.ThrowIfNull(sides);
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(alone);
        ArgumentNullException.ThrowIfNull(untimed);
        int DropOf(Func<OperationComparisonRow, string> value, int otherwise) =>
            rows.Select(value).Distinct().Take(2).Count() > 1 ? otherwise : SharedDrop;
        return new TableSchema<OperationComparisonRow>()
            .Words("Against", "against", row => ResultCell.Of(row.Against), DropOf(row => row.Against, 1))
            .Words("Model", "model", row => ResultCell.Of(row.Model), DropOf(row => row.Model, 2))
            .Words("Operation", "operation", row => ResultCell.Of(row.Operation))
            .Words("Format", "format", row => ResultCell.Of(row.Format ?? ""), DropOf(row => row.Format ?? "", 0))
            .Number("Batch", null, "batch", row => ResultCell.Of(row.Batch))
            .Number("Context", null, "contextTokens", row => ResultCell.Of(row.Context, tokens => $"{tokens}"), drop: 3)
            .Number("Baseline", "µs", "baselineSeconds", row => Microseconds(row.BaselineSeconds))
            .Number("Time", "µs", "seconds", row => Microseconds(row.Seconds))
            .Number(
                "Change",
                "%",
                "timeRatio",
                row => ResultCell.Of(row.Seconds / row.BaselineSeconds, RatioText.Change)
            )
            .Number(
                "Baseline",
                "GB/s",
                "baselineBytesPerSecond",
                row => Rate(row.BaselineCompulsoryBytes, row.BaselineSeconds),
                drop: 4
            )
            .Number("Rate", "GB/s", "bytesPerSecond", row => Rate(row.CompulsoryBytes, row.Seconds), drop: 4)
            .Machine("baselineWarnings", row => ResultCell.Of(string.Join(' ', row.BaselineWarnings)))
            .Machine("warnings", row => ResultCell.Of(string.Join(' ', row.Warnings)))
            .Build(
                $"Operations beside those of {sides[0].Name}",
                rows,
                [
                    .. Captions(sides, rows),
                    .. ComparisonCaptions.Warnings(
                        [.. rows.Select(row => (row.BaselineWarnings, row.Warnings))],
                        which => Names(rows, which)
                    ),
                    .. ComparisonCaptions.Alone(alone),
                    .. untimed
                        .GroupBy(one => one.Side, one => one.Conditions)
                        .Select(side => $"No time known in {side.Key}: {ComparisonCaptions.Listed([.. side])}."),
                    Legend,
                ]
            );
    }

    private const string Legend =
        "Times of one execution; + is slower. Records hold no samples of operations, so there are no intervals and no verdicts. "
        + "docs/compare.md has the method.";

    /// <summary>Rows by what their points differ in.</summary>
    private static string Names(IReadOnlyList<OperationComparisonRow> rows, int[] which) =>
        which.Length == rows.Count
            ? "all rows"
            : ComparisonCaptions.Listed([.. which.Select(i => Name(rows, rows[i])).Distinct()]);

    private static string Name(IReadOnlyList<OperationComparisonRow> all, OperationComparisonRow row)
    {
        string format = row.Format is null ? "" : $", {row.Format}";
        string context = row.Context is null ? "" : $", context {row.Context}";
        string side = all.All(one => one.Against == row.Against) ? "" : $" in {row.Against}";
        return $"{row.Operation}{format}, batch {row.Batch}{context}{side}";
    }

    private static IEnumerable<string> Captions(
        IReadOnlyList<ComparisonSource> sides,
        IReadOnlyList<OperationComparisonRow> rows
    )
    {
        for (int i = 0; i < sides.Count; i++)
        {
            yield return $"{(i == 0 ? "Baseline" : "Against")}: {sides[i].Name}: {sides[i].Describe()}.";
        }

        foreach (string line in ComparisonSource.UsedOtherwise(sides))
        {
            yield return line;
        }

        foreach (
            string note in sides
                .Skip(1)
                .SelectMany(side => side.Records)
                .Where(record => record.Tool.Name != sides[0].Records[0].Tool.Name)
                .SelectMany(record => record.Notes.Select(note => $"{record.Tool.Name}: {note}"))
                .Distinct()
        )
        {
            yield return note;
        }

        if (rows.Any(row => row.BaselineCompulsoryBytes != row.CompulsoryBytes))
        {
            yield return "Where formats of one name are laid out otherwise, the bytes of both differ; times are what counts.";
        }
    }

    private static ResultCell Microseconds(double seconds) =>
        ResultCell.Of(seconds, value => Economics.SignificantDigits.Format(value * 1e6, 4));

    private static ResultCell Rate(double bytes, double seconds) =>
        bytes > 0 ? ResultCell.Of(bytes / seconds, value => Quantity.Digits(value / 1e9)) : ResultCell.Of("");
}
