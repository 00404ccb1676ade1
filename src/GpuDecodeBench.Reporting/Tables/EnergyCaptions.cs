using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What stands under a run's table of power and energy: how they were measured, or why they were not.</summary>
internal static class EnergyCaptions
{
    public static void Add(List<string> lines, RunRecord record)
    {
        PointRecord[] known = [.. record.Points.Where(point => point.EnergyJoulesPerToken.Value is not null)];
        PointRecord[] missing = [.. record.Points.Where(point => point.EnergyJoulesPerToken.Value is null)];
        if (known.Length > 0)
        {
            lines.Add($"Energy: gross{Extrapolated(known)}{Idle(record)}{PerBit(known)}.");
        }

        foreach (IGrouping<string, PointRecord> group in missing.GroupBy(Reason))
        {
            string who =
                missing.Length == record.Points.Count && group.Count() == missing.Length
                    ? ""
                    : $" of {string.Join("; ", group.Select(PointText.Name))}";
            lines.Add($"No energy{who}: {group.Key}.");
        }
    }

    private static string Extrapolated(PointRecord[] known) =>
        known.Any(point => point.EnergyJoulesPerToken.Provenance.Kind == Provenance.Extrapolated)
            ? ", extrapolated to all layers as the time is"
            : "";

    private static string Idle(RunRecord record) =>
        record.Telemetry is not TelemetryRecord telemetry
            ? ""
            : $"; by {telemetry.Source}; the idle device takes "
                + Quantity.OrDash(
                    telemetry.IdleWatts.Value,
                    telemetry.IdleWatts.Provenance.Reason,
                    watts => $"{Quantity.Digits(watts)} W"
                );

    private static string PerBit(PointRecord[] known)
    {
        double[] gross = [.. known.Select(point => point.Telemetry?.PicojoulesPerBit.Value).OfType<double>().Order()];
        double? reference = known.Select(point => point.Telemetry?.ReferencePicojoulesPerBit.Value).FirstOrDefault();
        if (gross.Length == 0 || reference is not double common)
        {
            return "";
        }

        string low = Quantity.Digits(gross[0]);
        string high = Quantity.Digits(gross[^1]);
        return $"; {(low == high ? low : $"{low} to {high}")} pJ per bit read, memory alone is commonly given {Quantity.Digits(common)}";
    }

    private static string Reason(PointRecord point)
    {
        ProvenanceNote note = point.EnergyJoulesPerToken.Provenance;
        string words = ReasonWords.Of(note.Reason!);
        return note.Detail is null ? words : $"{words} ({note.Detail.TrimEnd('.')})";
    }
}
