using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Validity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Makes what a point's record says of energy, clocks and trust from what telemetry saw.</summary>
internal sealed class PointTelemetryBuilder
{
    private const int TimelineEntries = 200;

    private readonly PointMeasurement _point;
    private readonly PointTelemetryData _data;
    private readonly RunTelemetry _telemetry;
    private readonly FullDepthEstimate _full;
    private readonly double _growth;
    private readonly TelemetryFacts _facts;
    private readonly TelemetryVerdict _verdict;
    private readonly TelemetryEntry[] _load;

    private PointTelemetryBuilder(
        PointMeasurement point,
        RunTelemetry telemetry,
        double stepSeconds,
        FullDepthEstimate full
    )
    {
        _point = point;
        _data = point.Telemetry;
        _telemetry = telemetry;
        _full = full;
        _growth = full.Seconds / stepSeconds;
        _facts = new TelemetryFacts
        {
            Turns = telemetry.Source is null
                ? []
                : [.. _data.Turns.Select(turn => telemetry.WindowOf(turn.Begin, turn.End))],
            Trials = [.. _data.Trials.Select(trial => trial.Window)],
            Idle = telemetry.Idle,
            State = telemetry.State,
            CalendarJumpSeconds = _data.CalendarJumpSeconds,
            Channel = telemetry.Channel,
            Counter = [.. _data.Trials.Select(trial => trial.Counter)],
            Integrated = [.. _data.Trials.Select(trial => trial.Integrated)],
        };
        _verdict = TelemetryChecks.Of(_facts);
        _load = [.. _facts.Turns.Concat(_facts.Trials).SelectMany(window => window.Entries)];
    }

    /// <summary>Makes it.</summary>
    /// <param name="point">The point.</param>
    /// <param name="telemetry">The run's telemetry.</param>
    /// <param name="stepSeconds">The median of the measured layers' step, in seconds.</param>
    /// <param name="full">The whole model's step.</param>
    public static PointTelemetryResult Build(
        PointMeasurement point,
        RunTelemetry telemetry,
        double stepSeconds,
        FullDepthEstimate full
    ) => new PointTelemetryBuilder(point, telemetry, stepSeconds, full).Build();

    private PointTelemetryResult Build()
    {
        if (_telemetry.Source is not ITelemetrySource source)
        {
            Figure none = Figure.Unavailable(TelemetryCodes.NoTelemetry, "no sensor of this device is read");
            return new PointTelemetryResult(
                none,
                none,
                _verdict,
                ProvenanceNote.Unavailable(TelemetryCodes.NoTelemetry),
                null
            );
        }

        Figure step = Energy(BestWatts, BestReason);
        Figure subtracted = IdleSubtracted(step);
        bool seesReasons = _load.Any(entry => entry.Sample.ThrottleReasons is not null);
        return new PointTelemetryResult(
            Watts(),
            PerToken(step),
            _verdict,
            seesReasons
                ? ProvenanceNote.Measured()
                : ProvenanceNote.Unavailable("notTold", "the source tells no reasons for lowered clocks"),
            Record(source, step, subtracted)
        );
    }

