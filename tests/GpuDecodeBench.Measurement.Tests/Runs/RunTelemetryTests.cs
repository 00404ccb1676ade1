using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Validity;
using GpuDecodeBench.Measurement.Tests.Telemetry;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>Whole runs on a scripted device whose steps take 50 ms and 400 W on a simulated sensor, on a virtual clock.</summary>
public class RunTelemetryTests
{
    private const double StepSeconds = 0.05;
    private const double Watts = 400;
    private const double Idle = 80;

    private readonly VirtualTelemetryTime _time = new(1000);

    [Fact]
    public void APointSaysWhatItCostInEnergy()
    {
        SimulatedGpu gpu = Gpu();
        RunOutcome outcome = Run(gpu, Request(gpu, batch: 2));
        PointRecord point = outcome.Record.Points.Single();
        PointTelemetry telemetry = point.Telemetry!;
        Assert.True(point.Valid);
        Assert.Empty(point.Warnings.Intersect(["energyMethodsDisagree", "sensorStuck", "tooFewPowerSamples"]));
        Assert.InRange(point.Power.Value!.Value, 0.99 * Watts, 1.01 * Watts);
        Assert.Equal(Provenance.Measured, point.Power.Provenance.Kind);
        double perStep = Watts * StepSeconds;
        Assert.InRange(telemetry.CounterJoulesPerStep.Value!.Value, 0.99 * perStep, 1.01 * perStep);
        Assert.InRange(telemetry.IntegratedJoulesPerStep.Value!.Value, 0.99 * perStep, 1.01 * perStep);
        Assert.InRange(telemetry.CounterOverIntegrated.Value!.Value, 0.99, 1.01);
        Assert.Equal(telemetry.JoulesPerStep.Value!.Value / 2, point.EnergyJoulesPerToken.Value!.Value, 12);
        Assert.Equal(1 / point.EnergyJoulesPerToken.Value!.Value, telemetry.TokensPerJoule.Value!.Value, 12);
        double rest = (Watts - Idle) * StepSeconds;
        Assert.InRange(telemetry.IdleSubtractedJoulesPerStep.Value!.Value, 0.98 * rest, 1.02 * rest);
        Assert.InRange(outcome.Record.Telemetry!.IdleWatts.Value!.Value, 0.99 * Idle, 1.01 * Idle);
        Assert.InRange(telemetry.PeakWatts.Value!.Value, 0.99 * Watts, 1.01 * Watts);
        Assert.InRange(telemetry.FractionOfPowerLimit.Value!.Value, 0.56, 0.58);
        double bits = 8.0 * (point.WeightReadBytes + point.KvReadBytes);
        Assert.Equal(
            telemetry.JoulesPerStep.Value!.Value * 1e12 / bits,
            telemetry.PicojoulesPerBit.Value!.Value,
            telemetry.PicojoulesPerBit.Value!.Value * 1e-9
        );
        Assert.Equal(3.9, telemetry.ReferencePicojoulesPerBit.Value);
        Assert.Equal(Provenance.Assumed, telemetry.ReferencePicojoulesPerBit.Provenance.Kind);
    }

    [Fact]
    public void TheRecordTellsOfTheDeviceAndReadsBack()
    {
        SimulatedGpu gpu = Gpu();
        var observer = new RecordingObserver();
        RunRecord record = Run(gpu, Request(gpu), observer).Record;
        Assert.Equal("580.1", record.Environment.Driver);
        Assert.Equal(700, record.Device.Limits!.PowerLimitWatts);
        Assert.Equal(1.98e9, record.Device.Clocks!.CoreClockHz);
        Assert.Equal("simulated", record.Telemetry!.Source);
        Assert.Contains(record.Telemetry.State!.Unavailable, one => one is { Field: "eccEnabled", Reason: "notAsked" });
        Assert.Equal(Provenance.Assumed, record.Telemetry.Sensor!.UpdateSeconds.Provenance.Kind);
        foreach (RunRecord one in observer.Records)
        {
            byte[] bytes = RunRecordStore.Serialize(one, "test");
            Assert.Equal(bytes, RunRecordStore.Serialize(RunRecordStore.Parse(bytes, "test"), "test"));
        }
    }

