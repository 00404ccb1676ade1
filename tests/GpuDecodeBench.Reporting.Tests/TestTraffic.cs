namespace GpuDecodeBench.Reporting.Tests;

/// <summary>Counts of a step, with a matrix of which too much is read.</summary>
internal static class TestTraffic
{
    public static IReadOnlyList<TrafficRow> Rows(int tooMany) =>
        [
            Row("attn_norm", 512, 512),
            Row("qkv_proj", 1_000_000, 1_000_960 + tooMany, padding: 960, useful: 0.998, wide: 1) with
            {
                LocalAccesses = tooMany,
                Failure = tooMany == 0 ? null : "qkv_proj read more than the plan has",
            },
            Row("kv_append", 0, 0, useful: null, wide: null),
            Row("attention", 65_544, 66_568, padding: 1024, useful: 0.9512, wide: 0.94),
            Row("whole step", 1_066_056, 1_068_040 + tooMany, padding: 1984, useful: 0.995, wide: 0.996) with
            {
                Failure = tooMany == 0 ? null : "whole step read more than the plan has",
            },
        ];

    private static TrafficRow Row(
        string name,
        long planned,
        long read,
        long padding = 0,
        double? useful = null,
        double? wide = null
    ) =>
        new()
        {
            Weights = "int4",
            Kv = "fp8",
            Batch = 2,
            ContextTokens = 1024,
            Operation = name,
            PlanReadBytes = planned,
            ReadBytes = read,
            PaddingBytes = padding,
            UsefulSectorShare = useful,
            Share16ByteLoads = wide,
            PlanOtherReadBytes = 8192,
            OtherReadBytes = 8196,
            PlanWriteBytes = 4096,
            WriteBytes = 4096,
            ScratchBytes = 64,
            SharedBankConflicts = 12,
            ThreadInstructions = 1_234_567,
        };
}
