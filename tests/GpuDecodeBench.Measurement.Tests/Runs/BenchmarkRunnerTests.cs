using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Tests.Runs;

public sealed class BenchmarkRunnerTests
{
    [Fact]
    public void ASteadyPointConvergesAndItsFiguresFollowFromItsSamples()
    {
        using var device = new ScriptedDevice { OperationSeconds = _ => 0.05 / 52 };
        RunOutcome outcome = RunRequests.Run(device, RunRequests.Create(RunRequests.Point(batch: 2)));
        PointRecord point = Assert.Single(outcome.Record.Points);
        DecodeStepPlan plan = RunRequests.Point(batch: 2).Plan(RunRequests.Model, device.Activations, null);

        Assert.True(point.Valid);
        Assert.Equal("converged", point.StepSeconds.StopReason);
        Assert.Equal(0.05, point.StepSeconds.Median, 12);
        Assert.Equal(point.StepSeconds.Count, point.SamplesSeconds.Count);
        Assert.Equal(2 / 0.05, point.TokensPerSecond, 9);
        Assert.Equal(1 / 0.05, point.TokensPerSecondPerUser, 9);
        Assert.Equal(plan.Totals.ReadBytes, point.ReadBytes);
        Assert.Equal((point.WeightReadBytes + point.KvReadBytes) / 0.05, point.AchievedBytesPerSecond, 6);
        Assert.Equal(point.AchievedBytesPerSecond / 1e9, point.MbuOfCeiling!.Value, 12);
        Assert.Equal(4, point.LayersMeasured);
        Assert.Equal(point.StepSeconds.Median, point.FullStepSeconds);
        Assert.Equal(Provenance.Measured, point.Provenance["fullStepSeconds"].Kind);
        Assert.Equal(plan.Operations.Length, point.Operations.Sum(operation => operation.Count));
        Assert.Equal(point.ReadBytes, point.Operations.Sum(operation => operation.ReadBytes));
        Assert.Equal(1500, point.Memory.AllocatedBytes);
    }

    [Fact]
    public void SlowStepsAreInTheRateThoughNotInTheMedian()
    {
        // Every fourth step takes five times as long: a clock on the wall sees two seconds for every one that the median promises.
        using var device = new ScriptedDevice { StepSeconds = (_, run) => run % 4 == 0 ? 0.25 : 0.05 };
        PointRecord point = RunRequests
            .Run(device, RunRequests.Create(RunRequests.Point(batch: 2)))
            .Record.Points.Single();

        Assert.Equal(0.05, point.StepSeconds.Median, 12);
        double delivered = 2 * point.SamplesSeconds.Count / point.SamplesSeconds.Sum();
        Assert.Equal(delivered, point.TokensPerSecond, 9);
        Assert.Equal(delivered / 2, point.TokensPerSecondPerUser, 9);
        Assert.True(point.TokensPerSecond < 2 / 0.09);
        Assert.Contains(PointCodes.MeanAboveMedian, point.Warnings);
    }

    [Fact]
    public void AnExtrapolatedRateIsOverTheMeanStepToo()
    {
        double OfOperation(PlanOperation operation) => operation.Layer is null ? 0.005 / 4 : 0.010 / 12;
        using var device = new ScriptedDevice
        {
            StepSeconds = (_, run) => run % 4 == 0 ? 0.125 : 0.025,
            OperationSeconds = OfOperation,
        };
        PointRecord point = RunRequests
            .Run(device, RunRequests.Create(RunRequests.Point()) with { Layers = 2 })
            .Record.Points.Single();

        Assert.Equal(0.005 + (2 * (0.025 - 0.005)), point.FullStepSeconds, 12);
        Assert.Equal(0.045 * (point.SamplesSeconds.Average() / 0.025), 1 / point.TokensPerSecond, 9);
    }

