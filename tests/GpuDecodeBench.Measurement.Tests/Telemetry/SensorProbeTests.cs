using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

/// <summary>A sensor's behaviour is found from its answers to a load that goes on and off.</summary>
public class SensorProbeTests
{
    [Theory]
    [InlineData(0.1, 0.025, 0, 1)]
    [InlineData(0.1, 0.025, 0.05, 2)]
    [InlineData(0.1, 0.1, 0, 3)]
    [InlineData(0.1, 0.1, 0.1, 1)]
    [InlineData(0.1, 1.0, 0, 2)]
    public void UpdatePeriodWindowAndLagAreFound(double update, double window, double lag, int seed)
    {
        SensorProbeResult found = Probe(
            time => new SimulatedGpu(time)
            {
                UpdateSeconds = update,
                InstantWindowSeconds = window,
                LagSeconds = lag,
            },
            seed
        );
        Assert.True(found.Instant is not null, $"seed {seed}: nothing was found");
        Assert.InRange(found.Behaviour.UpdateSeconds, 0.97 * update, 1.03 * update);
        Assert.Equal(window, found.Instant.WindowSeconds);
        // A change is seen up to a sample after it, so that a lag is known to one candidate.
        Assert.InRange(found.Instant.LagSeconds, Math.Max(0, lag - 0.026), lag + 0.026);
        Assert.True(found.Behaviour.IsMeasured);
        Assert.InRange(found.CounterOverIntegrated!.Value, 0.9, 1.1);
    }

    [Fact]
    public void BothValuesOfASensorAreToldApart()
    {
        SensorProbeResult found = Probe(
            time => new SimulatedGpu(time) { InstantWindowSeconds = 0.025, AverageWindowSeconds = 1 },
            seed: 1
        );
        Assert.Equal(0.025, found.Behaviour.InstantWindowSeconds);
        Assert.Equal(1, found.Behaviour.AverageWindowSeconds);
    }

    [Fact]
    public void ASensorThatDoesNotAnswerStaysAsItWasAssumed()
    {
        var noise = new Random(5);
        SensorProbeResult found = Probe(
            time => new SimulatedGpu(time)
            {
                Tell = sample => sample with { PowerInstantWatts = 100 + noise.NextDouble() },
            },
            seed: 1
        );
        Assert.Null(found.Instant);
        Assert.False(found.Behaviour.IsMeasured);
        Assert.Equal("the simulation", found.Behaviour.Origin);
    }

    [Fact]
    public void WhatIsKnownOfCardsSaysWhereFrom()
    {
        SensorBehaviour h200 = SensorCatalogue.Find("nvml", "NVIDIA H200", 0.1);
        Assert.Equal((0.025, 1.0), (h200.InstantWindowSeconds, h200.AverageWindowSeconds));
        Assert.False(h200.Channel(hasAverage: true, hasInstant: true)!.IsPartTime);
        SensorBehaviour a100 = SensorCatalogue.Find("nvml", "NVIDIA A100-SXM4-80GB", 0.1);
        Assert.True(a100.Channel(hasAverage: true, hasInstant: true)!.IsPartTime);
        SensorBehaviour ada = SensorCatalogue.Find("nvml", "NVIDIA GeForce RTX 4090", 0.1);
        Assert.Equal(0.1, ada.Channel(hasAverage: true, hasInstant: true)!.ShiftSeconds, 12);
        Assert.All([h200, a100, ada], one => Assert.Contains("2312.02741", one.Origin, StringComparison.Ordinal));
        Assert.Contains("nothing is known", SensorCatalogue.Find("new", "X", 0.2).Origin, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NVIDIA H200", "GH100")]
    [InlineData("NVIDIA H100 NVL", "GH100")]
    [InlineData("NVIDIA GH200 480GB", "GH100")]
    [InlineData("NVIDIA A100-SXM4-80GB", "GA100")]
    [InlineData("NVIDIA A30", "GA100")]
    [InlineData("NVIDIA A30-24C", "GA100")]
    [InlineData("NVIDIA RTX A1000", "Ada and Ampere other than GA100")]
    [InlineData("NVIDIA RTX A3000 Laptop GPU", "Ada and Ampere other than GA100")]
    [InlineData("NVIDIA A10G", "Ada and Ampere other than GA100")]
    [InlineData("NVIDIA L40S", "Ada and Ampere other than GA100")]
    [InlineData("NVIDIA RTX 2000 Ada Generation", "Ada and Ampere other than GA100")]
    [InlineData("NVIDIA GeForce RTX 2080 Ti", "Turing")]
    [InlineData("Tesla T4", "Turing")]
    [InlineData("Quadro RTX 4000", "Turing")]
    [InlineData("NVIDIA T400 4GB", "Turing")]
    [InlineData("NVIDIA RTX 4000 Ada Generation", "Ada and Ampere other than GA100")]
    [InlineData("Quadro P4000", "Volta and Pascal")]
    [InlineData("Tesla V100-SXM2-16GB", "Volta and Pascal")]
    [InlineData("NVIDIA B200", "other NVIDIA GPUs")]
    [InlineData("NVIDIA GeForce RTX 5090", "other NVIDIA GPUs")]
    public void ACardIsOfItsOwnFamilyNotOfOneWhoseNameItBegins(string device, string family) =>
        Assert.StartsWith($"{family}: ", SensorCatalogue.Find("nvml", device, 0.1).Origin, StringComparison.Ordinal);

    private static SensorProbeResult Probe(Func<VirtualTelemetryTime, SimulatedGpu> make, int seed)
    {
        var time = new VirtualTelemetryTime(100);
        SimulatedGpu gpu = make(time);
        using var recorder = new TelemetryRecorder(gpu, time);
        recorder.Start();
        time.Advance(2);
        return new SensorProbe(recorder, time, new Random(seed)).Run(
            () => gpu.Work(0.01, 400, 400),
            gpu.Behaviour,
            CancellationToken.None
        );
    }
}
