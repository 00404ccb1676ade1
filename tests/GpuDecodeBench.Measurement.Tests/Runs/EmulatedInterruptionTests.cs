using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Emulation;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>A run on an emulated GPU that is ended in the middle of a replay.</summary>
public sealed class EmulatedInterruptionTests
{
    [Fact]
    public void ARunEndedWithinAReplayKeepsFinishedPointsAndFreesTheMemory()
    {
        using var cancellation = new CancellationTokenSource();
        var device = (CudaDevice)new EmulatorBackend().Open(EmulatorBackend.BackendName);
        var driver = (EmulatedCudaDriver)device.Context.Driver;
        var observer = new RecordingObserver();
        long before = driver.AllocatedBytes;
        int launchesAfterTheFirstPoint = 0;
        device.Machine!.OnLaunch += (_, _, _, _) =>
        {
            bool isOneDone = observer.Records.Count > 0 && observer.Records[^1].Points.Count == 1;
            if (isOneDone && ++launchesAfterTheFirstPoint == 5)
            {
                cancellation.Cancel();
            }
        };
        // Points end by their time limit, one after the other: which is first does not matter.
        RunRequest request = RunRequests.Create(RunRequests.Point(), RunRequests.Point(WeightFormat.Int4)) with
        {
            Layers = 1,
            MaxSeconds = 0.8,
        };
        RunOutcome outcome = new BenchmarkRunner(device, EnvironmentCapture.Capture(1), observer).Run(
            request,
            DateTimeOffset.UnixEpoch,
            cancellation.Token
        );

        Assert.True(outcome.Interrupted);
        Assert.Contains(
            outcome.Record.Points,
            point => point.StepSeconds.StopReason != StopReasonNames.Name(StopReason.Interrupted)
        );
        Assert.All(outcome.Record.Points, point => Assert.True(point.Verification.Passed));
        Assert.True(launchesAfterTheFirstPoint >= 5, "the run was over before it could be ended");
        RunRecordStore.Parse(RunRecordStore.Serialize(outcome.Record, "test"), "test");
        Assert.Equal(before, driver.AllocatedBytes);
        device.Dispose();
        Assert.Equal((0L, 0), (driver.AllocatedBytes, driver.AliveHandles));
    }
}
