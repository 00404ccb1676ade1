using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Measurement.Tests.Comparison;

public class OperationComparerTests
{
    private static readonly ComparisonOptions s_plain = new();

    [Fact]
    public void OneExecutionIsComparedWhateverTheNumberOfLayers()
    {
        // 32 layers in 4 ms beside 8 layers of a step that takes 8 ms: twice the time a layer.
        PointRecord whole = RecordBuilder.Point(seconds: 0.004);
        PointRecord part = RecordBuilder.Extrapolated(RecordBuilder.Point(seconds: 0.008));
        IReadOnlyList<OperationComparison> operations = Compare(whole, part);
        Assert.Equal(["gate_up_proj", "attention", "rope"], operations.Select(one => one.Conditions.Operation));
        Assert.All(operations, one => Assert.Equal(2, one.Ratio, 9));
        Assert.Equal(0.6 * 0.004 / 32, operations[0].BaselineSeconds, 12);
        Assert.Equal(14e9 * 0.75 / 32, operations[0].CompulsoryBytes, 0);
    }

    [Theory]
    [InlineData("int4", "fp16", 8192, "attention rope")]
    [InlineData("bf16", "int8", 8192, "gate_up_proj rope")]
    [InlineData("bf16", "fp16", 4096, "gate_up_proj rope")]
    public void OperationsAreMatchedByWhatTheirTimeDependsOn(string weights, string kv, int context, string left)
    {
        IReadOnlyList<OperationComparison> operations = Compare(
            RecordBuilder.Point(),
            RecordBuilder.Point(weights, kv, context: context)
        );
        Assert.Equal(left.Split(' '), operations.Select(one => one.Conditions.Operation));
    }

    [Fact]
    public void ABatchAndHardwareHaveNoCounterpartInOthers()
    {
        Assert.Empty(Compare(RecordBuilder.Point(), RecordBuilder.Point(batch: 4)));
        var cpu = new ComparisonSide("b", [new ComparisonRun("b", RecordBuilder.Cpu(RecordBuilder.Point()))]);
        ComparisonSide gpu = ComparedRuns.Side("a", RecordBuilder.Point());
        OperationComparisonResult apart = OperationComparer.Compare(gpu, [cpu], s_plain);
        Assert.Empty(apart.Operations);
        Assert.Equal(["a", "a", "a", "b", "b", "b"], apart.WithoutCounterpart.Select(one => one.Side));
        Assert.NotEmpty(OperationComparer.Compare(gpu, [cpu], s_plain with { Across = true }).Operations);
    }

    [Fact]
    public void PointsOfSingleOperationsTakePartAndThoseThatAreWrongDoNot()
    {
        PointRecord point = RecordBuilder.Point();
        Assert.Equal(3, Compare(point, RecordBuilder.Invalid(point, "operationsOnly")).Count);
        Assert.Empty(Compare(point, RecordBuilder.Invalid(point, "operationsOnly", "throttled")));
        Assert.Empty(Compare(RecordBuilder.Invalid(point, "interrupted"), point));
    }

    [Fact]
    public void WhatHasNoCounterpartOrNoTimeIsListedAndNeverDropped()
    {
        PointRecord point = RecordBuilder.Point();
        PointRecord other = point with
        {
            Operations =
            [
                .. point.Operations.Select(one => one.Name == "attention" ? one with { Seconds = null } : one),
                point.Operations[0] with
                {
                    Name = "lm_head",
                },
            ],
            RecordedWarnings = ["drifting"],
        };
        OperationComparisonResult result = OperationComparer.Compare(
            ComparedRuns.Side("a", point),
            [ComparedRuns.Side("b", other)],
            s_plain
        );
        Assert.Equal(["gate_up_proj", "rope"], result.Operations.Select(one => one.Conditions.Operation));
        Assert.Equal(
            [("a", "attention"), ("b", "lm_head")],
            result.WithoutCounterpart.Select(one => (one.Side, one.Conditions.Operation))
        );
        Assert.Equal(("b", "attention"), (result.Untimed[0].Side, Assert.Single(result.Untimed).Conditions.Operation));
        Assert.All(result.Operations, one => Assert.Equal(["drifting"], one.Warnings));
        Assert.All(result.Operations, one => Assert.Empty(one.BaselineWarnings));
    }

    private static IReadOnlyList<OperationComparison> Compare(PointRecord baseline, PointRecord against) =>
        OperationComparer
            .Compare(ComparedRuns.Side("a", baseline), [ComparedRuns.Side("b", against)], s_plain)
            .Operations;
}
