using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>How the samples of a step spread around their median.</summary>
internal sealed class SamplesSection : IReportSection
{
    public string Id => "samples";

    public string Heading => "Distribution of samples";

    public string ShortHeading => "Samples";

    public void Write(HtmlWriter html, ReportRun run)
    {
        PointRecord[] points =
        [
            .. run.BestOfFormats.Where(point =>
                point.SamplesSeconds.Count > 1
                && point.SamplesSeconds.All(sample => double.IsFinite(Percent(sample, point)))
            ),
        ];
        if (points.Length == 0)
        {
            html.Missing("Samples", "no valid configuration has more than one that can be drawn.");
            return;
        }

        html.Chart(
            run,
            "samples-chart",
            new SampleChart(
                "Samples of a step over their median",
                string.Join(
                    " ",
                    points.Select(point =>
                        $"{run.ShortName(point)}: {point.StepSeconds.Count} samples, 90 % of them from {Signed(point.StepSeconds.P5, point)} to {Signed(point.StepSeconds.P95, point)}."
                    )
                ),
                "Sample less the median (% of the median)",
                [.. points.Select(point => Row(run, point))],
                Data(run, points)
            ),
            "Each stroke is one timed step, the box holds the middle 90 %, the upright line is the median. A narrow box is a quiet machine; two clumps or a "
                + "long tail to the right mean that something else ran, and that the mean would mislead."
        );
    }

    private static SampleRow Row(ReportRun run, PointRecord point) =>
        new(
            run.ShortName(point),
            [.. point.SamplesSeconds.Select(sample => Percent(sample, point))],
            ChartPalette.OfFormat(point.Weights),
            0,
            (Percent(point.StepSeconds.P5, point), Percent(point.StepSeconds.P95, point)),
            $"{PointText.Name(point)}: median {Quantity.Seconds(point.StepSeconds.Median)}, P5 {Quantity.Seconds(point.StepSeconds.P5)}, P95 {Quantity.Seconds(point.StepSeconds.P95)} (measured)"
        );

    private static double Percent(double seconds, PointRecord point) =>
        ((seconds / point.StepSeconds.Median) - 1) * 100;

    private static string Signed(double seconds, PointRecord point) => $"{Percent(seconds, point):+0.0;−0.0;0} %";

    private static ResultTable Data(ReportRun run, PointRecord[] points) =>
        new TableSchema<PointRecord>()
            .Words("Configuration", "configuration", point => ResultCell.Of(run.ShortName(point)))
            .Number("Samples", null, "count", point => ResultCell.Of(point.StepSeconds.Count))
            .Number("Median", "ms", "median", point => Milliseconds(point.StepSeconds.Median))
            .Number("95 % from", "ms", "ci95Low", point => Milliseconds(point.StepSeconds.Ci95Low))
            .Number("to", "ms", "ci95High", point => Milliseconds(point.StepSeconds.Ci95High))
            .Number("P5", "ms", "p5", point => Milliseconds(point.StepSeconds.P5))
            .Number("P95", "ms", "p95", point => Milliseconds(point.StepSeconds.P95))
            .Number("P99", "ms", "p99", point => Milliseconds(point.StepSeconds.P99))
            .Words("Stopped", "stopReason", point => ResultCell.Of(ReasonWords.Of(point.StepSeconds.StopReason)))
            .Build("Samples of a step over the measured layers", points, []);

    private static ResultCell Milliseconds(double? seconds) =>
        ResultCell.Of(seconds, value => Quantity.Digits(value * 1e3));
}
