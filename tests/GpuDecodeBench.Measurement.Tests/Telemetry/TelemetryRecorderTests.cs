using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

public class TelemetryRecorderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void AFullBufferLosesNoEnergyNoPeakAndNoReason(int seed)
    {
        var random = new Random(seed);
        var buffer = new TelemetryBuffer(64);
        double joules = 0;
        double peak = 0;
        double lowest = double.MaxValue;
        (double Seconds, double Watts)? before = null;
        for (int i = 0; i < 10_000; i++)
        {
            double seconds = (i * 0.1) + (0.05 * random.NextDouble());
            double watts = 100 + (400 * random.NextDouble());
            double clock = 1e9 + (1e9 * random.NextDouble());
            buffer.Add(
                new TelemetrySample
                {
                    Seconds = seconds,
                    PowerInstantWatts = watts,
                    CoreClockHz = clock,
                    ThrottleReasons = i == 17 ? ThrottleReasons.PowerBrake : ThrottleReasons.None,
                }
            );
            joules += before is (double s, double w) ? (watts + w) / 2 * (seconds - s) : 0;
            before = (seconds, watts);
            peak = Math.Max(peak, watts);
            lowest = Math.Min(lowest, clock);
            Assert.True(buffer.Entries.Count <= 64);
        }

        Assert.Equal(joules, buffer.Entries.Sum(entry => entry.PowerJoules ?? 0), joules * 1e-9);
        Assert.Equal(peak, buffer.Entries.Max(entry => entry.PeakWatts));
        Assert.Equal(lowest, buffer.Entries.Min(entry => entry.LowestCoreClockHz));
        Assert.Equal(10_000, buffer.Entries.Sum(entry => entry.Samples));
        Assert.Contains(buffer.Entries, entry => entry.AllThrottleReasons.HasFlag(ThrottleReasons.PowerBrake));
        Assert.All(buffer.Entries.TakeLast(16), entry => Assert.Equal(1, entry.Samples));
    }

    [Fact]
    public void DuplicateAndBackwardTimesAreDroppedAndCounted()
    {
        var buffer = new TelemetryBuffer(8);
        Assert.True(buffer.Add(At(1)));
        Assert.False(buffer.Add(At(1)));
        Assert.False(buffer.Add(At(0.5)));
        Assert.False(buffer.Add(At(double.NaN)));
        Assert.True(buffer.Add(At(2)));
        Assert.Equal(3, buffer.Dropped);
        Assert.Equal([1, 2], buffer.Entries.Select(entry => entry.Sample.Seconds));
    }

    [Fact]
    public void SamplesComeAtTheSourcesOwnRateAndFasterOnlyForEdges()
    {
        var time = new VirtualTelemetryTime();
        var gpu = new SimulatedGpu(time);
        using var recorder = new TelemetryRecorder(gpu, time);
        recorder.Start();
        time.Advance(10);
        Assert.InRange(gpu.Reads, 99, 102);
        int before = gpu.Reads;
        recorder.SeeksEdges = true;
        time.Advance(1);
        Assert.InRange(gpu.Reads - before, 70, 82);
    }

    [Fact]
    public void NothingIsReadAfterTheEnd()
    {
        var time = new VirtualTelemetryTime();
        var gpu = new SimulatedGpu(time);
        using var recorder = new TelemetryRecorder(gpu, time);
        recorder.Start();
        time.Advance(1);
        recorder.Stop();
        int reads = gpu.Reads;
        time.Advance(5);
        Assert.Equal(reads, gpu.Reads);
    }

    [Fact]
    public void ASourceThatThrowsEndsNothingAndIsThenAskedSeldom()
    {
        var time = new VirtualTelemetryTime();
        bool isBroken = false;
        var gpu = new SimulatedGpu(time)
        {
            Tell = sample => isBroken ? throw new InvalidOperationException("gone") : sample,
        };
        using var recorder = new TelemetryRecorder(gpu, time);
        recorder.Start();
        time.Advance(1);
        isBroken = true;
        time.Advance(100);
        Assert.InRange(gpu.Reads, 100, 150);
        isBroken = false;
        time.Advance(2);
        IReadOnlyList<TelemetryEntry> last = recorder.Between(time.NowSeconds - 1, time.NowSeconds);
        Assert.Contains(last, entry => entry.Sample.PowerInstantWatts is not null);
        Assert.Contains(recorder.Between(2, 3), entry => entry.Sample.FailureCode == TelemetryRecorder.SourceThrew);
        Assert.True(recorder.Failures > 50);
    }

    [Fact]
    public void TheTimeSpentInReadsIsKnown()
    {
        var time = new VirtualTelemetryTime();
        var gpu = new SimulatedGpu(time);
        gpu.Tell = sample =>
        {
            time.Advance(0.001);
            return sample;
        };
        using var recorder = new TelemetryRecorder(gpu, time);
        recorder.Start();
        time.Advance(10);
        recorder.Stop();
        Assert.Equal(0.01, recorder.CostShare!.Value, 0.001);
    }

    [Fact]
    public void OnItsOwnThreadItSamplesAndStops()
    {
        using var source = new SignallingSource();
        using var recorder = new TelemetryRecorder(source, new SystemTelemetryTime());
        recorder.Start();
        Assert.True(source.WasRead.Wait(TimeSpan.FromMinutes(2)));
        recorder.Stop();
        Assert.NotEmpty(recorder.Between(double.NegativeInfinity, double.PositiveInfinity));
    }

    private static TelemetrySample At(double seconds) => new() { Seconds = seconds, PowerInstantWatts = 100 };

    private sealed class SignallingSource : ITelemetrySource
    {
        public ManualResetEventSlim WasRead { get; } = new();

        public string Name => "signalling";

        public string Description => "";

        public IReadOnlyList<TelemetryCapability> Capabilities => [];

        // The recorder waits as long between two reads as it ever does, so that an end that waits for it would show.
        public double UpdatePeriodSeconds => 3600;

        public TelemetrySample Read()
        {
            WasRead.Set();
            return new TelemetrySample { Seconds = TelemetryClock.NowSeconds };
        }

        public DeviceState ReadState() => new();

        public void Dispose() => WasRead.Dispose();
    }
}
