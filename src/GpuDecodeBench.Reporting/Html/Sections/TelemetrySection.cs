using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>Power, clock and temperature along the measurement of a point, with the stretches shaded in which clocks were lowered.</summary>
internal sealed class TelemetrySection : IReportSection
{
    private sealed record Panel(string Id, string Name, string Unit, Func<TimelineEntry, double?> Of);

    private static readonly Panel[] s_panels =
    [
        new("power", "Power", "W", entry => entry.Watts),
        new("clock", "Core clock, the lowest that was read", "MHz", entry => entry.CoreClockHz / 1e6),
        new("temperature", "Temperature", "°C", entry => entry.TemperatureCelsius),
    ];

    public string Id => "telemetry";

    public string Heading => "Power, clock and temperature";

    public string ShortHeading => "Telemetry";

    public void Write(HtmlWriter html, ReportRun run)
    {
        PointRecord? point = run
            .Record.Points.Where(one => one.Telemetry?.Timeline.Count > 1)
            .OrderByDescending(one => one.Valid)
            .ThenByDescending(one => one.TokensPerSecond)
            .FirstOrDefault();
        if (point?.Telemetry is not PointTelemetry telemetry)
        {
            html.Missing("Power, clock and temperature", WhyNone(run.Record));
            return;
        }

        html.Paragraph(
            $"Along {PointText.Name(point)}, by {telemetry.Source}. {Throttled(point)} The time line is thinned{(run.Record.Telemetry?.TraceFile is string file ? $"; the run wrote every sample to {file}" : "")}."
        );
        foreach (Panel panel in s_panels)
        {
            TimelineEntry[] entries =
            [
                .. telemetry.Timeline.Where(entry => panel.Of(entry) is double value && double.IsFinite(value)),
            ];
            if (entries.Length < 2)
            {
                html.Missing(panel.Name, Why(run.Record, panel.Id));
                continue;
            }

            html.Chart(run, $"telemetry-{panel.Id}", Chart(panel, entries, telemetry.Timeline), Reading(panel));
        }
    }

    private static string Reading(Panel panel) =>
        panel.Id switch
        {
            "power" =>
                "What the device drew while the point was measured; shaded where it says that it lowered its clocks.",
            "clock" =>
                "A clock that falls makes every later figure slower: repeat such a run with better cooling or a higher limit.",
            _ => "A line that still rises at its end was not warm yet, and longer runs would be slower.",
        };

    private static string Throttled(PointRecord point) =>
        point.ThrottleReasons.Count == 0
            ? "No reason for lowered clocks was seen."
            : $"Clocks were lowered: {ReasonWords.OfAll(point.ThrottleReasons)}.";

    private static string WhyNone(RunRecord record)
    {
        string[] reasons =
        [
            .. record
                .Points.Select(point => point.EnergyJoulesPerToken.Provenance)
                .Where(note => note.Kind == Provenance.Unavailable)
                .Select(HtmlParts.Why)
                .Distinct(),
        ];
        return reasons.Length > 0
            ? $"{string.Join("; ", reasons.Select(reason => reason.TrimEnd('.')))}."
            : "no time line is in the record.";
    }

    private static string Why(RunRecord record, string quantity) =>
        record.Telemetry?.Quantities.FirstOrDefault(one =>
            one.Reason is not null && one.Quantity.Contains(quantity, StringComparison.OrdinalIgnoreCase)
        )
            is TelemetryQuantityRecord missing
            ? $"{missing.Detail ?? ReasonWords.Of(missing.Reason!)}".TrimEnd('.') + "."
            : "it was not told along this point.";

    private static XyChart Chart(Panel panel, TimelineEntry[] entries, IReadOnlyList<TimelineEntry> timeline)
    {
        double[] values = [.. entries.Select(entry => panel.Of(entry)!.Value)];
        ChartBand[] bands = [.. Bands(timeline)];
        return new XyChart(
            panel.Name,
            $"{Quantity.Digits(values.Min())} to {Quantity.Digits(values.Max())} {panel.Unit} over {Quantity.Seconds(entries[^1].Seconds - entries[0].Seconds)}; {bands.Length} {(bands.Length == 1 ? "stretch" : "stretches")} with lowered clocks.",
            new ChartAxis("Time", "s", AxisScale.Linear(timeline.Select(entry => entry.Seconds))),
            new ChartAxis(panel.Name, panel.Unit, AxisScale.Linear(values, fromZero: panel.Id == "power")),
            [
                new ChartSeries(
                    panel.Name,
                    0,
                    [.. entries.Select(entry => new ChartPoint(entry.Seconds, panel.Of(entry)!.Value))]
                )
                {
                    Line = LineStyle.Solid,
                    HasMarks = false,
                },
            ],
            Data(panel, entries),
            0.28
        )
        {
            Bands = bands,
        };
    }

    /// <summary>An entry stands for the time since the one before it.</summary>
    private static IEnumerable<ChartBand> Bands(IReadOnlyList<TimelineEntry> timeline)
    {
        int at = 0;
        while (at < timeline.Count)
        {
            if (timeline[at].ThrottleReasons.Count == 0)
            {
                at++;
                continue;
            }

            int last = at;
            while (last + 1 < timeline.Count && timeline[last + 1].ThrottleReasons.Count > 0)
            {
                last++;
            }

            IEnumerable<string> reasons = timeline
                .Skip(at)
                .Take(last - at + 1)
                .SelectMany(entry => entry.ThrottleReasons)
                .Distinct();
            yield return new ChartBand(
                timeline[Math.Max(0, at - 1)].Seconds,
                timeline[last].Seconds,
                $"clocks lowered: {ReasonWords.OfAll(reasons)}"
            );
            at = last + 1;
        }
    }

    private static ResultTable Data(Panel panel, TimelineEntry[] entries) =>
        new TableSchema<TimelineEntry>()
            .Number("Time", "s", "seconds", entry => ResultCell.Of(entry.Seconds, Quantity.Digits))
            .Number(panel.Name, panel.Unit, panel.Id, entry => ResultCell.Of(panel.Of(entry), Quantity.Digits))
            .Words(
                "Clocks lowered by",
                "throttleReasons",
                entry =>
                    ResultCell.Of(entry.ThrottleReasons.Count == 0 ? "–" : ReasonWords.OfAll(entry.ThrottleReasons))
            )
            .Build(panel.Name, entries, []);
}
