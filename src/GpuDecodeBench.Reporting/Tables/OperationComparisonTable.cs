namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Operations of run records beside those of a baseline, one execution each.</summary>
public static class OperationComparisonTable
{
    private const int SharedDrop = 10;

    /// <summary>The table.</summary>
    /// <param name="sides">The sides, the baseline first.</param>
    /// <param name="rows">The operations.</param>
    public static ResultTable From(IReadOnlyList<ComparisonSource> sides, IReadOnlyList<OperationComparisonRow> rows)
    {
        ArgumentNullException.ThrowIfNull(sides);
        ArgumentNullException.ThrowIfNull(rows);
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
            .Build($"Operations beside those of {sides[0].Name}", rows, [.. Captions(sides, rows)]);
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

        yield return "Times of one execution; + is slower. Records hold no samples of operations, so there are no intervals and no verdicts. "
            + "docs/compare.md has the method.";
    }

    private static ResultCell Microseconds(double seconds) =>
        ResultCell.Of(seconds, value => Economics.SignificantDigits.Format(value * 1e6, 4));

    private static ResultCell Rate(double bytes, double seconds) =>
        bytes > 0 ? ResultCell.Of(bytes / seconds, value => Quantity.Digits(value / 1e9)) : ResultCell.Of("");
}