    [Fact]
    public void TheTimelineIsShortAndKeepsTheWorst()
    {
        SimulatedGpu gpu = Gpu();
        int reads = 0;
        gpu.Tell = sample =>
            ++reads == 400
                ? sample with
                {
                    PowerInstantWatts = 650,
                    ThrottleReasons = ThrottleReasons.SoftwarePowerCap,
                }
                : sample;
        PointRecord point = Run(gpu, Request(gpu, energySeconds: 60)).Record.Points.Single();
        IReadOnlyList<TimelineEntry> line = point.Telemetry!.Timeline;
        Assert.InRange(line.Count, 50, 200);
        Assert.Equal(650, line.Max(entry => entry.PeakWatts));
        Assert.Contains(line, entry => entry.ThrottleReasons.Contains("softwarePowerCap"));
        Assert.Equal(line.Select(entry => entry.Seconds), line.Select(entry => entry.Seconds).Order());
        Assert.Contains("softwarePowerCap", point.ThrottleReasons);
    }

    [Fact]
    public void EnergyOfFewerLayersIsExtrapolatedAsTheTimeIs()
    {
        SimulatedGpu gpu = Gpu();
        PointRecord point = Run(gpu, Request(gpu) with { Layers = 2 }).Record.Points.Single();
        double growth = point.FullStepSeconds / point.StepSeconds.Median;
        Assert.True(growth > 1.2);
        Assert.Equal(Provenance.Extrapolated, point.EnergyJoulesPerToken.Provenance.Kind);
        Assert.Equal(point.Telemetry!.JoulesPerStep.Value!.Value * growth, point.EnergyJoulesPerToken.Value!.Value, 9);
        Assert.Equal(Provenance.Extrapolated, point.Telemetry.TokensPerJoule.Provenance.Kind);
    }

    [Fact]
    public void ThoroughRunsMeasureTheSensorAndRepeatWithinTwoPercent()
    {
        SimulatedGpu gpu = Gpu();
        RunRequest request = Request(gpu);
        request = request with
        {
            Preset = request.Preset with { EnergyTrials = 3, MeasuresSensor = true, EnergySeconds = 3 },
        };
        RunRecord record = Run(gpu, request).Record;
        PointTelemetry telemetry = record.Points.Single().Telemetry!;
        Assert.Equal(3, telemetry.Trials.Count);
        Assert.True(telemetry.TrialSpread.Value < 0.02);
        Assert.Equal(Provenance.Measured, record.Telemetry!.Sensor!.InstantWindowSeconds.Provenance.Kind);
        Assert.Equal(0.1, record.Telemetry.Sensor.InstantWindowSeconds.Value);
        Assert.InRange(record.Telemetry.Sensor.DutyCycleCounterOverIntegrated.Value!.Value, 0.9, 1.1);
    }

    [Fact]
    public void TrialsOfADeviceWhoseIdlePowerIsNotKnownHaveNoSpreadOfWhatIsLeftWithoutIt()
    {
        SimulatedGpu gpu = Gpu();
        RunRequest request = Request(gpu);
        request = request with
        {
            Preset = request.Preset with { EnergyTrials = 3, EnergySeconds = 3, IdleSeconds = 0 },
        };
        PointTelemetry telemetry = Run(gpu, request).Record.Points.Single().Telemetry!;
        Assert.Equal(3, telemetry.Trials.Count);
        Assert.Null(telemetry.TrialSpread.Value);
        Assert.Equal(TelemetryCodes.NotMeasured, telemetry.TrialSpread.Provenance.Reason);
    }

    [Fact]
    public void ATimeLimitThatIsTooShortForEnergyIsKeptAndSaysSo()
    {
        SimulatedGpu gpu = Gpu();
        double begin = _time.NowSeconds;
        PointRecord point = Run(gpu, Request(gpu) with { MaxSeconds = 2 }).Record.Points.Single();
        Assert.Equal(TelemetryCodes.WindowTooShort, point.EnergyJoulesPerToken.Provenance.Reason);
        Assert.Equal(TelemetryCodes.WindowTooShort, point.Power.Provenance.Reason);
        Assert.True(point.Valid);
        Assert.InRange(_time.NowSeconds - begin, 0.5, 3);
    }

    [Fact]
    public void WithoutASourceNothingIsSaidOfEnergy()
    {
        using var device = new ScriptedDevice();
        RunOutcome outcome = RunRequests.Run(device, RunRequests.Create(RunRequests.Point()));
        PointRecord point = outcome.Record.Points.Single();
        Assert.Equal(TelemetryCodes.NoTelemetry, point.Power.Provenance.Reason);
        Assert.Null(point.Telemetry);
        Assert.Null(outcome.Record.Telemetry);
        Assert.Null(outcome.Trace);
    }