    [Fact]
    public void EveryRecordThatTheRunnerMakesIsAcceptedByTheReader()
    {
        using var device = new ScriptedDevice();
        var observer = new RecordingObserver();
        RunRequests.Run(
            device,
            RunRequests.Create(RunRequests.Point(), RunRequests.Point(WeightFormat.Int4)) with
            {
                Layers = 2,
            },
            observer
        );
        Assert.NotEmpty(observer.Records);
        foreach (RunRecord record in observer.Records)
        {
            RunRecord read = RunRecordStore.Parse(RunRecordStore.Serialize(record, "test"), "test");
            Assert.Equal(record.Points.Count, read.Points.Count);
        }
    }

    [Fact]
    public void PointsAreCheckedBeforeTheyAreTimedAndSampledInTurns()
    {
        using var device = new ScriptedDevice();
        RunRequests.Run(device, RunRequests.Create(RunRequests.Point(), RunRequests.Point(WeightFormat.Int4)));

        foreach (string point in (string[])["bf16 b1", "int4 b1"])
        {
            int check = device.Log.IndexOf($"check {point}");
            int firstStep = device.Log.IndexOf($"step {point}");
            Assert.True(check >= 0 && check < firstStep, $"a step of {point} ran before the point was checked");
        }

        string[] steps = [.. device.Log.Where(entry => entry.StartsWith("step", StringComparison.Ordinal))];
        int changes = steps.Zip(steps.Skip(1)).Count(pair => pair.First != pair.Second);
        Assert.True(changes >= 3, $"the two points took turns only {changes} times: they were not interleaved");
        int longestRun = LongestRun(steps);
        Assert.True(longestRun <= 12, $"one point took {longestRun} steps without a break");
    }

    [Fact]
    public void APointWhoseResultsAreWrongIsNotTimed()
    {
        using var device = new ScriptedDevice
        {
            Corrupt = (operation, values) =>
            {
                if (operation.Name == "down_proj" && operation.Layer == 2)
                {
                    values[0] += 1;
                }

                return values;
            },
        };
        var observer = new RecordingObserver();
        RunOutcome outcome = RunRequests.Run(device, RunRequests.Create(RunRequests.Point()), observer);
        Assert.Empty(outcome.Record.Points);
        string failure = Assert.Single(outcome.FailedChecks);
        Assert.Contains("down_proj of layer 2", failure, StringComparison.Ordinal);
        Assert.DoesNotContain(device.Log, entry => entry.StartsWith("step", StringComparison.Ordinal));
        Assert.Contains(outcome.Record.Notes, note => note.Contains("down_proj", StringComparison.Ordinal));
    }

    [Fact]
    public void FewerLayersAreExtrapolatedByThoseMeasuredAndSaySo()
    {
        // Each layer takes 10 ms, what lies outside the layers 5 ms in all.
        double OfOperation(PlanOperation operation) => operation.Layer is null ? 0.005 / 4 : 0.010 / 12;
        using var device = new ScriptedDevice
        {
            StepSeconds = (plan, _) => plan.Operations.Sum(OfOperation),
            OperationSeconds = OfOperation,
        };
        PointRecord point = RunRequests
            .Run(device, RunRequests.Create(RunRequests.Point()) with { Layers = 2 })
            .Record.Points.Single();
        DecodeStepPlan plan = RunRequests.Point().Plan(RunRequests.Model, device.Activations, 2);
        double measured = plan.Operations.Sum(OfOperation);
        double outside = 0.005;
        Assert.Equal(2, point.LayersMeasured);
        Assert.Equal(4, point.LayersTotal);
        Assert.Equal(measured, point.StepSeconds.Median, 12);
        Assert.Equal(outside + (2 * (measured - outside)), point.FullStepSeconds, 12);
        Assert.Equal(Provenance.Extrapolated, point.Provenance["fullStepSeconds"].Kind);
        Assert.Equal(Provenance.Extrapolated, point.Provenance["tokensPerSecond"].Kind);
        Assert.Equal(1 / point.FullStepSeconds, point.TokensPerSecond, 9);
    }

