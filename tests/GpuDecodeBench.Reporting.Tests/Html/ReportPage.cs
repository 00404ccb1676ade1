using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Html;

namespace GpuDecodeBench.Reporting.Tests.Html;

/// <summary>A report's page, taken apart as far as tests need it.</summary>
internal sealed partial class ReportPage
{
    private ReportPage(string html) => Html = html;

    public string Html { get; }

    /// <summary>The text that a reader sees, tags taken off and entities read.</summary>
    public string Text => WebUtility.HtmlDecode(Tag().Replace(Hidden().Replace(Html, " "), " "));

    public static ReportPage Of(params RunRecord[] records) => Of(new ReportOptions(), records);

    public static ReportPage Of(ReportOptions options, params RunRecord[] records) =>
        new(HtmlReport.Write([.. records.Select((record, i) => new ReportInput(record, $"run{i + 1}.json"))], options));

    /// <summary>The part of the page under a section's heading.</summary>
    public ReportPage Section(string id)
    {
        int start = Html.IndexOf($"<section id=\"{id}\">", StringComparison.Ordinal);
        Assert.True(start >= 0, $"There is no section {id}.");
        int next = Html.IndexOf("<section id=", start + 1, StringComparison.Ordinal);
        return new ReportPage(next < 0 ? Html[start..] : Html[start..next]);
    }

    /// <summary>The cells of the rows of the first table, texts alone.</summary>
    public string[][] FirstTable() =>
        [
            .. Row()
                .Matches(Html[..Html.IndexOf("</table>", StringComparison.Ordinal)])
                .Select(row =>
                    Cell().Matches(row.Value).Select(cell => WebUtility.HtmlDecode(cell.Groups["text"].Value)).ToArray()
                ),
        ];

    /// <summary>What pointing at the cells of the first table's rows shows, by the list behind the table.</summary>
    public string[][] FirstTableTitles()
    {
        string[] origins = JsonSerializer.Deserialize<string[]>(Origins().Match(Html).Groups["list"].Value)!;
        return
        [
            .. Row()
                .Matches(Html[..Html.IndexOf("</table>", StringComparison.Ordinal)])
                .Select(row =>
                    Origin()
                        .Matches(row.Value)
                        .Select(place => origins[int.Parse(place.Groups["place"].Value, CultureInfo.InvariantCulture)])
                        .ToArray()
                ),
        ];
    }

    [GeneratedRegex(
        "<(?<tag>script|style|title|desc)[^>]*>.*?</\\k<tag>>",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        5000
    )]
    private static partial Regex Hidden();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 5000)]
    private static partial Regex Tag();

    [GeneratedRegex("<tr>.*?</tr>", RegexOptions.Singleline, 5000)]
    private static partial Regex Row();

    [GeneratedRegex("<t[dh][^>]*>(?<text>[^<]*)</t[dh]>", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Cell();

    [GeneratedRegex("data-o=\"(?<place>[0-9]+)\"", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Origin();

    [GeneratedRegex(
        "class=\"origins\">(?<list>.*?)</script>",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        5000
    )]
    private static partial Regex Origins();
}
