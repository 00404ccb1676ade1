using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>Where the time of the fastest step goes, operation by operation, and how far each is from its roofline.</summary>
internal sealed class OperationsSection : IReportSection
{
    public string Id => "operations";

    public string Heading => "Where the step’s time goes";

    public string ShortHeading => "Operations";

    public void Write(HtmlWriter html, ReportRun run)
    {
        if (run.Fastest is not PointRecord best)
        {
            html.Missing("Operations", "no valid configuration was measured.");
            return;
        }

        var comparison = RooflineComparison.Of(run.Record, best);
        OperationComparison[] timed =
        [
            .. comparison.Operations.Where(operation => operation.MeasuredSeconds is not null),
        ];
        if (timed.Length == 0)
        {
            html.Missing("Operations", "they were not timed one by one in this run.");
            return;
        }

        double scale = timed.Max(operation => operation.MeasuredSeconds!.Value) >= 1e-3 ? 1e3 : 1e6;
        string rest = comparison.RemainderShare switch
        {
            null => "",
            < 0 and double share =>
                $" Timed one by one they add up to {Quantity.RoundPercent(-share)} more than the step: apart they take longer than behind one another.",
            double share =>
                $" {Quantity.RoundPercent(share)} of the step is in no operation{(timed.Length < comparison.Operations.Count ? " whose time is known" : "")}: launches, gaps and overlap.",
        };
        html.Chart(
            run,
            "operations-chart",
            new BarChart(
                $"Time of each operation, {PointText.Name(best)}",
                $"{timed.Length} operations; {string.Join(", ", timed.OrderByDescending(one => one.ShareOfStep).Take(3).Select(one => $"{one.Name} {Quantity.RoundPercent(one.ShareOfStep!.Value)}"))} of the step.",
                $"All executions in one step of {best.LayersMeasured} layers ({(scale > 1e4 ? "µs" : "ms")})",
                [.. timed.OrderByDescending(one => one.MeasuredSeconds).Select(one => Row(one, scale, best))],
                RooflineTable.From(comparison)
            )
            {
                TargetName = "the shortest time that the roofline allows",
            },
            "A bar is the measured time, the line across it what the roofline predicts from bytes and FLOPs; the figure behind is how many times "
                + $"longer it took, and its share of the step{(best.LayersMeasured < best.LayersTotal ? $" of the {best.LayersMeasured} layers measured" : "")}. Time is to be had where a bar is long and ends far behind its line.{rest}"
        );
        Others(html, run, best);
    }

    private static BarRow Row(OperationComparison operation, double scale, PointRecord best)
    {
        double seconds = operation.MeasuredSeconds!.Value;
        string ratio = operation.MeasuredOverPredicted is double times
            ? $"{Quantity.Digits(times)} ×, "
            : "from cache, ";
        string about =
            $"{operation.Name}, {operation.Count} times: {Quantity.Seconds(seconds)} ({(operation.IsExtrapolated ? "extrapolated" : "measured")})"
            + (
                operation.PredictedSeconds is double predicted
                    ? $"; roofline {Quantity.Seconds(predicted)} (predicted)"
                    : "; no memory time can be predicted, a cache holds its data"
            );
        return new BarRow(
            operation.Name,
            [new BarSegment("measured", seconds * scale, ChartPalette.OfFormat(best.Weights))],
            $"{ratio}{Share(operation)}",
            about
        )
        {
            Target = operation.PredictedSeconds * scale,
        };
    }

    private static string Share(OperationComparison operation) =>
        operation.ShareOfStep < 0.0005 ? "< 0.1 %" : Quantity.RoundPercent(operation.ShareOfStep!.Value);

    private static void Others(HtmlWriter html, ReportRun run, PointRecord best)
    {
        PointRecord[] others =
        [
            .. run.BestOfFormats.Where(point =>
                !ReferenceEquals(point, best) && point.OperationsSecondsOverStep is not null
            ),
        ];
        if (others.Length == 0)
        {
            return;
        }

        html.Open("details").Element("summary", $"The same for {string.Join(", ", others.Select(run.ShortName))}");
        foreach (PointRecord other in others)
        {
            html.Table(RooflineTable.From(RooflineComparison.Of(run.Record, other)));
        }

        html.Close();
    }
}
