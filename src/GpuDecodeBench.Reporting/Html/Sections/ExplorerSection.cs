using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>Sliders that recompute the cost in the page, by the program's own equations.</summary>
internal sealed class ExplorerSection : IReportSection
{
    private static readonly (string Symbol, string Name, string Unit)[] s_sliders =
    [
        ("util", "Utilisation", "share of paid time"),
        ("rent", "Price", "$ per device and hour"),
        ("tariff", "Electricity", "$ per kWh"),
        ("pue", "PUE", "facility over equipment power"),
    ];

    public string Id => "explorer";

    public string Heading => "Cost explorer";

    public string ShortHeading => "Explorer";

    public void Write(HtmlWriter html, ReportRun run)
    {
        var explorer = new Explorer(run);
        if (explorer.Priced.Count == 0)
        {
            html.Missing("Cost explorer", run.WhyNothingIsPriced ?? "no scenario has a cost to move.");
            return;
        }

        string id = $"{run.Id}-x";
        html.Paragraph(
            "Move what is yours: the page recomputes the cost with the very equations of the program. Batch and context go through the measured "
                + "configurations and nothing between them."
        );
        html.Element(
            "noscript",
            "The explorer needs scripts, which are switched off here; the table below has some settings, and gpu-decode-bench cost --scenario any."
        );
        html.Open("form", ("class", "explorer"), ("id", id), ("data-run", run.Id), ("hidden", ""));
        html.Open("div", ("class", "controls"));
        Select(html, id, "scenario", "Scenario", [.. explorer.Priced.Select(pair => pair.Scenario.Name)]);
        Select(html, id, "format", "Formats", []);
        Steps(html, id, "batch", "Batch");
        Steps(html, id, "context", "Context");
        foreach ((string symbol, string name, string unit) in s_sliders)
        {
            Slider(html, id, symbol, name, unit);
        }

        html.Element("button", "Back to the report’s values", ("type", "reset")).Close();
        html.Open("div", ("class", "outcome"));
        html.Open(
            "output",
            ("id", $"{id}-out"),
            ("aria-live", "polite"),
            ("for", $"{id}-util {id}-rent {id}-tariff {id}-pue {id}-batch {id}-context")
        );
        html.Element("span", "", ("class", "price"))
            .Element("span", "per million output tokens", ("class", "unit"))
            .Close();
        html.Element("p", "", ("class", "conditions"))
            .Element("div", "", ("class", "bars"))
            .Element("p", "", ("class", "from"))
            .Close();
        html.Close();
        html.Open("details", ("id", $"{id}-samples")).Element("summary", "The program’s figures at some settings");
        html.Table(explorer.Samples());
        html.Close();
        html.Open("script", ("type", "application/json"), ("id", $"{id}-data")).Raw(explorer.Json()).Close();
    }

    private static void Select(HtmlWriter html, string id, string name, string label, string[] values)
    {
        html.Open("div", ("class", "control")).Element("label", label, ("for", $"{id}-{name}"));
        html.Open("select", ("id", $"{id}-{name}"), ("name", name));
        foreach (string value in values)
        {
            html.Element("option", value);
        }

        html.Close().Close();
    }

    private static void Steps(HtmlWriter html, string id, string name, string label)
    {
        html.Open("div", ("class", "control")).Element("label", label, ("for", $"{id}-{name}"));
        html.Void("input", ("type", "range"), ("id", $"{id}-{name}"), ("name", name), ("min", "0"), ("step", "1"));
        html.Element("output", "", ("class", "now"), ("for", $"{id}-{name}")).Close();
    }

    private static void Slider(HtmlWriter html, string id, string symbol, string name, string unit)
    {
        html.Open("div", ("class", "control"), ("data-symbol", symbol)).Open("label", ("for", $"{id}-{symbol}"));
        html.Text(name).Raw(" ").Element("small", unit).Close();
        html.Void("input", ("type", "range"), ("id", $"{id}-{symbol}"), ("name", symbol), ("step", "any"));
        html.Void(
            "input",
            ("type", "number"),
            ("class", "exact"),
            ("aria-label", $"{name}, exactly"),
            ("name", $"{symbol}-exact"),
            ("step", "any")
        );
        html.Close();
    }
}
