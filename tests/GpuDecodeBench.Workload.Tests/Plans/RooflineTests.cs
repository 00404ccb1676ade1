using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

public class RooflineTests
{
    // 1 kB/s and 2 kFLOP/s: the ridge lies at two FLOPs a byte.
    private static readonly RooflineCeilings s_ceilings = new(1_000, 2_000);

    [Theory]
    [InlineData(500, 500, 0.5, 0.5, 0.25, "memory")]
    [InlineData(500, 3_000, 1.5, 0.5, 1.5, "compute")]
    [InlineData(500, 1_000, 0.5, 0.5, 0.5, "memory")] // on the ridge
    [InlineData(0, 0, 0, 0, 0, "memory")]
    public void AnOperationTakesTheLargerOfItsTwoTimes(
        long bytes,
        long flops,
        double seconds,
        double memory,
        double compute,
        string bound
    )
    {
        RooflineTime time = Roofline.Of(bytes, flops, s_ceilings);
        Assert.Equal(new RooflineTime(seconds, memory, compute), time);
        Assert.Equal(bound, time.Bound);
    }

    [Fact]
    public void WithoutAComputeCeilingOnlyMemoryBounds()
    {
        RooflineTime time = Roofline.Of(500, long.MaxValue, new RooflineCeilings(1_000, null));
        Assert.Equal(new RooflineTime(0.5, 0.5, null), time);
        Assert.Equal("memory", time.Bound);
    }

    [Fact]
    public void OnlyBytesThatNoCacheHoldsCount()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("llama-3.1-8b", PlanExamples.Formats(), 1, 2048);
        PlanOperation residual = plan.Operations.First(operation => operation.Kind == OperationKind.Residual);
        Assert.Equal(0, Roofline.Of(residual, new RooflineCeilings(1, null)).Seconds);

        // 2048 tokens of 4096 bytes, at 8 MiB/s.
        PlanOperation attention = plan.Operations.First(operation => operation.Kind == OperationKind.Attention);
        Assert.Equal(1, Roofline.Of(attention, new RooflineCeilings(8 << 20, null)).Seconds);
    }

    [Fact]
    public void AStepTakesTheSumOfItsOperations()
    {
        // Bandwidth so high that every operation is bound by arithmetic, then so low that every one with bytes is by memory.
        DecodeStepPlan plan = PlanExamples.Uniform("tiny", PlanExamples.Formats(), 1, 16);
        RooflineTime compute = Roofline.Of(plan, new RooflineCeilings(1e30, 1_000));
        Assert.Equal(plan.Totals.Flops / 1_000.0, compute.Seconds, 1e-9);
        RooflineTime memory = Roofline.Of(plan, new RooflineCeilings(1_000, null));
        Assert.Equal(plan.Totals.CompulsoryReadBytes / 1_000.0, memory.Seconds, 1e-9);

        // Between the two the sum of the larger times exceeds either sum.
        RooflineTime mixed = Roofline.Of(plan, new RooflineCeilings(1_000, 1_000));
        Assert.True(mixed.Seconds > Math.Max(mixed.MemorySeconds, mixed.ComputeSeconds!.Value));
        Assert.Equal(
            plan.Operations.Sum(operation =>
                Math.Max(operation.WeightReadBytes + operation.KvReadBytes, operation.Flops) / 1_000.0
            ),
            mixed.Seconds,
            1e-9
        );
    }

    [Fact]
    public void Llama31_8bInBf16On3350GigabytesPerSecondTakesAtLeast4500Microseconds()
    {
        // H100 SXM's 3.35 TB/s: 15.01 GB of weights and 0.27 GB of cache take 4.56 ms.
        DecodeStepPlan plan = PlanExamples.Uniform("llama-3.1-8b", PlanExamples.Formats(), 1, 2048);
        Assert.Equal(0.00456, Roofline.Of(plan, new RooflineCeilings(3.35e12, 9.89e14)).Seconds, 1e-5);
    }
}