    [Fact]
    public void AStuckSensorWithoutACounterGivesNoFigure()
    {
        var gpu = new SimulatedGpu(_time)
        {
            CounterUpdateSeconds = null,
            Tell = sample => sample with { PowerInstantWatts = 71 },
            State = State(),
        };
        PointRecord point = Run(gpu, Request(gpu)).Record.Points.Single();
        Assert.Equal(TelemetryCodes.SensorStuck, point.Power.Provenance.Reason);
        Assert.Equal(TelemetryCodes.SensorStuck, point.EnergyJoulesPerToken.Provenance.Reason);
        Assert.Contains(TelemetryCodes.SensorStuck, point.Warnings);
        Assert.True(point.Valid);
    }

    [Fact]
    public void ADeviceLostHalfwayEndsNoRun()
    {
        SimulatedGpu gpu = Gpu();
        gpu.Tell = sample =>
            sample.Seconds > 1004.5
                ? new TelemetrySample { Seconds = sample.Seconds, FailureCode = "nvml.gpuIsLost" }
                : sample;
        RunRecord record = Run(gpu, Request(gpu)).Record;
        PointRecord point = record.Points.Single();
        Assert.Null(point.EnergyJoulesPerToken.Value);
        Assert.Contains(TelemetryCodes.SensorSilent, point.Warnings);
        Assert.True(record.Telemetry!.FailedReads > 10);
    }

    [Fact]
    public void AThrottledPointIsInvalid()
    {
        SimulatedGpu gpu = Gpu();
        gpu.Tell = sample => sample with { ThrottleReasons = ThrottleReasons.HardwareThermal };
        PointRecord point = Run(gpu, Request(gpu)).Record.Points.Single();
        Assert.False(point.Valid);
        Assert.Equal([TelemetryCodes.Throttled], point.InvalidReasons);
        Assert.Equal(["hardwareThermal"], point.ThrottleReasons);
    }

    [Fact]
    public void AJumpOfTheCalendarIsNoticedAlsoWithoutASource()
    {
        int steps = 0;
        using var device = new ScriptedDevice
        {
            BeforeStep = _ =>
            {
                _time.Advance(StepSeconds);
                if (++steps == 5)
                {
                    _time.JumpCalendar(-3600);
                }
            },
        };
        RunRequest request = RunRequests.Create(RunRequests.Point()) with { Time = _time };
        Assert.Contains(TelemetryCodes.ClockJumped, RunRequests.Run(device, request).Record.Points.Single().Warnings);
    }

    [Fact]
    public void InterruptingTheEnergyKeepsThePointsTime()
    {
        SimulatedGpu gpu = Gpu();
        using var cancellation = new CancellationTokenSource();
        var observer = new RecordingObserver();
        using ScriptedDevice device = Device(
            gpu,
            steps =>
            {
                if (steps == 40)
                {
                    cancellation.Cancel();
                }
            }
        );
        RunOutcome outcome = RunRequests.Run(device, Request(gpu), observer, cancellation.Token);
        PointRecord point = outcome.Record.Points.Single();
        Assert.True(outcome.Interrupted);
        Assert.True(point.Valid);
        Assert.Equal(PointCodes.Interrupted, point.EnergyJoulesPerToken.Provenance.Reason);
    }

    private SimulatedGpu Gpu() => new(_time) { IdleWatts = Idle, State = State() };

    private static DeviceState State() =>
        new()
        {
            DriverVersion = Reading.Of("580.1"),
            PowerLimits = new PowerLimitState { EnforcedWatts = Reading.Of(700.0), DefaultWatts = Reading.Of(700.0) },
            Clocks = new ClockState { CoreMaximumHz = Reading.Of(1.98e9) },
        };

    private RunRequest Request(SimulatedGpu gpu, int batch = 1, double energySeconds = 5)
    {
        RunRequest request = RunRequests.Create(RunRequests.Point(WeightFormat.Bf16, batch));
        return request with
        {
            Telemetry = gpu,
            Time = _time,
            Preset = request.Preset with { EnergySeconds = energySeconds, IdleSeconds = 3 },
        };
    }

    private static RunOutcome Run(SimulatedGpu gpu, RunRequest request, RecordingObserver? observer = null)
    {
        using ScriptedDevice device = Device(gpu, _ => { });
        return RunRequests.Run(device, request, observer);
    }

    private static ScriptedDevice Device(SimulatedGpu gpu, Action<int> beforeStep) =>
        new()
        {
            BeforeStep = steps =>
            {
                beforeStep(steps);
                gpu.Work(StepSeconds, Watts, Watts);
            },
        };
}
