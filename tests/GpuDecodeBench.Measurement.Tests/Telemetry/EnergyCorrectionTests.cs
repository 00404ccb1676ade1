using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Validity;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

/// <summary>The energy of loads whose true energy is known, through sensors that mislead whoever only integrates what they tell.</summary>
public class EnergyCorrectionTests
{
    private const double Within = 0.03;
    private const double PlainMisses = 0.10;

    /// <summary>A sensor that averages over a second begins late: what it tells of the first second is mostly idling.</summary>
    [Theory]
    [CombinatorialLoads]
    public void ASensorThatAveragesOverASecondIsCorrected(string kind, int seed)
    {
        var time = new VirtualTelemetryTime(100);
        var gpu = new SimulatedGpu(time)
        {
            InstantWindowSeconds = null,
            AverageWindowSeconds = 1,
            IdleWatts = 40,
        };
        (TrialEnergy trial, IReadOnlyList<TelemetryEntry> entries) = Trial(time, gpu, kind, counted: 1.5, seed);
        double corrected = trial.Integrated.Watts!.Value / Loads.Watts(kind);
        LoadSegment segment = Assert.Single(trial.Segments);
        double plain =
            Plain(entries, segment.LoadBeginSeconds, segment.LoadEndSeconds, gpu.Channel!) / Loads.Watts(kind);
        Assert.True(Math.Abs(plain - 1) > PlainMisses, $"seed {seed}: plain integration was right: {plain}");
        Assert.True(Math.Abs(corrected - 1) < Within, $"seed {seed}: corrected {corrected} of the true energy");
    }

