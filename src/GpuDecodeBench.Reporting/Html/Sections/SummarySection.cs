using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>The verdict, the figures that carry it, the run in a paragraph, and what to do.</summary>
internal sealed class SummarySection : IReportSection
{
    public string Id => "summary";

    public string Heading => "In short";

    public string ShortHeading => "Summary";

    public void Write(HtmlWriter html, ReportRun run)
    {
        html.Element("p", Verdict.Of(run), ("class", "verdict")).Raw("\n");
        if (run.Fastest is PointRecord best)
        {
            html.Open("dl", ("class", "key"));
            Tiles(html, run, best);
            html.Close();
            html.Element(
                "p",
                $"All five at {Conditions(run, best)}. Point at one to see where it comes from.",
                ("class", "measured-at")
            );
        }

        html.Paragraph(RunSummary.Write(run.Record, run.Costs));
        IReadOnlyList<string> advice = Verdict.Advice(run);
        if (advice.Count > 0)
        {
            html.SubHeading(run, "What to do").Open("ul");
            foreach (string line in advice)
            {
                html.Element("li", line);
            }

            html.Close();
        }
    }

    private static void Tiles(HtmlWriter html, ReportRun run, PointRecord best)
    {
        string depth = PointText.DepthNote(best);
        string conditions = $"{best.Weights}, batch {best.Batch}, context {best.Context}";
        Tile(
            html,
            "Tokens per second",
            Quantity.Digits(best.TokensPerSecond),
            conditions + depth,
            HtmlParts.Origin(best, "tokensPerSecond")
        );
        Tile(
            html,
            "Time of a step",
            Quantity.Seconds(best.FullStepSeconds),
            Interval(best) + depth,
            HtmlParts.Origin(best, "fullStepSeconds")
        );
        if (Verdict.ShareOfLimit(best) is double share)
        {
            Tile(
                html,
                "Of the measured limit",
                Quantity.RoundPercent(share),
                (
                    best.Bound == "compute" ? $"{Quantity.Digits(best.Flops / best.StepSeconds.Median / 1e9)} GFLOP/s"
                    : Verdict.IsMemoryAlone(best) ? Quantity.Rate(best.AchievedBytesPerSecond)
                    : $"{Quantity.Rate(best.AchievedBytesPerSecond)}, and arithmetic"
                ) + PointText.LayersNote(best),
                HtmlParts.Origin(best, best.RooflineSeconds is null ? "mbuOfCeiling" : "rooflineSeconds")
            );
        }
        else
        {
            Tile(html, "Of the measured limit", null, HtmlParts.Origin(best, "mbuOfCeiling"), "unavailable");
        }

        Figure energy = best.EnergyJoulesPerToken;
        Tile(
            html,
            "Energy of a token",
            energy.Value is double joules ? $"{Quantity.Digits(joules)} J" : null,
            energy.Value is null ? ReasonWords.Of(energy.Provenance.Reason!) : "gross" + depth,
            HtmlParts.Origin(energy)
        );
        CostResult cost = run.CostOf(best);
        Tile(
            html,
            "A million tokens",
            cost.Cost is TokenCost known ? Quantity.Usd(known.UsdPerMillionTokens) : null,
            cost.Cost is TokenCost priced
                ? $"at {Quantity.Usd(priced.UsdPerHour.Value!.Value)}/h and {Quantity.RoundPercent(priced.Utilization.Value!.Value)} utilisation{depth}"
                : PointText.WhyNoCost(best, cost.Unavailable!),
            cost.Cost is TokenCost from ? CostProvenance.Describe(from.Provenance) : "unavailable"
        );
    }

    private static string Conditions(ReportRun run, PointRecord best)
    {
        string head = best.LmHead == best.Weights ? "" : $", {best.LmHead} LM head";
        return $"{run.Record.Model.Name} · {best.Weights} weights{head}, {best.Kv} KV · context {best.Context} · batch {best.Batch} · "
            + RecordCost.HardwareOf(run.Record, best);
    }

    private static string Interval(PointRecord best) =>
        best.FullStepCi95Low is double low && best.FullStepCi95High is double high
            ? $"95 %: {Quantity.Seconds(low)} to {Quantity.Seconds(high)}"
            : "no confidence interval";

    private static void Tile(HtmlWriter html, string name, string? value, string note, string origin)
    {
        html.Open("div", ("title", origin)).Element("dt", name);
        html.Element("dd", value ?? "unavailable", ("class", value is null ? "value none" : "value"));
        html.Element("dd", note, ("class", "note")).Close();
    }
}
