using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>An operation's time from those of its executions, some of which the clock may not have seen.</summary>
public sealed class OperationTimeTests
{
    [Fact]
    public void AllExecutionsSeenAreSummed()
    {
        OperationTime time = Of([10, 10, 10], [1, 2, 3]);
        Assert.Equal(6, time.Seconds);
        Assert.Null(time.Provenance);
    }

    [Fact]
    public void AnUnseenExecutionTakesTheMeanOfThoseOfTheSameWork()
    {
        // The two of 10 bytes took 1 and 3, so the third takes 2; the one of 50 bytes says nothing of it.
        OperationTime time = Of([10, 10, 10, 50], [1, 3, null, 9]);
        Assert.Equal(1 + 3 + 2 + 9, time.Seconds!.Value, 12);
        Assert.Equal(Provenance.Extrapolated, time.Provenance!.Kind);
        Assert.Equal("the clock saw time pass in 3 of 4 executions", time.Provenance.Detail);
    }

    [Fact]
    public void HalfOfThemSeenAreEnoughAndFewerAreNot()
    {
        Assert.Equal(4, Of([10, 10], [2, null]).Seconds);
        OperationTime time = Of([10, 10, 10], [2, null, null]);
        Assert.Null(time.Seconds);
        Assert.Equal(OperationRecord.TimesUncertain, time.Provenance!.Reason);
    }

    [Fact]
    public void AnUnseenExecutionOfWorkOfItsOwnMakesTheTimeUnknown() =>
        Assert.Null(Of([10, 10, 50], [1, 1, null]).Seconds);

    private static OperationTime Of(long[] bytes, double?[] seconds) =>
        OperationTime.Of(
            [
                .. bytes.Select(
                    (count, index) =>
                        new PlanOperation
                        {
                            Index = index,
                            Name = "down_proj",
                            Kind = OperationKind.Linear,
                            Input = StepBuffer.Hidden,
                            Output = StepBuffer.Hidden,
                            OutputWidth = 1,
                            WeightReadBytes = count,
                        }
                ),
            ],
            operation => seconds[operation.Index]
        );
}
