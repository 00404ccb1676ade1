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

    /// <summary>Whether a point's throughput rests on fewer layers than the model has.</summary>
    public static bool IsExtrapolated(PointRecord point) =>
        RecordCost.TokensPerSecondProvenanceOf(point).Kind == Provenance.Extrapolated;
}
