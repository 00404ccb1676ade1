using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Traces;
using GpuDecodeBench.Measurement.Telemetry.Validity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>
/// A run's telemetry: records the source along it, looks at the idle device before it, and measures each point's energy when its
/// time is known. Without a source it does nothing, but for watching the host's clocks.
/// </summary>
internal sealed class RunTelemetry : IDisposable
{
    /// <summary>The share of a time limit that idling may take.</summary>
    private const double IdleShare = 0.1;

    private const double ShortestCooldownSeconds = 3;
    private const double LongestCooldownSeconds = 15;
    private const double CooledCelsius = 2;
    private const double LookSeconds = 2;

    private readonly RunRequest _request;
    private readonly DeviceDescription _device;
    private readonly ITelemetrySource? _source;
    private readonly ITelemetryTime _time;
    private readonly TelemetryRecorder? _recorder;
    private readonly Random _random;
    private bool _sensorWasTried;

    public RunTelemetry(RunRequest request, DeviceDescription device)
    {
        _request = request;
        _device = device;
        // A device that only proves has no power of its own to measure.
        _source = device.IsForMeasuring ? request.Telemetry : null;
        _time = request.Time;
        _random = new Random(unchecked((int)request.Seed));
        _recorder = _source is null ? null : new TelemetryRecorder(_source, _time);
        Behaviour = SensorCatalogue.Find(_source?.Name ?? "none", device.Name, _source?.UpdatePeriodSeconds ?? 0);
    }

    /// <summary>The source; null where there is none.</summary>
    public ITelemetrySource? Source => _source;

    /// <summary>The sensor's behaviour: measured, once it was.</summary>
    public SensorBehaviour Behaviour { get; private set; }

    /// <summary>What the sensor was seen to do; null where that was not measured.</summary>
    public SensorProbeResult? Probe { get; private set; }

    /// <summary>The device's state before the run; null without a source.</summary>
    public DeviceState? State { get; private set; }

    /// <summary>The samples of the idle device; null where it was not looked at.</summary>
    public TelemetryWindow? Idle { get; private set; }

    /// <summary>The idle device's power.</summary>
    public EnergyEstimate IdleEnergy { get; private set; } = EnergyEstimate.None(TelemetryCodes.NotMeasured);

    /// <summary>The power value that is integrated; null where there is none.</summary>
    public PowerChannel? Channel =>
        Behaviour.Channel(Tells(TelemetryQuantity.PowerAverage), Tells(TelemetryQuantity.PowerInstant));

    /// <summary>Begins to record, and looks at the idle device.</summary>
    public void Begin(IRunObserver observer, CancellationToken cancellation)
    {
        if (_source is null || _recorder is null)
        {
            return;
        }

        State = StateOf(_source);
        _recorder.Start();
        double limit = _request.MaxSeconds * IdleShare ?? double.PositiveInfinity;
        double seconds = Math.Min(_request.Preset.IdleSeconds, limit);
        if (seconds <= 0 || (Channel is null && !Tells(TelemetryQuantity.EnergyCounter)))
        {
            return;
        }

        observer.OnProgress(new RunProgress("looking at the idle device", null, seconds, null));
        _recorder.SeeksEdges = true;
        double begin = _recorder.Mark(TelemetryEventKind.IdleBegin);
        _time.Wait(seconds, cancellation);
        double end = _recorder.Mark(TelemetryEventKind.IdleEnd);
        _recorder.SeeksEdges = false;
        Idle = WindowOf(begin, end);
        LoadSegment[] all = [new LoadSegment(begin, begin, end, end, 1)];
        EnergyEstimate counter = CounterEnergy.Of(Idle.Entries, all, Behaviour.CounterUpdateSeconds);
        IdleEnergy =
            counter.Watts is null && Channel is PowerChannel channel
                ? IntegratedEnergy.Of(Idle.Entries, all, channel)
                : counter;
    }

    /// <summary>Takes a point's turn, and notes when it was.</summary>
    public void Turn(PointMeasurement point, Action take)
    {
        double begin = _time.NowSeconds;
        point.Telemetry.CalendarOffsetSeconds ??= CalendarOffset();
        _recorder?.Mark(TelemetryEventKind.TurnBegin, point.Conditions.Label);
        take();
        _recorder?.Mark(TelemetryEventKind.TurnEnd);
        point.Telemetry.Turns.Add((begin, _time.NowSeconds));
        NoteCalendar(point);
    }

    /// <summary>
    /// What the sensors tell now, for somebody who looks on, for example <c>612 W, 1755 MHz, 61 °C, slowed by softwarePowerCap</c>. No
    /// measurement; null where nothing is told.
    /// </summary>
    public string? Now()
    {
        double now = _time.NowSeconds;
        IReadOnlyList<TelemetryEntry> latest = _recorder?.Between(now - LookSeconds, now) ?? [];
        return latest.Count == 0 ? null : TelemetryWords.Of(latest[0].Sample, latest[^1].Sample);
    }

