using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Validity;

/// <summary>
/// The rules by which telemetry makes a point invalid, or warns. Invalid is what makes the time itself one that the device would
/// not give when it is well: slowed down by heat, hardware or another user. What only touches energy is a warning.
/// </summary>
public static class TelemetryChecks
{
    /// <summary>The reasons that say that something is wrong with the device, its cooling or its supply.</summary>
    public const ThrottleReasons Slowdowns =
        ThrottleReasons.HardwareSlowdown
        | ThrottleReasons.SoftwareThermal
        | ThrottleReasons.HardwareThermal
        | ThrottleReasons.PowerBrake;

    /// <summary>A point is invalid where it was slowed down in this share of its samples.</summary>
    public const double SlowdownShare = 0.05;

    /// <summary>The lowest clock over the default, as NVBench has it.</summary>
    public const double LowestClockShare = 0.75;

    /// <summary>The lowest power limit over the default that is not called lowered: limits are set in whole watts.</summary>
    private const double LowestLimitShare = 0.99;

    /// <summary>The utilisation of an idle device above which somebody else uses it.</summary>
    private const double BusyIdle = 0.05;

    private const double RisingCelsius = 2;
    private const double LongestSilenceSeconds = IntegratedEnergy.LongestSilenceSeconds;
    private const double CalendarJumpSeconds = 0.5;

    /// <summary>The share by which counter and integrated power may differ.</summary>
    public const double LargestDisagreement = 0.05;

    private const int StuckReadings = 10;

    /// <summary>Applies all rules.</summary>
    public static TelemetryVerdict Of(TelemetryFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        TelemetryEntry[] load = [.. facts.Turns.Concat(facts.Trials).SelectMany(window => window.Entries)];
        var invalid = new List<string>();
        var warnings = new List<string>();
        void Add(string code, bool? isInvalid)
        {
            if (isInvalid is bool breaks)
            {
                (breaks ? invalid : warnings).Add(code);
            }
        }

        Add(TelemetryCodes.Throttled, Throttled(load));
        Add(TelemetryCodes.ClockLow, ClockLow(load, facts.State));
        Add(TelemetryCodes.PowerLimitLowered, LimitLowered(facts.State));
        Add(TelemetryCodes.OtherProcess, OtherProcess(facts));
        Add(TelemetryCodes.TemperatureRising, facts.Trials.Any(IsRising) ? false : null);
        Add(TelemetryCodes.SensorSilent, facts.Turns.Concat(facts.Trials).Any(IsSilent) ? false : null);
        Add(
            TelemetryCodes.SensorStuck,
            IsStuck(facts) || Has(facts.Counter, TelemetryCodes.SensorStuck) ? false : null
        );
        Add(TelemetryCodes.TooFewPowerSamples, Has(facts.Integrated, TelemetryCodes.TooFewPowerSamples) ? false : null);
        Add(TelemetryCodes.EnergyMethodsDisagree, Disagree(facts) ? false : null);
        Add(TelemetryCodes.ClockJumped, Math.Abs(facts.CalendarJumpSeconds) > CalendarJumpSeconds ? false : null);
        return new TelemetryVerdict(invalid, warnings, NamesOf(load));
    }

    /// <summary>Whether the power value was the same with nothing to do and under load, so that the sensor does not tell power.</summary>
    public static bool IsStuck(TelemetryFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (facts.Channel is not PowerChannel channel || facts.Idle is not TelemetryWindow idle)
        {
            return false;
        }

        double[] Readings(IEnumerable<TelemetryEntry> entries) =>
            [.. entries.Select(entry => channel.WattsOf(entry.Sample)).OfType<double>()];
        double[] quiet = Readings(idle.Entries);
        double[] loaded = Readings(facts.Trials.SelectMany(window => window.Entries));
        return quiet.Length >= StuckReadings
            && loaded.Length >= StuckReadings
            && quiet.Concat(loaded).Distinct().Take(2).Count() == 1;
    }