    /// <summary>A sensor that looks 25 of every 100 ms always meets the same part of a step of 100 ms.</summary>
    [Theory]
    [CombinatorialLoads]
    public void ASensorThatLooksAQuarterOfTheTimeIsCorrectedByRandomPhases(string kind, int seed)
    {
        // The part of a step that the sensor meets when nobody moves it: [0, 25], [10, 35] or [70, 95] ms.
        double[] seen = [0.025, 0.035, 0.095];
        SimulatedGpu Gpu(VirtualTelemetryTime clock) =>
            new(clock) { InstantWindowSeconds = 0.025, PhaseSeconds = seen[seed - 1] };

        var plainTime = new VirtualTelemetryTime(100);
        SimulatedGpu plainGpu = Gpu(plainTime);
        using var plainRecorder = new TelemetryRecorder(plainGpu, plainTime);
        plainRecorder.Start();
        for (int i = 0; i < 60; i++)
        {
            Loads.Step(plainGpu, kind);
        }

        double plain = Plain(plainRecorder.Between(101.2, 106), 101.2, 106, plainGpu.Channel!) / Loads.Watts(kind);
        Assert.True(Math.Abs(plain - 1) > PlainMisses, $"seed {seed}: plain integration was right: {plain}");

        var time = new VirtualTelemetryTime(100);
        SimulatedGpu gpu = Gpu(time);
        (TrialEnergy trial, _) = Trial(time, gpu, kind, counted: 6.4, seed);
        Assert.True(trial.Segments.Count >= 8, "the load was not met at several phases");
        double corrected = trial.Integrated.Watts!.Value / Loads.Watts(kind);
        Assert.True(Math.Abs(corrected - 1) < Within, $"seed {seed}: corrected {corrected} of the true energy");
        double counter = trial.Counter.Watts!.Value / Loads.Watts(kind);
        Assert.True(Math.Abs(counter - 1) < Within, $"seed {seed}: counter {counter} of the true energy");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void OnASteadyLoadOfTenSecondsBothMethodsAgreeWithinOnePercent(int seed)
    {
        var time = new VirtualTelemetryTime(100);
        var gpu = new SimulatedGpu(time) { InstantWindowSeconds = 0.025, AverageWindowSeconds = 1 };
        (TrialEnergy trial, _) = Trial(time, gpu, "steady", counted: 10, seed);
        Assert.InRange(trial.Counter.Watts!.Value / trial.Integrated.Watts!.Value, 0.99, 1.01);
        Assert.InRange(trial.Counter.Watts!.Value, 0.99 * 400, 1.01 * 400);
        Assert.Equal(0.1, trial.SecondsPerStep!.Value, 9);
    }

    /// <summary>A counter read at both ends of a second is up to a tenth wrong; between its updates it is not.</summary>
    [Theory]
    [InlineData(0.011)]
    [InlineData(0.052)]
    [InlineData(0.089)]
    public void TheCountersUpdatesAddNoError(double phase)
    {
        var time = new VirtualTelemetryTime(100);
        var gpu = new SimulatedGpu(time) { PhaseSeconds = phase, CounterUpdateSeconds = 0.37 };
        (TrialEnergy trial, _) = Trial(time, gpu, "steady", counted: 3.7, seed: 1);
        Assert.InRange(trial.Counter.Watts!.Value, 0.985 * 400, 1.015 * 400);
    }

    [Fact]
    public void TooFewReadingsGiveNoEnergyAndSayWhy()
    {
        var time = new VirtualTelemetryTime(100);
        var gpu = new SimulatedGpu(time)
        {
            UpdateSeconds = 1,
            InstantWindowSeconds = 1,
            CounterUpdateSeconds = null,
        };
        (TrialEnergy trial, _) = Trial(time, gpu, "steady", counted: 3, seed: 1);
        Assert.Null(trial.Integrated.Watts);
        Assert.Equal(TelemetryCodes.TooFewPowerSamples, trial.Integrated.ReasonCode);
        Assert.Equal(TelemetryCodes.NoCounter, trial.Counter.ReasonCode);
    }

    [Fact]
    public void ASilentSensorGivesNoEnergy()
    {
        var time = new VirtualTelemetryTime(100);
        var gpu = new SimulatedGpu(time) { CounterUpdateSeconds = null };
        gpu.Tell = sample =>
            sample.Seconds is > 104 and < 107.5
                ? new TelemetrySample { Seconds = sample.Seconds, FailureCode = "test.lost" }
                : sample;
        (TrialEnergy trial, _) = Trial(time, gpu, "steady", counted: 10, seed: 1);
        Assert.Equal(TelemetryCodes.SensorSilent, trial.Integrated.ReasonCode);
    }

    [Fact]
    public void ACounterThatGoesBackIsNotDividedBy()
    {
        var time = new VirtualTelemetryTime(100);
        var gpu = new SimulatedGpu(time);
        gpu.Tell = sample =>
            sample.Seconds > 105 ? sample with { EnergyJoules = sample.EnergyJoules - 30_000 } : sample;
        (TrialEnergy trial, _) = Trial(time, gpu, "steady", counted: 5, seed: 1);
        Assert.Equal(TelemetryCodes.CounterWentBack, trial.Counter.ReasonCode);
        Assert.InRange(trial.Integrated.Watts!.Value, 395, 405);
    }

    [Fact]
    public void ACounterThatStandsStillIsStuckAndNotZero()
    {
        var time = new VirtualTelemetryTime(100);
        var gpu = new SimulatedGpu(time) { Tell = sample => sample with { EnergyJoules = 12 } };
        (TrialEnergy trial, _) = Trial(time, gpu, "steady", counted: 5, seed: 1);
        Assert.Null(trial.Counter.Watts);
        Assert.Equal(TelemetryCodes.SensorStuck, trial.Counter.ReasonCode);
    }

    private static (TrialEnergy Trial, IReadOnlyList<TelemetryEntry> Entries) Trial(
        VirtualTelemetryTime time,
        SimulatedGpu gpu,
        string kind,
        double counted,
        int seed
    )
    {
        using var recorder = new TelemetryRecorder(gpu, time);
        recorder.Start();
        time.Advance(2);
        var loop = new EnergyLoop(recorder, time, gpu.Behaviour, gpu.Channel, new Random(seed));
        (double begin, double end) = loop.Run(
            kind,
            counted,
            Loads.StepSeconds,
            count =>
            {
                for (int i = 0; i < count; i++)
                {
                    Loads.Step(gpu, kind);
                }
            },
            CancellationToken.None
        );
        time.Advance(2);
        var window = new TelemetryWindow(begin, end, recorder.Between(begin, end));
        return (TrialEnergy.Of(window, recorder.EventsBetween(begin, end), gpu.Behaviour, gpu.Channel), window.Entries);
    }

    /// <summary>What whoever knows nothing of sensors does: trapezoids through the readings as they came.</summary>
    private static double Plain(IReadOnlyList<TelemetryEntry> entries, double from, double to, PowerChannel channel)
    {
        (double, double)[] points =
        [
            .. entries
                .Where(entry => entry.Sample.Seconds >= from && entry.Sample.Seconds <= to)
                .Select(entry => (entry.Sample.Seconds, channel.WattsOf(entry.Sample)!.Value)),
        ];
        return IntegratedEnergy.Integral(points, from, to) / (to - from);
    }
}
