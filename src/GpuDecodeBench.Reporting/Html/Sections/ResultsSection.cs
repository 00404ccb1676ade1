using System.Globalization;
using System.Text;
using System.Text.Json;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>Every point with its figures, each saying where it comes from when pointed at; and the same by figure, to read and to print.</summary>
internal sealed class ResultsSection : IReportSection
{
    private sealed record Column(
        string Header,
        string Field,
        Func<ReportRun, PointRecord, (string? Text, string Origin)> Cell
    );

    private static readonly Column[] s_columns =
    [
        new(
            "Step (ms)",
            "fullStepSeconds",
            (_, point) => (Quantity.Digits(point.FullStepSeconds * 1e3), HtmlParts.Origin(point, "fullStepSeconds"))
        ),
        new("±95 % (ms)", "stepSeconds", (_, point) => (HalfWidth(point), HtmlParts.Origin(point, "fullStepSeconds"))),
        new(
            "Tok/s",
            "tokensPerSecond",
            (_, point) => (Quantity.Digits(point.TokensPerSecond), HtmlParts.Origin(point, "tokensPerSecond"))
        ),
        new(
            "Tok/s per user",
            "tokensPerSecondPerUser",
            (_, point) =>
                (Quantity.Digits(point.TokensPerSecondPerUser), HtmlParts.Origin(point, "tokensPerSecondPerUser"))
        ),
        new(
            "GB/s",
            "achievedBytesPerSecond",
            (_, point) =>
                (Quantity.Digits(point.AchievedBytesPerSecond / 1e9), HtmlParts.Origin(point, "achievedBytesPerSecond"))
        ),
        new(
            "MBU (% ceiling)",
            "mbuOfCeiling",
            (_, point) => (Percent(point.MbuOfCeiling), HtmlParts.Origin(point, "mbuOfCeiling"))
        ),
        new(
            "MBU (% spec)",
            "mbuOfSpec",
            (_, point) => (Percent(point.MbuOfSpec), HtmlParts.Origin(point, "mbuOfSpec"))
        ),
        new("Power (W)", "power", (_, point) => (Digits(point.Power), HtmlParts.Origin(point.Power))),
        new(
            "J/token",
            "energyJoulesPerToken",
            (_, point) => (Digits(point.EnergyJoulesPerToken), HtmlParts.Origin(point.EnergyJoulesPerToken))
        ),
        new("$/Mtok", "usdPerMillionTokens", Cost),
    ];

    public string Id => "figures";

    public string Heading => "All figures, and where they come from";

    public string ShortHeading => "Figures";

    public void Write(HtmlWriter html, ReportRun run)
    {
        if (run.Record.Points.Count == 0)
        {
            html.Missing("Figures", "no configuration was measured.");
            return;
        }

        html.Paragraph(
            "Point at a figure to see where it comes from; the second table says it for all. A dash is a figure that is not available, never a zero. "
                + "±95 % is half the median’s 95 % confidence interval; a lopsided one is wider on one side."
        );
        Points(html, run);
        html.SubHeading(run, "Where the figures come from");
        html.Table(Origins(run));
        Remarks(html, run);
    }

    private static void Points(HtmlWriter html, ReportRun run)
    {
        html.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", "All figures"));
        html.Open("table", ("class", "figures"))
            .Element("caption", $"Decode of {run.Record.Model.Name} on {PointText.Hardware(run.Record)}")
            .Open("thead")
            .Open("tr");
        foreach (string name in (string[])["Weights", "KV", "Batch", "Context", "Layers"])
        {
            html.Element("th", name, ("scope", "col"), ("class", name is "Weights" or "KV" ? "w" : "n"));
        }

        foreach (Column column in s_columns)
        {
            html.Element("th", column.Header, ("scope", "col"), ("class", "n"));
        }

        html.Element("th", "Valid", ("scope", "col"), ("class", "w")).Close().Close().Open("tbody");
        List<string> origins = [];
        foreach (PointRecord point in run.Record.Points)
        {
            Row(html, run, point, origins);
        }

        html.Close().Close().Close();

        // The same words stand behind hundreds of figures: each is written once, and the page's script puts them behind their figures.
        html.Open("script", ("type", "application/json"), ("class", "origins")).Raw(Json(origins)).Close();
    }

