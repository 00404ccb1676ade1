namespace GpuDecodeBench.Reporting.Tables;

/// <summary>A device's results against the double-precision reference, operation by operation.</summary>
public static class VerificationTable
{
    /// <summary>The table.</summary>
    /// <param name="model">The model.</param>
    /// <param name="device">The device.</param>
    /// <param name="seed">The seed of all data.</param>
    /// <param name="rows">What was compared.</param>
    public static ResultTable From(string model, string device, ulong seed, IReadOnlyList<VerificationRow> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        return new TableSchema<VerificationRow>()
            .Words("Weights", "weights", row => ResultCell.Of(row.Weights))
            .Words("KV", "kv", row => ResultCell.Of(row.Kv))
            .Number("Batch", null, "batch", row => ResultCell.Of(row.Batch), drop: 2)
            .Number("Context", null, "contextTokens", row => ResultCell.Of(row.ContextTokens), drop: 2)
            .Words("Operation", "operation", row => ResultCell.Of(row.Operation))
            .Number("Elements", null, "elements", row => ResultCell.Of(row.Elements), drop: 1)
            .Number("Worst error", null, "worstRelativeError", row => Error(row.WorstRelativeError))
            .Number("Bound", null, "bound", row => Error(row.Bound))
            .Words(
                "Verdict",
                "passed",
                row => row.Passed ? ResultCell.Of("ok", "true") : ResultCell.Of("FAIL", "false")
            )
            .Machine("failure", row => ResultCell.Of(row.Failure ?? ""))
            .Build($"Results of {device} against the reference: {model}", rows, Captions(seed, rows));
    }

    private static List<string> Captions(ulong seed, IReadOnlyList<VerificationRow> rows)
    {
        VerificationRow[] failed = [.. rows.Where(row => !row.Passed)];
        return
        [
            failed.Length == 0
                ? $"All {rows.Count} comparisons hold."
                : $"{failed.Length} of {rows.Count} comparisons do not hold.",
            .. failed.Select(row => $"{row.Weights}, {row.Kv} KV: {row.Failure}."),
            "Errors are relative to the root mean square of the expected output; KV codes and next tokens must be equal.",
            $"Seed: {seed}.",
        ];
    }

    private static ResultCell Error(double value) =>
        ResultCell.Of(
            value,
            error => error == 0 ? "0" : error.ToString("0.0e+0", System.Globalization.CultureInfo.InvariantCulture)
        );
}
