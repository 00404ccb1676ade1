using System.Globalization;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What an emulated device's kernels read, byte by byte, beside what the plan has them read.</summary>
public static class TrafficTable
{
    /// <summary>The table.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">The device.</param>
    /// <param name="tolerance">The share of the plan's bytes by which kernels may differ.</param>
    /// <param name="rows">What was counted.</param>
    public static ResultTable From(string model, string device, double tolerance, IReadOnlyList<TrafficRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new TableSchema<TrafficRow>()
            .Words("Weights", "weights", row => ResultCell.Of(row.Weights), drop: 1)
            .Words("KV", "kv", row => ResultCell.Of(row.Kv), drop: 1)
            .Number("Batch", null, "batch", row => ResultCell.Of(row.Batch), drop: 2)
            .Number("Context", null, "contextTokens", row => ResultCell.Of(row.ContextTokens), drop: 2)
            .Words("Operation", "operation", row => ResultCell.Of(row.Operation))
            .Number("Plan", "B", "planReadBytes", row => ResultCell.Of(row.PlanReadBytes))
            .Number("Read", "B", "readBytes", row => ResultCell.Of(row.ReadBytes))
            .Number("Difference", "%", "difference", row => ResultCell.Of(row.Difference, Difference))
            .Number("Useful", "%", "usefulSectorShare", row => ResultCell.Of(row.UsefulSectorShare, Quantity.Percent))
            .Number("16-byte", "%", "share16ByteLoads", row => ResultCell.Of(row.Share16ByteLoads, Quantity.Percent))
            .Words(
                "Verdict",
                "passed",
                row => row.Passed ? ResultCell.Of("ok", "true") : ResultCell.Of("FAIL", "false")
            )
            .MachineNumber("paddingBytes", row => ResultCell.Of(row.PaddingBytes))
            .MachineNumber("savedBytes", row => ResultCell.Of(row.SavedBytes))
            .MachineNumber("planOtherReadBytes", row => ResultCell.Of(row.PlanOtherReadBytes))
            .MachineNumber("otherReadBytes", row => ResultCell.Of(row.OtherReadBytes))
            .MachineNumber("planWriteBytes", row => ResultCell.Of(row.PlanWriteBytes))
            .MachineNumber("writeBytes", row => ResultCell.Of(row.WriteBytes))
            .MachineNumber("scratchBytes", row => ResultCell.Of(row.ScratchBytes))
            .MachineNumber("localAccesses", row => ResultCell.Of(row.LocalAccesses))
            .MachineNumber("sharedBankConflicts", row => ResultCell.Of(row.SharedBankConflicts))
            .MachineNumber("threadInstructions", row => ResultCell.Of(row.ThreadInstructions))
            .Machine("failure", row => ResultCell.Of(row.Failure ?? ""))
            .Build($"Weights and KV read by {device} beside the plan: {model}", rows, Captions(tolerance, rows));
    }

    private static List<string> Captions(double tolerance, IReadOnlyList<TrafficRow> rows)
    {
        TrafficRow[] failed = [.. rows.Where(row => !row.Passed)];
        List<string> captions =
        [
            failed.Length == 0
                ? "Every operation reads the bytes of its plan."
                : $"{failed.Length} of {rows.Count} rows differ from the plan.",
            .. failed.Select(row => $"{row.Weights}, {row.Kv} KV: {row.Failure}."),
            $"Distinct bytes of weights and KV, each counted once; they may differ by {Quantity.RoundPercent(tolerance)}, and by what the layout adds at the ends of rows, matrices and spans, where loads of 16 bytes meet them, or saves of int4's zero points.",
            "Useful: bytes that threads asked for, of the 32-byte sectors that loads of weights, scales and KV touch. 16-byte: codes and KV in loads of 16 bytes a thread.",
        ];
        if (rows.Any(row => row.LocalAccesses > 0))
        {
            captions.Add(
                $"Local memory, which kernels should not need, is used {rows.Max(row => row.LocalAccesses).ToString("N0", CultureInfo.InvariantCulture)} times."
            );
        }

        return captions;
    }

    private static string Difference(double share) =>
        (share * 100).ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture);
}
