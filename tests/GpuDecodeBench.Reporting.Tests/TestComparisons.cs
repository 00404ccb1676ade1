using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>The comparison and the history that the golden files show.</summary>
internal static class TestComparisons
{
    /// <summary>A difference of either kind, one that the ceiling explains, and one that is none; hostile names.</summary>
    public static IReadOnlyList<ComparisonRow> Rows { get; } =
    [
        Row("bf16", 1, 0.0044, new(1.1, 1.09, 1.11), new(1.1, 1.09, 1.11), "slower"),
        Row("fp8", 1, 0.0036, new(0.9, 0.89, 0.91), null, "faster", "noCeiling|no read ceiling to hold both against"),
        Row(
            "bf16",
            8,
            0.00444,
            new(1.11, 1.1, 1.12),
            new(0.999, 0.99, 1.008),
            "noDifferenceShown",
            "ceilingExplains|the time differs, its share of the read ceiling does not"
        ) with
        {
            CeilingRatio = 0.9,
            BaselineWarnings = ["ceilingMoved"],
            Warnings = ["ceilingMoved", "drifting"],
        },
        Row(
            "fp8",
            8,
            0.004,
            null,
            null,
            "notComparable",
            "otherHardware|other hardware (NVIDIA H200; " + TestRuns.Hostile + ")"
        ),
    ];

    public static IReadOnlyList<HistoryRow> History { get; } =
    [
        new()
        {
            Hardware = "NVIDIA H200 (cuda)",
            Model = "llama-3.1-8b",
            Weights = "bf16",
            Kv = "fp16",
            Batch = 1,
            Context = 8192,
            LayersMeasured = 32,
            LayersTotal = 32,
            StartedUtc = Days(8),
            StepSeconds = [0.004, 0.00401, 0.00399, 0.004, 0.0048, 0.00481, 0.00479, 0.0048],
            InvalidRuns = 0,
            Days = 7,
            Trend = new(1.21, 1.05, 1.3),
            Jumps = ["Jump at 2026-02-04 12:00 (runs/4/run.json): +20.0 % of the step's time."],
            Finding = "jump",
        },
        new()
        {
            Hardware = "NVIDIA H200 (cuda)",
            Model = "llama-3.1-8b",
            Weights = "fp8",
            Kv = "fp16",
            Batch = 1,
            Context = 8192,
            LayersMeasured = 32,
            LayersTotal = 32,
            StartedUtc = Days(2),
            StepSeconds = [0.0025, 0.00251],
            InvalidRuns = 1,
            Days = 1,
            Trend = new(1.004, null, null),
            Jumps = [],
            Finding = "tooFewRuns",
        },
    ];

    public static ResultTable Table()
    {
        RunRecord record = RecordBuilder.Gpu(RecordBuilder.Point());
        return ComparisonTable.From(
            "Comparison with before/run.json",
            Rows,
            ComparisonCaptions.Of(
                [
                    new("before/run.json", [record]),
                    new(
                        "after",
                        [
                            record,
                            record with
                            {
                                StartedUtc = record.StartedUtc.AddDays(1),
                                Tool = record.Tool with { Commit = "0123456789abcdef" },
                            },
                        ]
                    ),
                ],
                Rows,
                [.. Enumerable.Range(1, 5).Select(i => ("after", $"llama-3.1-8b, int{i} weights"))]
            )
        );
    }

    private static ComparisonRow Row(
        string weights,
        int batch,
        double seconds,
        RatioText? step,
        RatioText? equal,
        string verdict,
        string? reason = null
    ) =>
        new()
        {
            Against = "after",
            Model = "llama-3.1-8b",
            Weights = weights,
            LmHead = "bf16",
            Kv = "fp16",
            KvBlockTokens = 16,
            Batch = batch,
            Context = 8192,
            TensorParallel = 1,
            LayersMeasured = 32,
            LayersTotal = 32,
            BaselineStepSeconds = 0.004,
            StepSeconds = seconds,
            BaselineTokensPerSecond = batch / 0.004,
            TokensPerSecond = batch / seconds,
            BaselineRuns = 1,
            Runs = 1,
            BaselineEffectiveSamples = 30,
            EffectiveSamples = 28,
            Step = step,
            CeilingRatio = equal is null ? null : 1,
            AtEqualCeiling = equal,
            Verdict = verdict,
            ReasonCodes = reason is null ? [] : [reason.Split('|', 2)[0]],
            Reasons = reason is null ? [] : [reason.Split('|', 2)[1]],
        };

    private static DateTimeOffset[] Days(int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i => new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero).AddDays(i)),
        ];
}
