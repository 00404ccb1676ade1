using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>Steps and operations under the roofs of memory and arithmetic, measured and by the datasheet.</summary>
internal sealed class RooflineSection : IReportSection
{
    /// <summary>Ceilings that differ less are one line in the chart.</summary>
    private const double VisibleDifference = 1.1;

    public string Id => "roofline";

    public string Heading => "How far from the limit";

    public string ShortHeading => "Roofline";

    public void Write(HtmlWriter html, ReportRun run)
    {
        PointRecord[] points = [.. run.Valid.Where(point => point.Flops > 0 && Bytes(point) > 0)];
        double[] ceilings =
        [
            .. points.Select(point => Roofs.Possible(Ceiling(run.Record, point))).OfType<double>().Order(),
        ];
        if (points.Length == 0 || ceilings.Length == 0)
        {
            html.Missing(
                "Roofline",
                points.Length == 0
                    ? "no valid configuration was measured."
                    : $"no read ceiling: {HtmlParts.Why(run.Record.Ceilings.ReadBytesPerSecond.Provenance)}."
            );
            return;
        }

        var roofs = new Roofs(run.Record, ceilings);
        html.Chart(
            run,
            "roofline-chart",
            Chart(run, points, roofs),
            "Right means more arithmetic for each byte, up means faster. The sloping line is what memory allows, the flat one what arithmetic "
                + "allows; a mark on a line cannot be made faster on this device, a mark below has that distance to lose. "
                + $"Large marks are whole steps, small ones the operations of the fastest step of each format.{Ceilings(run.Record, ceilings)}"
        );
    }

    private static string Ceilings(RunRecord record, double[] ceilings)
    {
        string flat = record.Ceilings.FlopsPerSecond.Value is null
            ? $" The flat roof is unavailable: {HtmlParts.Why(record.Ceilings.FlopsPerSecond.Provenance)}."
            : "";
        string datasheet = record.Device.Specification?.MemoryBytesPerSecond is null
            ? " No datasheet of this device is known, so there is no dashed roof."
            : "";
        string moved =
            ceilings[^1] / ceilings[0] > VisibleDifference
                ? $" The read ceiling moved between {Quantity.Rate(ceilings[0])} and {Quantity.Rate(ceilings[^1])} while the points were sampled: both are drawn."
                : "";
        return flat + datasheet + moved;
    }

    private static XyChart Chart(ReportRun run, PointRecord[] points, Roofs roofs)
    {
        List<(PointRecord Point, OperationComparison Operation, long Flops)> operations = Operations(run, points);
        double[] intensities =
        [
            .. points.Select(point => (double)point.Flops / Bytes(point)),
            .. operations.Select(one => (double)one.Flops / one.Operation.CompulsoryReadBytes),
            .. roofs.Ridges,
        ];
        AxisScale x = AxisScale.Logarithmic(intensities);
        double[] rates =
        [
            .. points.Select(point => point.Flops / point.StepSeconds.Median),
            .. operations.Select(one => one.Flops / one.Operation.MeasuredSeconds!.Value),
            .. roofs.All.SelectMany(roof => (double[])[roof.At(x.Low), roof.At(x.High)]),
        ];
        (double scale, string unit) = rates.Max() >= 1e12 ? (1e12, "TFLOP/s") : (1e9, "GFLOP/s");
        AxisScale y = AxisScale.Logarithmic(rates.Select(rate => rate / scale));
        List<ChartSeries> series = [.. roofs.Series(x, scale)];
        foreach (IGrouping<string, PointRecord> format in points.GroupBy(point => point.Weights))
        {
            int colour = ChartPalette.OfFormat(format.Key);
            series.Add(
                new ChartSeries(
                    $"{format.Key}, operations",
                    colour,
                    [
                        .. operations
                            .Where(one => one.Point.Weights == format.Key)
                            .Select(one => OperationPoint(run, one.Point, one.Operation, one.Flops, scale)),
                    ]
                )
                {
                    IsMinor = true,
                    InLegend = false,
                }
            );
            series.Add(
                new ChartSeries(
                    $"{format.Key}, step",
                    colour,
                    [.. format.Select(point => StepPoint(run, point, scale))]
                )
            );
        }

        return new XyChart(
            "Roofline",
            $"Arithmetic rate over arithmetic intensity, both on logarithmic axes. {points.Length} steps reach {Quantity.RoundPercent(points.Min(Verdict.ShareOfLimit) ?? 0)} to {Quantity.RoundPercent(points.Max(Verdict.ShareOfLimit) ?? 0)} of their roof.",
            new ChartAxis("Arithmetic intensity", "FLOP/byte", x),
            new ChartAxis("Arithmetic rate", unit, y),
            [.. series.Where(one => one.Points.Count > 0)],
            Data(run, points, operations),
            0.56
        );
    }

