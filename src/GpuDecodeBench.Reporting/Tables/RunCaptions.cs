using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What stands under a run's table: the conditions that its rows share, the legend, and what to know of single rows.</summary>
internal static class RunCaptions
{
    public static IReadOnlyList<string> Of(RunRecord record, IReadOnlyList<CostResult> costs)
    {
        List<string> lines =
        [
            $"Model: {record.Model.Name}, {Quantity.Digits(record.Model.Parameters / 1e9)} billion parameters, "
                + $"{record.Model.Layers} layers.",
            $"Hardware: {PointText.Hardware(record)}.",
        ];
        AddPrices(lines, costs);
        AddYardsticks(lines, record);
        AddLegend(lines, record);
        AddRemarks(lines, record);
        lines.AddRange(record.Notes.Select(note => $"Note: {note}"));
        return lines;
    }

    private static void AddPrices(List<string> lines, IReadOnlyList<CostResult> costs)
    {
        TokenCost[] known = [.. costs.Select(cost => cost.Cost).OfType<TokenCost>()];
        AddDistinct(
            lines,
            "Price",
            known.Select(cost => $"${Amount(cost.UsdPerHour)} per hour — {CostProvenance.Describe(cost.UsdPerHour)}")
        );
        AddDistinct(
            lines,
            "Utilisation",
            known.Select(cost =>
                $"{cost.Utilization.Value * 100:0.##} % of paid time — {CostProvenance.Describe(cost.Utilization)}"
            )
        );
        if (known.Length > 0)
        {
            lines.Add("Tokens per second are those while busy; costs count paid time, decode only.");
        }

        // An invalid point's missing cost is explained with the point itself.
        IEnumerable<string> missing = costs
            .Where(cost => !cost.IsInvalid)
            .Select(cost => cost.Unavailable)
            .OfType<ProvenanceNote>()
            .Select(note => note.Detail ?? ReasonWords.Of(note.Reason!));
        AddDistinct(lines, "No cost where it shows –", missing);
    }

    private static void AddYardsticks(List<string> lines, RunRecord record)
    {
        Figure read = record.Ceilings.ReadBytesPerSecond;
        string ceiling = Quantity.OrDash(read.Value, read.Provenance.Reason, Quantity.Rate);
        double? datasheet = record.Device.Specification?.MemoryBytesPerSecond;
        string spec = Quantity.OrDash(datasheet, "no datasheet figure of this device is known", Quantity.Rate);
        double? clocks = record.Device.Clocks?.ClockBandwidthBytesPerSecond;
        string byClocks = clocks is double rate ? $"; memory clock × bus width: {Quantity.Rate(rate)}" : "";
        lines.Add($"Yardsticks: read ceiling of this run {ceiling}; specification {spec}{byClocks}.");
    }

    private static void AddLegend(List<string> lines, RunRecord record)
    {
        if (record.Points.Count == 0)
        {
            lines.Add("No configuration was measured.");
            return;
        }

        IEnumerable<string> marks = record
            .Points.Select(point => RecordCost.TokensPerSecondProvenanceOf(point).Kind)
            .Distinct()
            .Order()
            .Select(kind => $"{CostProvenance.NameOf(kind)[..1]} {Meaning(kind)}");
        lines.Add(
            $"From: {string.Join(", ", marks)}. ±95 %: half the median's 95 % confidence interval. – not available."
        );
    }

    private static string Meaning(Provenance kind) =>
        kind switch
        {
            Provenance.Measured => "measured (all layers)",
            Provenance.Extrapolated => "extrapolated (from fewer layers)",
            _ => CostProvenance.NameOf(kind),
        };

    private static void AddRemarks(List<string> lines, RunRecord record)
    {
        foreach (PointRecord point in record.Points)
        {
            string name = PointText.Name(point);
            if (!point.Valid)
            {
                lines.Add($"INVALID: {name}: {ReasonWords.OfAll(point.InvalidReasons)}.");
            }

            if (point.Warnings.Count > 0)
            {
                lines.Add($"Warning: {name}: {ReasonWords.OfAll(point.Warnings)}.");
            }

            if (point.ThrottleReasons.Count > 0)
            {
                lines.Add($"Throttled: {name}: {ReasonWords.OfAll(point.ThrottleReasons)}.");
            }
        }
    }

    private static void AddDistinct(List<string> lines, string label, IEnumerable<string> texts)
    {
        string joined = string.Join("; ", texts.Distinct(StringComparer.Ordinal));
        if (joined.Length > 0)
        {
            lines.Add($"{label}: {joined}.");
        }
    }

    private static string Amount(Figure figure) => Quantity.Digits(figure.Value!.Value);
}
