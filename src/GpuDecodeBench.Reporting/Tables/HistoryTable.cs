using GpuDecodeBench.Reporting.Terminal;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Configurations over many runs of a device.</summary>
public static class HistoryTable
{
    private const int SharedDrop = 10;
    private const int LineWidth = 20;

    /// <summary>The height of a line shows at least this share of the median, so that noise does not look like mountains.</summary>
    private const double SmallestRange = 0.05;

    /// <summary>The table.</summary>
    /// <param name="rows">The configurations.</param>
    /// <param name="notes">What else is to be said, each a sentence.</param>
    public static ResultTable From(IReadOnlyList<HistoryRow> rows, IReadOnlyList<string> notes)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(notes);
        int DropOf<T>(Func<HistoryRow, T> value, int otherwise) =>
            rows.Select(value).Distinct().Take(2).Count() == 1 ? SharedDrop : otherwise;
        return new TableSchema<HistoryRow>()
            .Words("Hardware", "hardware", row => ResultCell.Of(row.Hardware), DropOf(row => row.Hardware, 5))
            .Words("Model", "model", row => ResultCell.Of(row.Model), DropOf(row => row.Model, 4))
            .Words("Weights", "weights", row => ResultCell.Of(row.Weights), DropOf(row => row.Weights, 0))
            .Words("KV", "kv", row => ResultCell.Of(row.Kv), DropOf(row => row.Kv, 3))
            .Number("Batch", null, "batch", row => ResultCell.Of(row.Batch), DropOf(row => row.Batch, 0))
            .Number("Context", null, "contextTokens", row => ResultCell.Of(row.Context), DropOf(row => row.Context, 3))
            .Number(
                "Layers",
                null,
                "layersMeasured",
                row => ResultCell.Of(row.LayersMeasured, layers => $"{layers}/{row.LayersTotal}"),
                DropOf(row => (row.LayersMeasured, row.LayersTotal), 6)
            )
            .MachineNumber("layersTotal", row => ResultCell.Of(row.LayersTotal))
            .Number("Runs", null, "runs", row => ResultCell.Of(row.StepSeconds.Count))
            .MachineNumber("invalidRuns", row => ResultCell.Of(row.InvalidRuns))
            .Words("First", "firstUtc", row => Day(row.StartedUtc, 0), drop: 2)
            .Words("Last", "lastUtc", row => Day(row.StartedUtc, row.StartedUtc.Count - 1), drop: 2)
            .Number(
                "Last",
                "ms",
                "lastStepSeconds",
                row => Milliseconds(row.StepSeconds.Count == 0 ? null : row.StepSeconds[^1])
            )
            .Numbers(
                "Step over time",
                "stepSeconds",
                row => ResultCell.Of(Line(row.StepSeconds), string.Join(' ', row.StepSeconds.Select(Exact)))
            )
            .Number("Trend", "%", "trendRatio", row => ResultCell.Of(row.Trend?.Ratio, RatioText.Change))
            .Number(
                "95 %",
                "%",
                "trendRatioCi95Low",
                row => ResultCell.Of(row.Trend?.Low, _ => row.Trend!.Interval!),
                drop: 1
            )
            .MachineNumber("trendRatioCi95High", row => ResultCell.Of(row.Trend?.High, RatioText.Change))
            .MachineNumber("days", row => ResultCell.Of(row.Days, Quantity.Digits))
            .Words("Finding", "finding", row => ResultCell.Of(ReasonWords.Of(row.Finding), row.Finding))
            .Machine("jumps", row => ResultCell.Of(string.Join("; ", row.Jumps)))
            .Build("History of runs", rows, Captions(rows, notes));
    }

    private static List<string> Captions(IReadOnlyList<HistoryRow> rows, IReadOnlyList<string> notes)
    {
        List<string> lines = [];
        string?[] shared =
        [
            Shared(rows, row => row.Hardware),
            Shared(rows, row => row.Model),
            Shared(rows, row => $"{row.Weights} weights"),
            Shared(rows, row => $"{row.Kv} KV"),
            Shared(rows, row => $"batch {row.Batch}"),
            Shared(rows, row => $"context {row.Context}"),
        ];
        string text = string.Join(", ", shared.OfType<string>());
        if (text.Length > 0)
        {
            lines.Add($"All rows: {text}.");
        }

        lines.AddRange(rows.SelectMany(row => row.Jumps));
        lines.AddRange(notes);
        lines.Add(
            "Step over time: one block a run, or the median of several; higher is slower, and the full height is 5 % or more. Trend: of the step's "
                + "time from the first run to the last, + is slower. docs/compare.md has the method."
        );
        return lines;
    }

    private static string? Shared(IReadOnlyList<HistoryRow> rows, Func<HistoryRow, string> of) =>
        rows.Select(of).Distinct().Take(2).ToArray() is [string one] ? one : null;

    private static string Line(IReadOnlyList<double> seconds) =>
        seconds.Count == 0
            ? ResultCell.Dash
            : Sparkline.Of([.. seconds.Select(value => (double?)value)], LineWidth, seconds.Min() * SmallestRange);

    private static string Exact(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);

    private static ResultCell Day(IReadOnlyList<DateTimeOffset> days, int index) =>
        days.Count == 0 ? ResultCell.None : ResultCell.Of($"{days[index]:yyyy-MM-dd}", $"{days[index]:O}");

    private static ResultCell Milliseconds(double? seconds) =>
        ResultCell.Of(seconds, value => Economics.SignificantDigits.Format(value * 1e3, 4));
}