    [Fact]
    public void AnInterruptedRunKeepsWhatItHasMarkedSo()
    {
        using var cancellation = new CancellationTokenSource();
        using var device = new ScriptedDevice
        {
            BeforeStep = step =>
            {
                if (step == 30)
                {
                    cancellation.Cancel();
                }
            },
            // The first point converges, the second never does.
            StepSeconds = (plan, run) =>
                plan.Conditions.Formats.Weights == WeightFormat.Bf16 ? 0.05 : 0.05 + (run % 2 * 0.05),
        };
        var observer = new RecordingObserver();
        RunOutcome outcome = RunRequests.Run(
            device,
            RunRequests.Create(RunRequests.Point(), RunRequests.Point(WeightFormat.Int4)),
            observer,
            cancellation.Token
        );
        Assert.True(outcome.Interrupted);
        PointRecord finished = outcome.Record.Points.Single(point => point.Weights == "bf16");
        PointRecord unfinished = outcome.Record.Points.Single(point => point.Weights == "int4");
        Assert.True(finished.Valid);
        Assert.False(unfinished.Valid);
        Assert.Contains(PointCodes.Interrupted, unfinished.InvalidReasons);
        Assert.Equal("interrupted", unfinished.StepSeconds.StopReason);
        Assert.Equal(outcome.Record.Points.Count, observer.Records[^1].Points.Count);
        Assert.Equal(0, device.OpenSessions);
        Assert.Equal(0, device.OpenModels);
    }

    [Fact]
    public void ARunInterruptedBeforeTheFirstSampleStillHasAValidRecord()
    {
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        using var device = new ScriptedDevice();
        RunOutcome outcome = RunRequests.Run(
            device,
            RunRequests.Create(RunRequests.Point()),
            cancellation: cancellation.Token
        );
        Assert.True(outcome.Interrupted);
        Assert.Empty(outcome.Record.Points);
        RunRecordStore.Parse(RunRecordStore.Serialize(outcome.Record, "test"), "test");
    }

    [Fact]
    public void TheTimeLimitIsSharedByThePoints()
    {
        using var device = new ScriptedDevice { StepSeconds = (_, run) => 0.05 + (run % 2 * 0.05) };
        RunOutcome outcome = RunRequests.Run(
            device,
            RunRequests.Create(RunRequests.Point(), RunRequests.Point(WeightFormat.Int4)) with
            {
                MaxSeconds = 3,
            }
        );
        Assert.All(outcome.Record.Points, point => Assert.Equal("timeLimit", point.StepSeconds.StopReason));
        Assert.All(outcome.Record.Points, point => Assert.Contains(PointCodes.NotConverged, point.Warnings));
        Assert.All(outcome.Record.Points, point => Assert.InRange(point.SamplesSeconds.Sum(), 1.5, 1.65));
    }

    [Fact]
    public void OperationsThatDoNotAddUpToTheStepAreWarnedOf()
    {
        using var even = new ScriptedDevice { OperationSeconds = _ => 0.05 / 52 };
        PointRecord good = RunRequests.Run(even, RunRequests.Create(RunRequests.Point())).Record.Points[0];
        Assert.Equal(1, good.OperationsSecondsOverStep!.Value, 6);
        Assert.DoesNotContain(PointCodes.OperationsDoNotAddUp, good.Warnings);

        using var uneven = new ScriptedDevice { OperationSeconds = _ => 0.06 / 52 };
        PointRecord bad = RunRequests.Run(uneven, RunRequests.Create(RunRequests.Point())).Record.Points[0];
        Assert.Equal(1.2, bad.OperationsSecondsOverStep!.Value, 6);
        Assert.Contains(PointCodes.OperationsDoNotAddUp, bad.Warnings);
    }

