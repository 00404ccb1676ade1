using System.Globalization;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>What sections are put together from: charts with their captions and tables, paragraphs, and figures that are missing.</summary>
internal static class HtmlParts
{
    private const int WideWidth = 720;
    private const int NarrowWidth = 350;
    private const int SmallWidth = 300;

    /// <summary>A paragraph.</summary>
    public static HtmlWriter Paragraph(this HtmlWriter html, string text) => html.Element("p", text).Raw("\n");

    /// <summary>A paragraph that says what is not there, and why.</summary>
    public static HtmlWriter Missing(this HtmlWriter html, string what, string why) =>
        html.Open("p", ("class", "missing"))
            .Element("strong", $"{what}: unavailable.")
            .Text($" {char.ToUpperInvariant(why[0])}{why[1..]}")
            .Close();

    /// <summary>A heading below a section's own.</summary>
    public static HtmlWriter SubHeading(this HtmlWriter html, ReportRun run, string text) =>
        html.Element($"h{run.HeadingLevel + 1}", text).Raw("\n");

    /// <summary>
    /// A chart with its title, how to read it, its legend and its data. It is there twice, for wide and for narrow screens, so that its
    /// text is as large as the page's on both; a small one, of which several stand side by side, is there once.
    /// </summary>
    public static void Chart(
        this HtmlWriter html,
        ReportRun run,
        string id,
        IChart chart,
        string reading,
        bool isSmall = false
    )
    {
        string name = $"{run.Id}-{id}";
        html.Open("figure", ("id", name));
        html.Open("figcaption").Element("strong", chart.Title).Raw(" ").Text(reading).Close();
        Legend(html, chart.Legend);
        if (isSmall)
        {
            html.Open("div", ("class", "small")).Raw(chart.Draw($"{name}-s", SmallWidth)).Close();
        }
        else
        {
            html.Open("div", ("class", "wide")).Raw(chart.Draw($"{name}-w", WideWidth)).Close();
            html.Open("div", ("class", "narrow")).Raw(chart.Draw($"{name}-n", NarrowWidth)).Close();
        }

        html.Open("details").Element("summary", "Data of this chart");
        html.Table(chart.Data);
        html.Close().Close();
    }

    /// <summary>A table, which scrolls by itself where the screen is too narrow for it.</summary>
    public static void Table(this HtmlWriter html, ResultTable table)
    {
        int[] shown = [.. Enumerable.Range(0, table.Columns.Count).Where(i => !table.Columns[i].MachineOnly)];
        html.Open("div", ("class", "scroll"), ("role", "region"), ("tabindex", "0"), ("aria-label", table.Title));
        html.Open("table").Element("caption", table.Title).Open("thead").Open("tr");
        foreach (int i in shown)
        {
            html.Element("th", table.Columns[i].Title, ("scope", "col"), ("class", AlignmentOf(table.Columns[i])));
        }

        html.Close().Close().Open("tbody");
        foreach (IReadOnlyList<ResultCell> row in table.Rows)
        {
            html.Raw("<tr>");
            foreach (int i in shown)
            {
                bool names = i == shown[0];
                string alignment = AlignmentOf(table.Columns[i]);
                if (names)
                {
                    html.Element("th", row[i].Text, ("scope", "row"), ("class", alignment));
                }
                else
                {
                    html.Element("td", row[i].Text, ("class", alignment));
                }
            }

            html.Raw("</tr>\n");
        }

        html.Close().Close().Close();
        Notes(html, table.Captions);
    }

    /// <summary>Where a figure comes from, in words.</summary>
    public static string Origin(Figure figure) =>
        figure.Provenance.Kind == Provenance.Unavailable
            ? $"unavailable: {Why(figure.Provenance)}"
            : CostProvenance.Describe(figure)
                + (figure.Method is null or UserFigure.Method ? "" : $" ({figure.Method})");

    /// <summary>Why there is no figure, in words.</summary>
    public static string Why(ProvenanceNote note) =>
        note.Detail is string detail ? detail : ReasonWords.Of(note.Reason ?? "notMeasured");

    /// <summary>Where a figure of a point comes from, by its JSON name.</summary>
    public static string Origin(PointRecord point, string field) =>
        !point.Provenance.TryGetValue(field, out ProvenanceNote? note) ? "the record does not say"
        : note.Kind == Provenance.Unavailable ? $"unavailable: {Why(note)}"
        : CostProvenance.Describe(IsRate(field) ? point.TokensPerSecondProvenance : note);

    /// <summary>A rate is over the mean step whatever the record's own is over, and says so.</summary>
    private static bool IsRate(string field) => field is "tokensPerSecond" or "tokensPerSecondPerUser";

    /// <summary>A number as a program reads it.</summary>
    public static string Exact(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string AlignmentOf(ResultColumn column) => column.Alignment == ColumnAlignment.Right ? "n" : "w";

    private static void Notes(HtmlWriter html, IReadOnlyList<string> captions)
    {
        if (captions.Count == 0)
        {
            return;
        }

        html.Open("ul", ("class", "notes"));
        foreach (string caption in captions)
        {
            html.Element("li", caption);
        }

        html.Close();
    }

    private static void Legend(HtmlWriter html, IReadOnlyList<LegendEntry> entries)
    {
        if (entries.Count == 0)
        {
            return;
        }

        html.Open("ul", ("class", "legend"));
        foreach (LegendEntry entry in entries)
        {
            html.Open("li").Raw(LegendMark.Draw(entry)).Text(entry.Name).Close();
        }

        html.Close();
    }
}
