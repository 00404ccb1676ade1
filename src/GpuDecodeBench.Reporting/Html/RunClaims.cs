using GpuDecodeBench.Economics.Claims;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>
/// The few published figures of which a run shows the same quantity: ratios of formats, intensities, idle arithmetic. Prices, other
/// devices' rates and whole-model sizes are not among them: a run says nothing of those.
/// </summary>
internal static class RunClaims
{
    private const int SingleSequence = 1;

    /// <summary>The comparisons that a run allows.</summary>
    public static IReadOnlyList<RunClaim> Of(ReportRun run) =>
        [
            .. new[]
            {
                Intensity(run),
                AttentionIntensity(run),
                Idle(run),
                Bytes(run, "time-bomb.fp8-traffic", "fp8"),
                Bytes(run, "ainews.int4-traffic", "int4"),
                Speed(run, "ainews.int4-triples", "int4"),
                IsHopper(run) ? Speed(run, "bill.fp8-doubles", "fp8") : null,
            }.OfType<RunClaim>(),
        ];

    /// <summary>The claim on FP8 names the architecture.</summary>
    private static bool IsHopper(ReportRun run) =>
        run.Record.Device.Specification?.Name is string name
        && (name.StartsWith("H100", StringComparison.Ordinal) || name.StartsWith("H200", StringComparison.Ordinal));

    private static RunClaim? Intensity(ReportRun run)
    {
        PointRecord? point = run.Valid.FirstOrDefault(one => one.Batch == SingleSequence && IsSixteenBit(one));
        return point is null
            ? null
            : Compare(
                "bill.intensity-batch-1",
                (double)point.Flops / (point.WeightReadBytes + point.KvReadBytes),
                $"FLOPs over bytes of weights and KV of the step, {PointText.Name(point)} (derived from the plan)"
            );
    }

    private static RunClaim? AttentionIntensity(ReportRun run)
    {
        PointRecord? point = run.Valid.MaxBy(one => one.Batch);
        OperationRecord? attention = point?.Operations.FirstOrDefault(one =>
            one.KvReadBytes > 0 && one.WeightReadBytes == 0 && one.Flops > 0
        );
        return attention is null
            ? null
            : Compare(
                "bill.attention-intensity",
                (double)attention.Flops / attention.KvReadBytes,
                $"FLOPs over bytes of KV of {attention.Name}, {PointText.Name(point!)} (derived from the plan; query heads that share keys and values raise it)"
            );
    }

    private static RunClaim? Idle(ReportRun run)
    {
        PointRecord? point = run.Valid.FirstOrDefault(one => one.Batch == SingleSequence && IsSixteenBit(one));
        double? peak = run.Record.Device.Specification?.Bf16FlopsPerSecond;
        return point is null || peak is not > 0
            ? null
            : Compare(
                "time-bomb.idle",
                (1 - (point.Flops / point.StepSeconds.Median / peak.Value)) * 100,
                $"what the step leaves of the datasheet's BF16 rate, {PointText.Name(point)} (derived from its median)"
            );
    }

    /// <summary>The matrices that are stored in the format: the LM head and norms often are not.</summary>
    private static RunClaim? Bytes(ReportRun run, string id, string weights)
    {
        if (Pair(run, weights) is not (PointRecord quantised, PointRecord sixteen))
        {
            return null;
        }

        (long Sixteen, long Quantised)[] matrices =
        [
            .. sixteen
                .Operations.Join(
                    quantised.Operations,
                    one => one.Name,
                    other => other.Name,
                    (one, other) => (one.WeightReadBytes, other.WeightReadBytes)
                )
                .Where(pair => pair.Item1 != pair.Item2 && pair.Item2 > 0),
        ];
        return matrices.Length == 0
            ? null
            : Compare(
                id,
                (double)matrices.Sum(pair => pair.Sixteen) / matrices.Sum(pair => pair.Quantised),
                $"bytes of the matrices that are stored in the format, {sixteen.Weights} over {quantised.Weights}, {PointText.Name(quantised)} (derived from the plan)"
            );
    }

    private static RunClaim? Speed(ReportRun run, string id, string weights) =>
        Pair(run, weights) is (PointRecord quantised, PointRecord sixteen)
            ? Compare(
                id,
                quantised.TokensPerSecond / sixteen.TokensPerSecond,
                $"tokens per second, {quantised.Weights} over {sixteen.Weights}, {PointText.Name(quantised)} ({HtmlParts.Origin(quantised, "tokensPerSecond")})"
            )
            : null;

    private static (PointRecord Quantised, PointRecord Sixteen)? Pair(ReportRun run, string weights)
    {
        foreach (PointRecord point in run.Valid.Where(one => one.Weights == weights).OrderBy(one => one.Batch))
        {
            PointRecord? sixteen = run.Valid.FirstOrDefault(other =>
                IsSixteenBit(other)
                && (other.Kv, other.Batch, other.Context, other.TensorParallel)
                    == (point.Kv, point.Batch, point.Context, point.TensorParallel)
            );
            if (sixteen is not null && point.WeightReadBytes > 0)
            {
                return (point, sixteen);
            }
        }

        return null;
    }

    private static RunClaim? Compare(string id, double own, string how)
    {
        Claim? claim = ClaimCatalogue.All.Find(id);
        string unit = claim?.Unit == "1" ? "" : $" {claim?.Unit}";
        return claim is null || !double.IsFinite(own)
            ? null
            : new RunClaim(
                id,
                claim.Statement,
                claim.GivenText,
                Quantity.Digits(own) + unit,
                Accepted(claim),
                claim.Agrees(own),
                how
            );
    }

    private static string Accepted(Claim claim) =>
        claim.Computed switch
        {
            ClaimComparison.AtLeast => $"{Quantity.Digits(claim.AcceptedLow)} and more",
            ClaimComparison.AtMost => $"{Quantity.Digits(claim.AcceptedHigh)} and less",
            _ => $"{Quantity.Digits(claim.AcceptedLow)} to {Quantity.Digits(claim.AcceptedHigh)}",
        };

    private static bool IsSixteenBit(PointRecord point) => point.Weights is "bf16" or "fp16";
}