    /// <summary>The names of all reasons that were seen, but for idle times.</summary>
    public static IReadOnlyList<string> NamesOf(ThrottleReasons reasons) =>
        [
            .. Enum.GetValues<ThrottleReasons>()
                .Where(reason =>
                    reason is not (ThrottleReasons.None or ThrottleReasons.Idle) && reasons.HasFlag(reason)
                )
                .Select(reason => char.ToLowerInvariant(reason.ToString()[0]) + reason.ToString()[1..]),
        ];

    private static IReadOnlyList<string> NamesOf(TelemetryEntry[] load) =>
        NamesOf(load.Aggregate(ThrottleReasons.None, (all, entry) => all | entry.AllThrottleReasons));

    /// <summary>Invalid where a slowdown was there for long, a warning where it was seen, or the power limit held clocks down.</summary>
    private static bool? Throttled(TelemetryEntry[] load)
    {
        double Share(ThrottleReasons reasons)
        {
            long seen = load.Where(entry => (entry.AllThrottleReasons & reasons) != ThrottleReasons.None)
                .Sum(entry => (long)entry.Samples);
            return (double)seen / Math.Max(1, load.Sum(entry => (long)entry.Samples));
        }

        double slowed = Share(Slowdowns);
        bool isHeldDown = Share(ThrottleReasons.SoftwarePowerCap | ThrottleReasons.SyncBoost) >= SlowdownShare;
        return slowed >= SlowdownShare ? true
            : slowed > 0 || isHeldDown ? false
            : null;
    }

    /// <summary>
    /// Invalid against the default clock. A maximum is no promise (a CPU reaches its on one core alone), so against it the code is
    /// a warning.
    /// </summary>
    private static bool? ClockLow(TelemetryEntry[] load, DeviceState? state)
    {
        double[] clocks = [.. load.Select(entry => entry.Sample.CoreClockHz).OfType<double>().Order()];
        if (clocks.Length == 0 || state is null)
        {
            return null;
        }

        bool hasDefault = state.Clocks.CoreDefaultHz.TryGet(out double reference);
        if (!hasDefault && !state.Clocks.CoreMaximumHz.TryGet(out reference))
        {
            return null;
        }

        return OrderStatistics.Median(clocks) < LowestClockShare * reference ? hasDefault : null;
    }

    private static bool? LimitLowered(DeviceState? state) =>
        state is not null
        && state.PowerLimits.EnforcedWatts.TryGet(out double enforced)
        && state.PowerLimits.DefaultWatts.TryGet(out double standard)
        && enforced < LowestLimitShare * standard
            ? false
            : null;

    /// <summary>Invalid where the device was busy while this run left it idle; a process that is merely there is a warning.</summary>
    private static bool? OtherProcess(TelemetryFacts facts)
    {
        if (facts.State is null || !facts.State.Processes.TryGet(out IReadOnlyList<ProcessState>? all) || all.Count < 2)
        {
            return null;
        }

        double[] use =
        [
            .. (facts.Idle?.Entries ?? []).Select(entry => entry.Sample.CoreUtilization).OfType<double>().Order(),
        ];
        return use.Length > 0 && OrderStatistics.Median(use) > BusyIdle;
    }

    private static bool IsRising(TelemetryWindow window)
    {
        double[] values = [.. window.Entries.Select(entry => entry.Sample.TemperatureCelsius).OfType<double>()];
        int third = values.Length / 3;
        return third >= 2 && values[^third..].Average() - values[..third].Average() >= RisingCelsius;
    }

    private static bool IsSilent(TelemetryWindow window)
    {
        double before = window.BeginSeconds;
        foreach (TelemetryEntry entry in window.Entries.Where(entry => entry.Sample.FailureCode is null))
        {
            // What an entry stands for came at even times, as far as is still known.
            if ((entry.Sample.Seconds - before) / entry.Samples > LongestSilenceSeconds)
            {
                return true;
            }

            before = entry.Sample.Seconds;
        }

        return window.EndSeconds - before > LongestSilenceSeconds;
    }

    private static bool Has(IEnumerable<EnergyEstimate> estimates, string code) =>
        estimates.Any(estimate => estimate.ReasonCode == code);

    private static bool Disagree(TelemetryFacts facts) =>
        facts
            .Counter.Zip(facts.Integrated)
            .Any(pair => Math.Abs((pair.First.Watts / pair.Second.Watts ?? 1) - 1) > LargestDisagreement);
}
