using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting;

/// <summary>Points of a record in words.</summary>
internal static class PointText
{
    /// <summary>For example <c>fp8 weights, fp16 KV, batch 8, context 8192</c>.</summary>
    public static string Name(PointRecord point)
    {
        string shared = point.TensorParallel == 1 ? "" : $", {point.TensorParallel} devices";
        return $"{point.Weights} weights, {point.Kv} KV, batch {point.Batch}, context {point.Context}{shared}";
    }

    /// <summary>The distinct hardware of a record's points; of a record without points, one device.</summary>
    public static string Hardware(RunRecord record)
    {
        if (record.Points.Count == 0)
        {
            return $"1 × {record.Device.Name}";
        }

        return string.Join(
            ", ",
            record.Points.Select(point => RecordCost.HardwareOf(record, point).ToString()).Distinct()
        );
    }

    /// <summary>The KV format that all points share; null where they differ or there are none.</summary>
    public static string? SharedKv(RunRecord record) => Shared(record, point => point.Kv);

    /// <summary>Tokens in a block of a point's KV cache.</summary>
    public static int KvBlockTokens(PointRecord point) => point.KvBlockTokens ?? PointRecord.KvBlockTokensUnlessSaid;

    /// <summary>The size of KV blocks that all points share; null where they differ or there are none.</summary>
    public static int? SharedKvBlock(RunRecord record) =>
        record.Points.Select(KvBlockTokens).Distinct().Take(2).ToArray() is [int tokens] ? tokens : null;

    /// <summary>The context that all points share, as text; null where they differ or there are none.</summary>
    public static string? SharedContext(RunRecord record) => Shared(record, point => $"{point.Context}");

    /// <summary>Whether a point's throughput rests on fewer layers than the model has.</summary>
    public static bool IsExtrapolated(PointRecord point) =>
        RecordCost.TokensPerSecondProvenanceOf(point).Kind == Provenance.Extrapolated;

    /// <summary>For example <c>extrapolated from 4 of 32 layers</c>; null where all layers were measured.</summary>
    public static string? Depth(PointRecord point) =>
        point.LayersMeasured < point.LayersTotal
            ? $"extrapolated from {point.LayersMeasured} of {point.LayersTotal} layers"
            : null;

    /// <summary>The same in brackets, to stand behind a figure; empty where all layers were measured.</summary>
    public static string DepthNote(PointRecord point) => Depth(point) is string depth ? $" ({depth})" : "";

    /// <summary>
    /// What stands behind figures that are of the measured layers and not of the whole model, as bandwidth and shares of limits are; empty
    /// where all layers were measured.
    /// </summary>
    public static string LayersNote(PointRecord point) =>
        point.LayersMeasured < point.LayersTotal
            ? $" (of the {point.LayersMeasured} layer{(point.LayersMeasured == 1 ? "" : "s")} measured)"
            : "";

    /// <summary>Why a point has no cost, in words.</summary>
    public static string WhyNoCost(PointRecord point, ProvenanceNote note) =>
        note.Reason == RecordCost.ThrottledPoint
            ? $"{ReasonWords.Of(RecordCost.ThrottledPoint)}: {ReasonWords.OfAll(point.ThrottleReasons)}"
            : note.Detail ?? ReasonWords.Of(note.Reason ?? "notMeasured");

    private static string? Shared(RunRecord record, Func<PointRecord, string> of)
    {
        string[] distinct = [.. record.Points.Select(of).Distinct().Take(2)];
        return distinct.Length == 1 ? distinct[0] : null;
    }
}