    private static List<(PointRecord, OperationComparison, long)> Operations(ReportRun run, PointRecord[] points) =>
        [
            .. run
                .BestOfFormats.Where(points.Contains)
                .SelectMany(point =>
                    RooflineComparison
                        .Of(run.Record, point)
                        .Operations.Zip(point.Operations)
                        .Where(pair =>
                            pair.First.Bound != OperationComparison.CacheBound
                            && pair.First.MeasuredSeconds is not null
                            && pair.First.CompulsoryReadBytes > 0
                            && pair.Second.Flops > 0
                        )
                        .Select(pair => (point, pair.First, pair.Second.Flops))
                ),
        ];

    private static ChartPoint StepPoint(ReportRun run, PointRecord point, double scale)
    {
        double rate = point.Flops / point.StepSeconds.Median / scale;
        string share = Verdict.ShareOfLimit(point) is double known
            ? $", {Quantity.RoundPercent(known)} of its roof"
            : "";
        return new ChartPoint(
            (double)point.Flops / Bytes(point),
            rate,
            $"{PointText.Name(point)}: {Quantity.Seconds(point.StepSeconds.Median)} a step of {point.LayersMeasured} layers{share} (derived)",
            run.BestOfFormats.Contains(point) ? run.ShortName(point) : null
        );
    }

    private static ChartPoint OperationPoint(
        ReportRun run,
        PointRecord point,
        OperationComparison operation,
        long flops,
        double scale
    ) =>
        new(
            (double)flops / operation.CompulsoryReadBytes,
            flops / operation.MeasuredSeconds!.Value / scale,
            $"{operation.Name} of {PointText.Name(point)}: {Quantity.Seconds(operation.MeasuredSeconds.Value)}"
                + (operation.MeasuredOverPredicted is double ratio ? $", {Quantity.Digits(ratio)} × its roofline" : "")
                + " (measured)",
            ReferenceEquals(point, run.Fastest) ? operation.Name : null
        );

    private static ResultTable Data(
        ReportRun run,
        PointRecord[] points,
        List<(PointRecord Point, OperationComparison Operation, long Flops)> operations
    ) =>
        new TableSchema<(string What, double Intensity, double Rate, double? Share)>()
            .Words("What", "what", row => ResultCell.Of(row.What))
            .Number("Intensity", "FLOP/byte", "flopPerByte", row => ResultCell.Of(row.Intensity, Quantity.Digits))
            .Number(
                "Rate",
                "GFLOP/s",
                "flopsPerSecond",
                row => ResultCell.Of(row.Rate, rate => Quantity.Digits(rate / 1e9))
            )
            .Number("Of its roof", "%", "shareOfRoof", row => ResultCell.Of(row.Share, Quantity.Percent))
            .Build(
                "Roofline",
                [
                    .. points.Select(point =>
                        (
                            run.ShortName(point) + ", step",
                            (double)point.Flops / Bytes(point),
                            point.Flops / point.StepSeconds.Median,
                            Verdict.ShareOfLimit(point)
                        )
                    ),
                    .. operations.Select(one =>
                        (
                            $"{run.ShortName(one.Point)}, {one.Operation.Name}",
                            (double)one.Flops / one.Operation.CompulsoryReadBytes,
                            one.Flops / one.Operation.MeasuredSeconds!.Value,
                            1 / one.Operation.MeasuredOverPredicted
                        )
                    ),
                ],
                []
            );

    private static long Bytes(PointRecord point) => point.WeightReadBytes + point.KvReadBytes;

    private static double? Ceiling(RunRecord record, PointRecord point) =>
        point.ReadCeilingBytesPerSecond ?? record.Ceilings.ReadBytesPerSecond.Value;
}
