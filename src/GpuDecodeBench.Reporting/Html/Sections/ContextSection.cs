using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>How many times as much a token costs at longer contexts.</summary>
internal sealed class ContextSection : IReportSection
{
    public string Id => "context";

    public string Heading => "Cost against context";

    public string ShortHeading => "Context";

    public void Write(HtmlWriter html, ReportRun run)
    {
        if (run.FastestPriced is not PointRecord best)
        {
            html.Missing("Cost against context", run.WhyNothingIsPriced!);
            return;
        }

        ContextCurve[] curves =
        [
            .. run
                .Priced.Where(point =>
                    point.Weights == best.Weights && point.LmHead == best.LmHead && point.Kv == best.Kv
                )
                .GroupBy(point => point.Batch)
                .OrderBy(group => group.Key)
                .Take(ChartPalette.Count)
                .Select(group => ContextCurve.Of(run.Record, run.Priced, group.First())),
        ];
        if (curves.All(curve => curve.Predicted.Count == 0 && curve.Measured.Count < 2))
        {
            html.Missing(
                "Cost against context",
                $"one context was measured, and nothing can be predicted: {curves[0].WhyNotPredicted}."
            );
            return;
        }

        bool measuredMore = curves.Any(curve => curve.Measured.Count > 1);
        html.Chart(
            run,
            "context-chart",
            Chart(best, curves),
            "Each token reads the whole cache of its sequence, so its cost grows with the context; 1 is the cost at the shortest measured context. "
                + (
                    measuredMore
                        ? "Marks are measured, broken lines predicted from bytes and the measured ceiling. "
                        : "One context was measured (the mark); the broken lines are predicted from bytes and the measured ceiling, and nothing was executed there. "
                )
                + "Curves end where weights and cache no longer fit the device, or at the model's longest context. Price long prompts by it."
        );
    }

    private static XyChart Chart(PointRecord best, ContextCurve[] curves)
    {
        (double Context, double Multiple)[] all =
        [
            .. curves.SelectMany(curve => curve.Predicted.Select(one => ((double)one.Context, one.Multiple))),
            .. curves.SelectMany(curve =>
                curve.Measured.Select(point => ((double)point.Context, curve.MultipleOf(point)))
            ),
        ];
        ChartSeries[] series = [.. curves.SelectMany(Series)];
        return new XyChart(
            $"Cost of a token over context, {best.Weights} weights, {best.Kv} KV",
            string.Join(
                " ",
                curves
                    .Where(curve => curve.Predicted.Count > 0)
                    .Select(curve =>
                        $"Batch {curve.Start.Batch}: {Quantity.Digits(curve.Predicted[^1].Multiple)} times the cost at context {curve.Predicted[^1].Context:N0} (predicted)."
                    )
            ),
            new ChartAxis("Context", "tokens", AxisScale.Logarithmic(all.Select(one => one.Context))),
            new ChartAxis(
                "Multiple of the cost at the shortest measured context",
                null,
                AxisScale.Fitting(all.Select(one => one.Multiple))
            ),
            [.. series.Where(one => one.Points.Count > 0)],
            Data(curves)
        );
    }

    private static IEnumerable<ChartSeries> Series(ContextCurve curve, int colour)
    {
        string batch = $"batch {curve.Start.Batch}";
        int last = curve.Predicted.Count - 1;
        yield return new ChartSeries(
            $"{batch}, predicted",
            colour,
            [
                .. curve.Predicted.Select(
                    (one, i) => new ChartPoint(one.Context, one.Multiple, "", i == last ? batch : null)
                ),
            ]
        )
        {
            Line = LineStyle.Dashed,
            HasMarks = false,
            InLegend = false,
        };
        yield return new ChartSeries(
            batch,
            colour,
            [
                .. curve.Measured.Select(point => new ChartPoint(
                    point.Context,
                    curve.MultipleOf(point),
                    $"{PointText.Name(point)}: {Quantity.Digits(curve.MultipleOf(point))} times the cost at context {curve.Start.Context:N0} (derived)"
                )),
            ]
        )
        {
            Line = LineStyle.Solid,
        };
    }

    private static ResultTable Data(ContextCurve[] curves) =>
        new TableSchema<(int Batch, int Context, double Multiple, string From)>()
            .Number("Batch", null, "batch", row => ResultCell.Of(row.Batch))
            .Number("Context", null, "contextTokens", row => ResultCell.Of(row.Context))
            .Number("Multiple", null, "multiple", row => ResultCell.Of(row.Multiple, Quantity.Digits))
            .Words("From", "provenance", row => ResultCell.Of(row.From))
            .Build(
                "Cost over context",
                curves.SelectMany(curve =>
                    curve
                        .Measured.Select(point =>
                            (point.Batch, point.Context, curve.MultipleOf(point), "derived from measured times")
                        )
                        .Concat(
                            curve.Predicted.Select(one => (curve.Start.Batch, one.Context, one.Multiple, "predicted"))
                        )
                ),
                []
            );
}