    private PointTelemetry Record(ITelemetrySource source, Figure step, Figure subtracted)
    {
        Figure counter = Energy(trial => trial.Counter.Watts, trial => trial.Counter.ReasonCode);
        Figure integrated = Energy(IntegratedWatts, IntegratedReason);
        double bits = _point.Plan.Totals.CompulsoryReadBytes * 8.0;
        return new PointTelemetry
        {
            Source = source.Name,
            JoulesPerStep = step,
            CounterJoulesPerStep = counter,
            IntegratedJoulesPerStep = integrated,
            CounterOverIntegrated = Ratio(counter, integrated),
            IdleSubtractedJoulesPerStep = subtracted,
            IdleSubtractedJoulesPerToken = PerToken(subtracted),
            TokensPerJoule = Map(PerToken(step), joules => 1 / joules, null),
            PeakWatts = Extreme(_facts.Trials.SelectMany(window => window.Entries), entry => entry.PeakWatts),
            FractionOfPowerLimit = OfLimit(),
            PicojoulesPerBit = Map(step, joules => joules * 1e12 / bits, "gross, over weights and KV read"),
            IdleSubtractedPicojoulesPerBit = Map(
                subtracted,
                joules => joules * 1e12 / bits,
                "over weights and KV read"
            ),
            ReferencePicojoulesPerBit = Figure.Assumed(
                SensorCatalogue.MemoryPicojoulesPerBit,
                SensorCatalogue.MemoryEnergyOrigin
            ),
            TrialSpread = Spread(),
            MedianCoreClockHz = Median(sample => sample.CoreClockHz),
            MedianMemoryClockHz = Median(sample => sample.MemoryClockHz),
            HighestTemperatureCelsius = Extreme(_load, entry => entry.HighestTemperatureCelsius),
            Trials = [.. _data.Trials.Select(Trial)],
            Timeline = [.. Timeline()],
        };
    }

    /// <summary>The median over the trials of a mean power times the time of a step; unavailable with the first trial's reason.</summary>
    private Figure Energy(Func<TrialEnergy, double?> watts, Func<TrialEnergy, string?> reason)
    {
        double[] joules =
        [
            .. _data.Trials.Select(trial => watts(trial) * trial.SecondsPerStep).OfType<double>().Order(),
        ];
        if (joules.Length == 0)
        {
            return Missing(_data.Trials.Select(reason).FirstOrDefault(code => code is not null));
        }

        string how = _data.Trials.Any(trial => trial.Counter.Watts is not null && watts(trial) == trial.Counter.Watts)
            ? "energy counter between its updates"
            : "integrated power readings, corrected";
        return Figure.Measured(OrderStatistics.Median(joules), how);
    }

    private Figure Missing(string? trialReason) =>
        trialReason is null
            ? Figure.Unavailable(_data.NoTrialsReason, _data.NoTrialsDetail)
            : Figure.Unavailable(trialReason);

    private double? IntegratedWatts(TrialEnergy trial) =>
        TelemetryChecks.IsStuck(_facts) ? null : trial.Integrated.Watts;

    private string? IntegratedReason(TrialEnergy trial) =>
        TelemetryChecks.IsStuck(_facts) ? TelemetryCodes.SensorStuck : trial.Integrated.ReasonCode;

    private double? BestWatts(TrialEnergy trial) => trial.Counter.Watts ?? IntegratedWatts(trial);

    private string? BestReason(TrialEnergy trial) =>
        trial.Counter.ReasonCode is null or TelemetryCodes.NoCounter
            ? IntegratedReason(trial)
            : trial.Counter.ReasonCode;

    private Figure Watts()
    {
        double[] watts = [.. _data.Trials.Select(BestWatts).OfType<double>().Order()];
        return watts.Length > 0
            ? Figure.Measured(OrderStatistics.Median(watts), "mean while the step was repeated")
            : Missing(_data.Trials.Select(BestReason).FirstOrDefault(code => code is not null));
    }

    private Figure IdleSubtracted(Figure step)
    {
        if (_telemetry.IdleEnergy.Watts is not double idle)
        {
            return step.Value is null
                ? step
                : Figure.Unavailable(_telemetry.IdleEnergy.ReasonCode!, "idle power is not known");
        }

        double? seconds = _data.Trials.Select(trial => trial.SecondsPerStep).FirstOrDefault(one => one is not null);
        if (step.Value is not double joules || seconds is not double perStep)
        {
            return step;
        }

        double rest = joules - (idle * perStep);
        return rest > 0
            ? Figure.Derived(rest, "gross less idle power times the step's time")
            : Figure.Unavailable(TelemetryCodes.BelowIdle);
    }

