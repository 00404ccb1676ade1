using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>Throughput against what a user waits for a token, over batches and formats, with the points that none beats in both.</summary>
internal sealed class BatchSection : IReportSection
{
    public string Id => "batch";

    public string Heading => "Throughput against latency";

    public string ShortHeading => "Throughput";

    public void Write(HtmlWriter html, ReportRun run)
    {
        if (run.Valid.Count == 0)
        {
            html.Missing("Throughput", "no valid configuration was measured.");
            return;
        }

        int shortest = run.Valid.Min(point => point.Context);
        PointRecord[] front = ParetoFront.Of(run.Valid);
        AxisScale x = AxisScale.Fitting(run.Valid.SelectMany(Times));
        AxisScale y = AxisScale.Fitting(run.Valid.SelectMany(Rates));
        List<ChartSeries> series = [];
        if (front.Length > 1)
        {
            series.Add(
                new ChartSeries(
                    "Pareto front",
                    ChartPalette.Neutral,
                    [.. front.Select(point => Mark(run, point, false))]
                )
                {
                    Line = LineStyle.Halo,
                    HasMarks = false,
                }
            );
        }

        series.AddRange(
            run.Valid.GroupBy(point => (point.Weights, point.LmHead, point.Kv, point.Context, point.TensorParallel))
                .OrderBy(group => group.Key.Context)
                .Select(group => new ChartSeries(
                    SeriesName(run, group.First()),
                    ChartPalette.OfFormat(group.Key.Weights),
                    [.. group.OrderBy(point => point.Batch).Select(point => Mark(run, point, true))]
                )
                {
                    Line = LineStyle.Solid,
                    IsMinor = group.Key.Context != shortest,
                    InLegend = group.Key.Context == shortest,
                })
        );
        html.Chart(
            run,
            "batch-chart",
            new XyChart(
                "Tokens per second over the time of a step",
                $"{run.Valid.Count} configurations in {series.Count} series. {Front(run, front)}",
                new ChartAxis("Time of a step, which each user waits for a token", "ms", x),
                new ChartAxis("Tokens per second, all users", null, y),
                series,
                Data(run, front)
            ),
            $"Each line is a {Line(run)}, from its smallest to its largest batch; the crosses through marks are the 95 % intervals of the median. Up is cheaper, left is quicker for each user; the wide pale line "
                + $"connects the configurations that none beats in both. {Contexts(run)}Choose the highest one that is still quick enough. {Front(run, front)}"
        );
    }

    private static IEnumerable<double> Times(PointRecord point) =>
        [
            point.FullStepSeconds * 1e3,
            (point.FullStepCi95Low ?? point.FullStepSeconds) * 1e3,
            (point.FullStepCi95High ?? point.FullStepSeconds) * 1e3,
        ];

    private static IEnumerable<double> Rates(PointRecord point) =>
        RateRange(point) is (double low, double high) ? [low, point.TokensPerSecond, high] : [point.TokensPerSecond];

    /// <summary>
    /// The interval of the rate: that of the step's median, carried to the rate, which is over the mean step, in the same proportion.
    /// </summary>
    private static (double Low, double High)? RateRange(PointRecord point) =>
        point.FullStepCi95Low is > 0 and double quickest && point.FullStepCi95High is double slowest
            ? (
                point.TokensPerSecond * point.FullStepSeconds / slowest,
                point.TokensPerSecond * point.FullStepSeconds / quickest
            )
            : null;

    private static string Line(ReportRun run) =>
        PointText.SharedContext(run.Record) is null ? "format at one context" : "format";

    private static string Contexts(ReportRun run) =>
        PointText.SharedContext(run.Record) is null
            ? "Filled marks are of the shortest context, hollow ones of longer contexts. "
            : "";

    private static string Front(ReportRun run, PointRecord[] front) =>
        front.Length == 1
            ? $"{run.ShortName(front[0])} is both the quickest and the cheapest."
            : $"On the front: {string.Join(", ", front.Select(run.ShortName))}.";

    private static string SeriesName(ReportRun run, PointRecord point)
    {
        string kv = PointText.SharedKv(run.Record) is null ? $", {point.Kv} KV" : "";
        return point.Weights + kv;
    }

    private static ChartPoint Mark(ReportRun run, PointRecord point, bool isLabelled) =>
        new(
            point.FullStepSeconds * 1e3,
            point.TokensPerSecond,
            $"{PointText.Name(point)}: {Quantity.Digits(point.TokensPerSecond)} tokens/s, {Quantity.Seconds(point.FullStepSeconds)} a step ({HtmlParts.Origin(point, "tokensPerSecond")})",
            isLabelled ? run.ShortName(point) : null
        )
        {
            XRange =
                point.FullStepCi95Low is double low && point.FullStepCi95High is double high
                    ? (low * 1e3, high * 1e3)
                    : null,
            YRange = RateRange(point),
        };

    private static ResultTable Data(ReportRun run, PointRecord[] front) =>
        new TableSchema<PointRecord>()
            .Words("Configuration", "configuration", point => ResultCell.Of(PointText.Name(point)))
            .Number(
                "Step",
                "ms",
                "fullStepSeconds",
                point => ResultCell.Of(point.FullStepSeconds, value => Quantity.Digits(value * 1e3))
            )
            .Number("Tok/s", null, "tokensPerSecond", point => ResultCell.Of(point.TokensPerSecond, Quantity.Digits))
            .Number(
                "Tok/s",
                "per user",
                "tokensPerSecondPerUser",
                point => ResultCell.Of(point.TokensPerSecondPerUser, Quantity.Digits)
            )
            .Words("On the front", "pareto", point => ResultCell.Of(front.Contains(point) ? "yes" : "no"))
            .Build("Throughput and latency", run.Valid.OrderBy(point => point.FullStepSeconds), []);
}