    private static string Json(IReadOnlyList<string> texts)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (string text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>A text's place in the list; it is put there where it is not.</summary>
    private static string Place(List<string> texts, string text)
    {
        int place = texts.IndexOf(text);
        if (place < 0)
        {
            place = texts.Count;
            texts.Add(text);
        }

        return place.ToString(CultureInfo.InvariantCulture);
    }

    private static void Row(HtmlWriter html, ReportRun run, PointRecord point, List<string> origins)
    {
        html.Raw("<tr>")
            .Element("th", point.Weights, ("scope", "row"), ("class", "w"))
            .Element("td", point.Kv, ("class", "w"));
        html.Element("td", $"{point.Batch:N0}", ("class", "n")).Element("td", $"{point.Context:N0}", ("class", "n"));
        html.Element("td", $"{point.LayersMeasured}/{point.LayersTotal}", ("class", "n"));
        foreach (Column column in s_columns)
        {
            (string? text, string origin) = column.Cell(run, point);
            html.Element("td", text ?? ResultCell.Dash, ("class", "n"), ("data-o", Place(origins, origin)));
        }

        html.Element(
            "td",
            point.Valid ? "yes" : "NO",
            ("class", "w"),
            ("data-o", Place(origins, point.Valid ? "every rule was kept" : ReasonWords.OfAll(point.InvalidReasons)))
        );
        html.Raw("</tr>\n");
    }

    /// <summary>Each figure's origins with the points that have them, so that nothing rests on a pointer.</summary>
    private static ResultTable Origins(ReportRun run) =>
        new TableSchema<(string Figure, string Origin, string Points)>()
            .Words("Figure", "figure", row => ResultCell.Of(row.Figure))
            .Words("Where it comes from", "origin", row => ResultCell.Of(row.Origin))
            .Words("Configurations", "points", row => ResultCell.Of(row.Points))
            .Build(
                "Where the figures come from",
                s_columns.SelectMany(column =>
                    run.Record.Points.GroupBy(point => column.Cell(run, point).Origin)
                        .Select(group => (column.Header, group.Key, Who(run, [.. group])))
                ),
                []
            );

    private static string Who(ReportRun run, PointRecord[] points)
    {
        const int Most = 6;
        if (points.Length == run.Record.Points.Count)
        {
            return points.Length == 1 ? "the one measured" : $"all {points.Length}";
        }

        string named = string.Join(", ", points.Take(Most).Select(run.ShortName));
        return points.Length > Most ? $"{named} and {points.Length - Most} more" : named;
    }

    private static void Remarks(HtmlWriter html, ReportRun run)
    {
        PointRecord[] noted =
        [
            .. run.Record.Points.Where(point =>
                !point.Valid || point.Warnings.Count > 0 || point.ThrottleReasons.Count > 0
            ),
        ];
        if (noted.Length == 0)
        {
            return;
        }

        html.SubHeading(run, "Invalid configurations and warnings").Open("ul");
        foreach (IGrouping<string, PointRecord> group in noted.GroupBy(Remark))
        {
            html.Element("li", $"{Who(run, [.. group])} — {group.Key}.");
        }

        html.Close();
    }

    private static string Remark(PointRecord point) =>
        string.Join(
            "; ",
            new[]
            {
                point.Valid ? null : $"INVALID: {ReasonWords.OfAll(point.InvalidReasons)}",
                point.Warnings.Count == 0 ? null : $"warning: {ReasonWords.OfAll(point.Warnings)}",
                point.ThrottleReasons.Count == 0 ? null : $"clocks lowered: {ReasonWords.OfAll(point.ThrottleReasons)}",
            }.OfType<string>()
        );

    private static (string?, string) Cost(ReportRun run, PointRecord point)
    {
        CostResult cost = run.CostOf(point);
        return cost.Cost is TokenCost known
            ? (
                Quantity.Digits(known.UsdPerMillionTokens),
                $"{CostProvenance.Describe(known.Provenance)} — {known.Conditions.Hardware} at {Quantity.RoundPercent(known.Conditions.Utilization)} utilisation"
            )
            : (null, $"unavailable: {PointText.WhyNoCost(point, cost.Unavailable!)}");
    }

    private static string? HalfWidth(PointRecord point) =>
        (point.FullStepCi95High - point.FullStepCi95Low) / 2 is double half
            ? SignificantDigits.Format(half * 1e3, 2)
            : null;

    private static string? Percent(double? fraction) => fraction is double known ? Quantity.Percent(known) : null;

    private static string? Digits(Figure figure) => figure.Value is double known ? Quantity.Digits(known) : null;
}
