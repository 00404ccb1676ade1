using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The counts of a device that counts, as a table.</summary>
internal static class VerifiedTraffic
{
    /// <summary>A step's rows; none for a device that does not count.</summary>
    public static IEnumerable<TrafficRow> Rows(PointConditions point, IReadOnlyList<OperationTraffic>? traffic) =>
        traffic is null ? [] : TrafficCheck.Of(traffic).Select(check => Row(point, check));

    /// <summary>The table of all rows.</summary>
    public static ResultTable Table(ModelShape model, DeviceDescription device, IReadOnlyList<TrafficRow> rows) =>
        TrafficTable.From(model.Name, device.NameWithKernels, OperationTraffic.Tolerance, rows);

    private static TrafficRow Row(PointConditions point, TrafficCheck check) =>
        new()
        {
            Weights = point.Weights.Name(),
            Kv = point.Kv.Name(),
            Batch = point.Batch,
            ContextTokens = point.ContextTokens,
            Operation = check.Name,
            PlanReadBytes = check.PlanReadBytes,
            ReadBytes = check.ReadBytes,
            PaddingBytes = check.PaddingBytes,
            SavedBytes = check.SavedBytes,
            UsefulSectorShare = check.Loads.UsefulShare,
            Share16ByteLoads = check.CodeLoads.ShareIn16ByteLoads,
            PlanOtherReadBytes = check.PlanOtherReadBytes,
            OtherReadBytes = check.OtherReadBytes,
            PlanWriteBytes = check.PlanWriteBytes,
            WriteBytes = check.WriteBytes,
            ScratchBytes = check.ScratchBytes,
            LocalAccesses = check.LocalAccesses,
            SharedBankConflicts = check.SharedBankConflicts,
            ThreadInstructions = check.ThreadInstructions,
            Failure = check.Failure,
        };
}