    /// <summary>Measures a point's energy, its time being known.</summary>
    public void MeasureEnergy(PointMeasurement point, IRunObserver observer, CancellationToken cancellation)
    {
        if (_recorder is null || _request.Preset.EnergySeconds <= 0 || point.State.Count == 0)
        {
            return;
        }

        if (Channel is null && !Tells(TelemetryQuantity.EnergyCounter))
        {
            point.Telemetry.NoTrialsReason = TelemetryCodes.NoPower;
            point.Telemetry.NoTrialsDetail = WhyNoPower();
            return;
        }

        try
        {
            RunTrials(point, _recorder, observer, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The point's time is whole; only its energy is not, and the run ends after it.
            point.Telemetry.NoTrialsReason = PointCodes.Interrupted;
        }

        NoteCalendar(point);
    }

    /// <summary>The samples between two instants.</summary>
    public TelemetryWindow WindowOf(double begin, double end) => new(begin, end, _recorder?.Between(begin, end) ?? []);

    /// <summary>Ends the recording; the trace stays.</summary>
    public void End() => _recorder?.Stop();

    /// <summary>Everything recorded; null without a source.</summary>
    public TelemetryTrace? Trace() => _recorder?.ToTrace(_device.Name);

    /// <summary>The record with what is known of telemetry by now.</summary>
    public RunRecord AddTo(RunRecord record) =>
        _source is null || _recorder is null ? record : RunTelemetryRecord.AddTo(record, this, _source, _recorder);

    public void Dispose() => _recorder?.Dispose();

    private void RunTrials(
        PointMeasurement point,
        TelemetryRecorder recorder,
        IRunObserver observer,
        CancellationToken cancellation
    )
    {
        double step = point.State.ToStepStatistics().Median;
        double left = _request.MaxSeconds is double limit
            ? (limit / _request.Points.Count) - point.State.ElapsedSeconds
            : double.PositiveInfinity;
        if (_request.Preset.MeasuresSensor && !_sensorWasTried && left > 2 * SensorProbe.AboutSeconds)
        {
            _sensorWasTried = true;
            observer.OnProgress(new RunProgress("measuring how the power sensor answers", null, null, null));
            Probe = new SensorProbe(recorder, _time, _random).Run(
                () => point.Session.RunSteps(1),
                Behaviour,
                cancellation
            );
            Behaviour = Probe.Behaviour;
            left -= SensorProbe.AboutSeconds;
        }

        var loop = new EnergyLoop(recorder, _time, Behaviour, Channel, _random);
        int trials = _request.Preset.EnergyTrials;
        double each = loop.OverheadSeconds(step) + _request.Preset.EnergySeconds + LongestCooldownSeconds;
        if (trials * each > left)
        {
            trials = 1;
        }

        double counted = Math.Min(_request.Preset.EnergySeconds, left - loop.OverheadSeconds(step));
        if (loop.ShortestTrialSeconds(step) > left)
        {
            point.Telemetry.NoTrialsReason = TelemetryCodes.WindowTooShort;
            point.Telemetry.NoTrialsDetail =
                $"a trial of energy takes {loop.ShortestTrialSeconds(step):0.0} s at least, and {Math.Max(0, left):0.0} s were left";
            return;
        }

        for (int trial = 0; trial < trials; trial++)
        {
            observer.OnProgress(
                new RunProgress($"measuring energy ({point.Conditions.Label})", (double)trial / trials, null, null)
            );
            (double begin, double end) = loop.Run(
                point.Conditions.Label,
                counted,
                step,
                point.Session.RunSteps,
                cancellation
            );
            TelemetryWindow window = WindowOf(begin, end);
            point.Telemetry.Trials.Add(TrialEnergy.Of(window, recorder.EventsBetween(begin, end), Behaviour, Channel));
            if (trial + 1 < trials)
            {
                CoolDown(window, cancellation);
            }
        }
    }

    /// <summary>Waits until the device is about as cool as when the trial began, within limits.</summary>
    private void CoolDown(TelemetryWindow trial, CancellationToken cancellation)
    {
        double? wanted = trial
            .Entries.Select(entry => entry.Sample.TemperatureCelsius)
            .FirstOrDefault(t => t is not null);
        double end = _time.NowSeconds + LongestCooldownSeconds;
        _time.Wait(ShortestCooldownSeconds, cancellation);
        while (_time.NowSeconds < end && !cancellation.IsCancellationRequested)
        {
            double now = _time.NowSeconds;
            double? latest = LatestCelsius(WindowOf(now - 2, now).Entries);
            if (latest is null || wanted is null || latest <= wanted + CooledCelsius)
            {
                return;
            }

            _time.Wait(0.5, cancellation);
        }
    }

    private static double? LatestCelsius(IReadOnlyList<TelemetryEntry> entries) =>
        entries.Count > 0 ? entries[^1].Sample.TemperatureCelsius : null;

    private bool Tells(TelemetryQuantity quantity) =>
        _source?.Capabilities.Any(one => one.Quantity == quantity && one.IsAvailable) ?? false;

    private string? WhyNoPower() =>
        _source
            ?.Capabilities.Where(one =>
                one.Quantity is TelemetryQuantity.EnergyCounter or TelemetryQuantity.PowerInstant && !one.IsAvailable
            )
            .Select(one => one.Detail ?? one.ReasonCode)
            .FirstOrDefault();

    private double CalendarOffset() => (_time.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds - _time.NowSeconds;

    private void NoteCalendar(PointMeasurement point)
    {
        double jump = CalendarOffset() - (point.Telemetry.CalendarOffsetSeconds ?? CalendarOffset());
        if (Math.Abs(jump) > Math.Abs(point.Telemetry.CalendarJumpSeconds))
        {
            point.Telemetry.CalendarJumpSeconds = jump;
        }
    }

    private static DeviceState StateOf(ITelemetrySource source)
    {
        try
        {
            return source.ReadState();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A source should not throw; where it does, nothing is known.
            return new DeviceState();
        }
    }
}