    [Fact]
    public void AnOperationThatTookNoTimeIsSaidToBeUnknownAndNeverMeasured()
    {
        int calls = 0;
        using var device = new ScriptedDevice
        {
            // The median of as many zeros as ticks is no time either.
            OperationSeconds = operation =>
                operation.Name switch
                {
                    "lm_head" => 0,
                    "argmax" => calls++ % 2 == 0 ? 0 : 1e-7,
                    // A thousand million times as fast as the read ceiling.
                    "down_proj" => 1e-15,
                    _ => 0.05 / 52,
                },
        };
        PointRecord point = RunRequests.Run(device, RunRequests.Create(RunRequests.Point())).Record.Points[0];
        Assert.Contains(PointCodes.OperationTimesUncertain, point.Warnings);
        Assert.Equal(
            ["down_proj", "lm_head", "argmax"],
            point.Operations.Where(operation => operation.Seconds is null).Select(operation => operation.Name)
        );
        Assert.All(
            point.Operations,
            operation =>
                Assert.Equal(
                    operation.Seconds is null ? PointCodes.OperationTimesUncertain : null,
                    operation.Provenance?.Reason
                )
        );
        using var seen = new ScriptedDevice { OperationSeconds = _ => 0.05 / 52 };
        Assert.DoesNotContain(
            PointCodes.OperationTimesUncertain,
            RunRequests.Run(seen, RunRequests.Create(RunRequests.Point())).Record.Points[0].Warnings
        );
    }

    [Fact]
    public void OneExecutionThatTheClockDidNotSeeTakesTheTimeOfTheOthers()
    {
        using var device = new ScriptedDevice
        {
            OperationSeconds = operation => operation is { Name: "down_proj", Layer: 0 } ? 0 : 0.05 / 52,
        };
        PointRecord point = RunRequests.Run(device, RunRequests.Create(RunRequests.Point())).Record.Points[0];
        OperationRecord down = point.Operations.Single(operation => operation.Name == "down_proj");
        Assert.Equal(down.Count * 0.05 / 52, down.Seconds!.Value, 12);
        Assert.Equal(Provenance.Extrapolated, down.Provenance!.Kind);
        Assert.Equal($"the clock saw time pass in {down.Count - 1} of {down.Count} executions", down.Provenance.Detail);
        Assert.Contains(PointCodes.OperationTimesUncertain, point.Warnings);
        Assert.Single(point.Operations, operation => operation.Provenance is not null);
    }

    [Fact]
    public void PointsThatDoNotFitTogetherAreMeasuredOneAfterTheOtherAndTheRecordSaysSo()
    {
        long one = GroupMemory.Of([RunRequests.Point().Plan(RunRequests.Model, ActivationFormat.Fp32, null)]);
        using var device = new ScriptedDevice
        {
            AvailableBytes = (long)(one * 1.2 / 0.9),
            LastLevelCacheBytes = 1 << 20,
        };
        RunOutcome outcome = RunRequests.Run(
            device,
            RunRequests.Create(RunRequests.Point(), RunRequests.Point(WeightFormat.Fp16)) with
            {
                Layers = 4,
            }
        );
        Assert.All(outcome.Record.Points, point => Assert.False(point.Interleaved));
        Assert.Contains(outcome.Record.Notes, note => note.Contains("one after the other", StringComparison.Ordinal));
        int secondLoad = device.Log.LastIndexOf("load fp16");
        Assert.Contains(device.Log.Take(secondLoad), entry => entry == "step bf16 b1");
    }

    [Fact]
    public void AModelOfWhichNotOneLayerFitsIsRefusedWithTheFigures()
    {
        using var device = new ScriptedDevice { AvailableBytes = 10_000 };
        var exception = Assert.Throws<DeviceUnavailableException>(() =>
            RunRequests.Run(device, RunRequests.Create(RunRequests.Point()))
        );
        Assert.Contains("One layer of mini", exception.Message, StringComparison.Ordinal);
        Assert.Contains(" MB may be used", exception.Message, StringComparison.Ordinal);
        Assert.Empty(device.Log);
    }

    private static int LongestRun(string[] entries)
    {
        int longest = 0;
        int current = 0;
        for (int i = 0; i < entries.Length; i++)
        {
            current = i > 0 && entries[i] == entries[i - 1] ? current + 1 : 1;
            longest = Math.Max(longest, current);
        }

        return longest;
    }
}
