using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What stands under a run's table: the conditions that its rows share, the legend, and what to know of single rows.</summary>
internal static class RunCaptions
{
    /// <summary>Mean and median step that differ by less look the same in a table.</summary>
    private const double WorthSaying = 0.005;

    public static IReadOnlyList<string> Of(RunRecord record, IReadOnlyList<CostResult> costs)
    {
        List<string> lines =
        [
            $"Model: {record.Model.Name}, {ParameterText(record.Model.Parameters)} parameters, "
                + $"{record.Model.Layers} layers.",
            $"Hardware: {PointText.Hardware(record)}.",
        ];
        AddShared(lines, record);
        CostCaptions.AddInputs(lines, costs);
        AddYardsticks(lines, record);
        AddLegend(lines, record);
        lines.AddRange(WeightOnlyFormats.Lines(record.Points.Select(point => (point.Weights, point.Batch))));
        AddMeanOverMedian(lines, record);
        EnergyCaptions.Add(lines, record);
        AddRemarks(lines, record);
        lines.AddRange(record.Notes.Select(note => $"Note: {note}"));
        return lines;
    }

    private static void AddShared(List<string> lines, RunRecord record)
    {
        string?[] shared =
        [
            PointText.SharedKv(record) is string kv ? $"{kv} KV" : null,
            PointText.SharedKvBlock(record) is int tokens and not PointRecord.KvBlockTokensUnlessSaid
                ? $"KV blocks of {tokens} tokens"
                : null,
            PointText.SharedContext(record) is string context ? $"context {context}" : null,
        ];
        string text = string.Join(", ", shared.OfType<string>());
        if (text.Length > 0)
        {
            lines.Add($"All rows: {text}.");
        }
    }

    private static void AddYardsticks(List<string> lines, RunRecord record)
    {
        Figure read = record.Ceilings.ReadBytesPerSecond;
        string ceiling = Quantity.OrDash(read.Value, read.Provenance.Reason, Quantity.Rate);
        double? datasheet = record.Device.Specification?.MemoryBytesPerSecond;
        string spec = Quantity.OrDash(datasheet, "no datasheet figure of this device is known", Quantity.Rate);
        double? clocks = record.Device.Clocks?.ClockBandwidthBytesPerSecond;
        string byClocks = clocks is double rate ? $"; memory clock × bus width: {Quantity.Rate(rate)}" : "";
        lines.Add(
            $"Yardsticks: read ceiling of this run {ceiling}{WhileSampled(record)}; specification {spec}{byClocks}."
        );
    }

    /// <summary>The ceilings that were followed along the points, where the record has them: MBU rests on these.</summary>
    private static string WhileSampled(RunRecord record)
    {
        double[] ceilings =
        [
            .. record.Points.Select(point => point.ReadCeilingBytesPerSecond).OfType<double>().Order(),
        ];
        if (ceilings.Length == 0)
        {
            return "";
        }

        string low = Quantity.Rate(ceilings[0]);
        string high = Quantity.Rate(ceilings[^1]);
        return low == high
            ? $" at its start, {low} while the points were sampled"
            : $" at its start, {low} to {high} while the points were sampled";
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

    /// <summary>Said where it shows: the rate is over the mean step, the step's time is the median.</summary>
    private static void AddMeanOverMedian(List<string> lines, RunRecord record)
    {
        double[] excess =
        [
            .. record
                .Points.Where(point => point.TokensPerSecond > 0)
                .Select(point => (RecordCost.StepSecondsOf(point) / point.FullStepSeconds) - 1),
        ];
        if (excess.Any(one => Math.Abs(one) > WorthSaying))
        {
            string least = Apart(excess.Min());
            string most = Apart(excess.Max());
            string range = least == most ? most : $"from {least} to {most}";
            lines.Add(
                $"Step: the median. Tokens per second: over the mean step, {range} it, as slow steps are paid for, too."
            );
        }
    }

    private static string Apart(double excess) =>
        $"{Quantity.Digits(Math.Abs(excess) * 100)} % {(excess < 0 ? "below" : "above")}";

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

    private static string ParameterText(long parameters) =>
        parameters >= 1e9
            ? $"{Quantity.Digits(parameters / 1e9)} billion"
            : $"{Quantity.Digits(parameters / 1e6)} million";
}
