using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>Tokens per second, energy and cost of each format at the same batch and context.</summary>
internal sealed class FormatsSection : IReportSection
{
    private sealed record Measure(string Id, string Name, string Unit, Func<PointRecord, Figure> Of, string Reading);

    public string Id => "formats";

    public string Heading => "Formats side by side";

    public string ShortHeading => "Formats";

    public void Write(HtmlWriter html, ReportRun run)
    {
        if (run.Fastest is null)
        {
            html.Missing("Formats", "no valid configuration was measured.");
            return;
        }

        PointRecord[] points = Comparable(run);
        string conditions = $"batch {points[0].Batch}, context {points[0].Context:N0}, {points[0].Kv} KV";
        html.Paragraph(
            $"At {conditions}, the conditions at which most formats were measured; other conditions are in the table of all figures."
        );
        html.Open("div", ("class", "triple"));
        foreach (Measure measure in Measures(run))
        {
            if (points.Select(measure.Of).All(figure => figure.Value is null))
            {
                html.Missing(
                    $"{measure.Name}, {conditions}",
                    $"{HtmlParts.Why(measure.Of(points[0]).Provenance).TrimEnd('.')}."
                );
                continue;
            }

            html.Chart(run, measure.Id, Chart(points, measure, conditions), measure.Reading, isSmall: true);
        }

        html.Close();
    }

    /// <summary>The valid points of the batch, context and KV with most weight formats; among equals, with the most tokens per second.</summary>
    private static PointRecord[] Comparable(ReportRun run) =>
        [
            .. run
                .Valid.GroupBy(point => (point.Batch, point.Context, point.Kv, point.TensorParallel))
                .OrderByDescending(group => group.Select(point => point.Weights).Distinct().Count())
                .ThenByDescending(group => group.Max(point => point.TokensPerSecond))
                .First()
                .OrderByDescending(point => point.TokensPerSecond),
        ];

    private static Measure[] Measures(ReportRun run) =>
        [
            new(
                "formats-rate",
                "Tokens per second",
                "tok/s",
                point => new Figure(point.TokensPerSecond, RecordCost.TokensPerSecondProvenanceOf(point)),
                "Longer is better; the thin line across an end is the 95 % interval of the median. Half the bytes of weights make at most twice the tokens, where memory bounds the step."
            ),
            new(
                "formats-energy",
                "Energy of a token",
                "J",
                point => point.EnergyJoulesPerToken,
                "Shorter is better. Gross energy of the device: the electricity that is paid for."
            ),
            new(
                "formats-cost",
                "Cost of a million tokens",
                "$/Mtok",
                point => Cost(run, point),
                "Shorter is better. The price of the time alone; layers follow."
            ),
        ];

    private static Figure Cost(ReportRun run, PointRecord point)
    {
        CostResult cost = run.CostOf(point);
        return cost.Cost is TokenCost known
            ? new Figure(known.UsdPerMillionTokens, known.Provenance)
            : new Figure(
                null,
                ProvenanceNote.Unavailable(cost.Unavailable!.Reason!, PointText.WhyNoCost(point, cost.Unavailable))
            );
    }

    private static BarChart Chart(PointRecord[] points, Measure measure, string conditions)
    {
        Figure[] figures = [.. points.Select(measure.Of)];
        string range =
            $"{Quantity.Digits(figures.Min(figure => figure.Value)!.Value)} to {Quantity.Digits(figures.Max(figure => figure.Value)!.Value)} {measure.Unit}";
        return new BarChart(
            $"{measure.Name}, {conditions}",
            $"{points.Length} formats, {range}.",
            $"{measure.Name} ({measure.Unit})",
            [.. points.Select((point, i) => Row(point, figures[i], measure))],
            new TableSchema<(PointRecord Point, Figure Figure)>()
                .Words("Weights", "weights", row => ResultCell.Of(row.Point.Weights))
                .Number(measure.Name, measure.Unit, measure.Id, row => ResultCell.Of(row.Figure.Value, Quantity.Digits))
                .Words("From", "provenance", row => ResultCell.Of(HtmlParts.Origin(row.Figure)))
                .Build($"{measure.Name}, {conditions}", points.Zip(figures), [])
        );
    }

    private static BarRow Row(PointRecord point, Figure figure, Measure measure)
    {
        if (figure.Value is not double value)
        {
            return new BarRow(point.Weights, [], $"unavailable: {HtmlParts.Why(figure.Provenance)}");
        }

        string text = measure.Unit.StartsWith('$') ? Quantity.Usd(value) : Quantity.Digits(value);
        bool isRate =
            measure.Id == "formats-rate" && point.FullStepCi95Low is not null && point.FullStepCi95High is not null;
        return new BarRow(
            point.Weights,
            [new BarSegment(point.Weights, value, ChartPalette.OfFormat(point.Weights))],
            text,
            $"{PointText.Name(point)}: {text} ({HtmlParts.Origin(figure)})"
        )
        {
            Range = isRate
                ? (point.Batch / point.FullStepCi95High!.Value, point.Batch / point.FullStepCi95Low!.Value)
                : null,
        };
    }
}