    private Figure PerToken(Figure step)
    {
        if (step.Value is not double joules)
        {
            return step;
        }

        double value = joules * _growth / _point.Conditions.Batch;
        return _full.IsExtrapolated
            ? Figure.Extrapolated(value, "extrapolated to all layers as the time is")
            : Figure.Derived(value, "energy of a step over the batch");
    }

    private Figure OfLimit()
    {
        if (_telemetry.State?.PowerLimits.EnforcedWatts is not { HasValue: true } limit || limit.Value <= 0)
        {
            return Figure.Unavailable(_telemetry.State?.PowerLimits.EnforcedWatts.ReasonCode ?? "notAsked");
        }

        return Map(Watts(), watts => watts / limit.Value, null);
    }

    private Figure Spread()
    {
        if (_telemetry.IdleEnergy.Watts is not double idle)
        {
            return Figure.Unavailable(_telemetry.IdleEnergy.ReasonCode!, "idle power is not known");
        }

        double[] joules =
        [
            .. _data.Trials.Select(trial => (BestWatts(trial) - idle) * trial.SecondsPerStep).OfType<double>().Order(),
        ];
        return joules.Length >= 2 && joules[0] > 0
            ? Figure.Derived((joules[^1] - joules[0]) / OrderStatistics.Median(joules))
            : Figure.Unavailable("oneTrial");
    }

    private Figure Median(Func<TelemetrySample, double?> value)
    {
        double[] values = [.. _load.Select(entry => value(entry.Sample)).OfType<double>().Order()];
        return values.Length > 0 ? Figure.Measured(OrderStatistics.Median(values)) : Figure.Unavailable("notTold");
    }

    private static Figure Extreme(IEnumerable<TelemetryEntry> entries, Func<TelemetryEntry, double?> value)
    {
        double? highest = entries.Select(value).Max();
        return highest is >= 0 ? Figure.Measured(highest.Value) : Figure.Unavailable("notTold");
    }

    private static Figure Map(Figure figure, Func<double, double> of, string? method)
    {
        if (figure.Value is not double value)
        {
            return figure;
        }

        return figure.Provenance.Kind == Provenance.Extrapolated
            ? Figure.Extrapolated(of(value), method)
            : Figure.Derived(of(value), method);
    }

    private static Figure Ratio(Figure counter, Figure integrated) =>
        counter.Value is null ? counter
        : integrated.Value is not double below ? integrated
        : below > 0 ? Figure.Derived(counter.Value.Value / below)
        : Figure.Unavailable(TelemetryCodes.SensorStuck);

    private EnergyTrial Trial(TrialEnergy trial) =>
        new()
        {
            Seconds = trial.Seconds,
            Steps = trial.Steps,
            Segments = trial.Segments.Count,
            CounterWatts = trial.Counter.Watts,
            CounterReason = trial.Counter.ReasonCode,
            CounterUpdates = trial.Counter.Readings,
            IntegratedWatts = IntegratedWatts(trial),
            IntegratedReason = IntegratedReason(trial),
            PowerReadings = trial.Integrated.Readings,
        };

    private IEnumerable<TimelineEntry> Timeline()
    {
        double begin = _data.Turns.Count > 0 ? _data.Turns[0].Begin : 0;
        foreach (TelemetryEntry entry in TelemetryEntry.Thin(_load, TimelineEntries))
        {
            bool isMean = entry.Samples > 1 && entry.PowerSeconds > 0;
            yield return new TimelineEntry
            {
                Seconds = Math.Max(0, entry.Sample.Seconds - begin),
                Watts = isMean ? entry.PowerJoules / entry.PowerSeconds : TelemetryEntry.WattsOf(entry.Sample),
                PeakWatts = entry.PeakWatts,
                CoreClockHz = entry.LowestCoreClockHz,
                MemoryClockHz = entry.Sample.MemoryClockHz,
                TemperatureCelsius = entry.HighestTemperatureCelsius is >= 0 ? entry.HighestTemperatureCelsius : null,
                ThrottleReasons = TelemetryChecks.NamesOf(entry.AllThrottleReasons),
            };
        }
    }
}
