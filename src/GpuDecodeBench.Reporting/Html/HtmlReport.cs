using System.Security.Cryptography;
using System.Text;
using GpuDecodeBench.Reporting.Html.Sections;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>
/// Runs as one HTML page that needs nothing else: no network, no other file, no package. Its charts are drawn here; its script only moves
/// sliders, switches colours and unpacks downloads. A content security policy in the page lets no other script run, whatever a record
/// holds.
/// </summary>
public static class HtmlReport
{
    /// <summary>The most runs that one page may have: beyond it nobody reads on.</summary>
    public const int MostRuns = 20;

    private static readonly IReportSection[] s_sections =
    [
        new SummarySection(),
        new SetupSection(),
        new RooflineSection(),
        new OperationsSection(),
        new BatchSection(),
        new FormatsSection(),
        new CostSection(),
        new UtilizationSection(),
        new ContextSection(),
        new ExplorerSection(),
        new TelemetrySection(),
        new SamplesSection(),
        new ClaimsSection(),
        new ResultsSection(),
        new DataSection(),
    ];

    /// <summary>Writes the page.</summary>
    /// <param name="inputs">The runs, from 1 to <see cref="MostRuns"/>.</param>
    /// <param name="options">Prices and scenarios.</param>
    /// <exception cref="InputException">There is no run, there are too many, or one is there twice.</exception>
    public static string Write(IReadOnlyList<ReportInput> inputs, ReportOptions options)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(options);
        Check(inputs);
        bool single = inputs.Count == 1;
        ReportRun[] runs = [.. inputs.Select((input, i) => new ReportRun($"r{i + 1}", single ? 2 : 3, input, options))];
        string title = single
            ? $"{runs[0].Record.Model.Name} on {runs[0].Record.Device.Name}"
            : $"{runs.Length} runs of {string.Join(", ", runs.Select(run => run.Record.Model.Name).Distinct())}";
        string script = Script(runs);
        var html = new HtmlWriter();
        html.Raw("<!DOCTYPE html>\n").Open("html", ("lang", "en"));
        Head(html, title, script);
        html.Open("body").Raw("<a class=\"skip\" href=\"#main\">To the report</a>\n");
        Header(html, runs, title);
        html.Open("main", ("id", "main"));
        foreach (ReportRun run in runs)
        {
            Run(html, run, single);
        }

        html.Close().Open("footer").Paragraph(Footer(runs)).Close();
        html.Open("script").Raw(script).Close().Close().Close();
        return html.ToString();
    }

    private static void Check(IReadOnlyList<ReportInput> inputs)
    {
        if (inputs.Count is 0 or > MostRuns)
        {
            throw new InputException(
                $"A report is made of 1 to {MostRuns} run records, and {inputs.Count} were given."
            );
        }

        for (int i = 0; i < inputs.Count; i++)
        {
            for (int k = 0; k < i; k++)
            {
                if (
                    inputs[i].Record.StartedUtc == inputs[k].Record.StartedUtc
                    && inputs[i].Record.Command == inputs[k].Record.Command
                )
                {
                    throw new InputException(
                        $"{inputs[k].Name} and {inputs[i].Name} hold the same run; give each once."
                    );
                }
            }
        }
    }

    private static void Head(HtmlWriter html, string title, string script)
    {
        string hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)));
        html.Open("head").Raw("<meta charset=\"utf-8\">\n");
        html.Void(
            "meta",
            ("http-equiv", "Content-Security-Policy"),
            (
                "content",
                $"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{hash}'; img-src data:; base-uri 'none'; form-action 'none'"
            )
        );
        html.Raw(
            "\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n"
        );
        html.Raw("<link rel=\"icon\" href=\"data:,\">\n");
        html.Element("title", $"{title} – GpuDecodeBench").Raw("\n");
        html.Raw("<style>\n").Raw(ReportAssets.Style).Raw("</style>\n").Close();
    }

    private static void Header(HtmlWriter html, ReportRun[] runs, string title)
    {
        html.Open("header").Element("h1", title).Raw("\n");
        html.Element("p", Subtitle(runs), ("class", "subtitle"));
        html.Element("button", "Dark or light", ("type", "button"), ("id", "theme"), ("hidden", ""));
        html.Open("nav", ("aria-label", "Sections"));
        foreach (ReportRun run in runs)
        {
            if (runs.Length > 1)
            {
                html.Element("a", $"{run.Name}:", ("href", $"#{run.Id}"), ("class", "run")).Raw(" ");
            }

            foreach (IReportSection section in s_sections)
            {
                html.Element("a", section.ShortHeading, ("href", $"#{run.Id}-{section.Id}")).Raw(" ");
            }
        }

        html.Close().Close();
    }

    private static string Subtitle(ReportRun[] runs)
    {
        string when = string.Join(
            " and ",
            new[] { runs.Min(run => run.Record.StartedUtc), runs.Max(run => run.Record.StartedUtc) }
                .Select(time => $"{time:d MMMM yyyy}")
                .Distinct()
        );
        return $"LLM decode, measured on {string.Join(", ", runs.Select(run => PointText.Hardware(run.Record)).Distinct())}, {when}.";
    }

    private static void Run(HtmlWriter html, ReportRun run, bool single)
    {
        if (!single)
        {
            html.Open("article", ("id", run.Id))
                .Element("h2", $"{run.Record.Model.Name} on {run.Record.Device.Name} ({run.Name})")
                .Raw("\n");
        }

        foreach (IReportSection section in s_sections)
        {
            html.Open("section", ("id", $"{run.Id}-{section.Id}"));
            html.Element($"h{run.HeadingLevel}", section.Heading).Raw("\n");
            section.Write(html, run);
            html.Close();
        }

        if (!single)
        {
            html.Close();
        }
    }

    private static string Footer(ReportRun[] runs) =>
        $"Made by gpu-decode-bench from {string.Join(", ", runs.Select(run => run.Name))}. Figures are those of this program’s own kernels under the conditions "
        + "named beside them; no cost or throughput holds for other conditions.";

    private static string Script(ReportRun[] runs) =>
        $"\"use strict\";\nconst equations={{\n{string.Concat(runs.Select(run => new Explorer(run).Script()))}}};\n{ReportAssets.Script}";
}
