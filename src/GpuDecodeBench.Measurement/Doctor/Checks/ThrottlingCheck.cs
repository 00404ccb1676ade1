using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Why clocks were lowered under load, as the sensors say.</summary>
internal sealed class ThrottlingCheck()
    : DoctorCheck(
        "throttling",
        "nothing slows it down under load",
        DoctorTargets.All,
        DoctorProbes.Load,
        restsOnTime: true
    )
{
    private const ThrottleReasons Severe =
        ThrottleReasons.HardwareSlowdown | ThrottleReasons.HardwareThermal | ThrottleReasons.PowerBrake;

    private const ThrottleReasons Thermal = ThrottleReasons.SoftwareThermal | ThrottleReasons.SyncBoost;

    /// <summary>Not reasons to worry about: no work, or what clocks-application tells.</summary>
    private const ThrottleReasons Ignored =
        ThrottleReasons.Idle | ThrottleReasons.ApplicationClocks | ThrottleReasons.DisplayClocks;

    /// <summary>A single reading may catch a passing moment.</summary>
    private const double Passing = 0.02;

    /// <summary>NVBench discards samples below 75 % of the default clock.</summary>
    private const double LowClock = 0.75;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        TelemetrySample[] samples =
        [
            .. (facts.Load ?? [])
                .SelectMany(phase => phase.Samples)
                .Where(sample => sample.ThrottleReasons is not null),
        ];
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        if (samples.Length == 0)
        {
            return Skip(facts, TelemetryQuantity.ThrottleReasons);
        }

        ThrottleReasons often = Enum.GetValues<ThrottleReasons>()
            .Where(reason => reason != ThrottleReasons.None && (reason & Ignored) == ThrottleReasons.None)
            .Where(reason =>
                samples.Count(sample => (sample.ThrottleReasons!.Value & reason) != ThrottleReasons.None)
                > Passing * samples.Length
            )
            .Aggregate(ThrottleReasons.None, (all, reason) => all | reason);
        double? lowest = samples.Min(sample => sample.CoreClockHz);
        double? normal =
            facts.State.Clocks.CoreDefaultHz.TryGet(out double usual) ? usual
            : facts.State.Clocks.CoreMaximumHz.TryGet(out double highest) ? highest
            : null;
        string clock = lowest is double known ? $", core clock down to {DoctorText.Clock(known)}" : "";
        string words =
            $"{(often == ThrottleReasons.None ? "no reason" : Words(often))} in {samples.Length} readings{clock}";
        const string Expected = "no slowdown by temperature, current or power supply";
        const string Source = "the sensors' reasons for lowered clocks, under load";
        if ((often & Severe) != ThrottleReasons.None)
        {
            return Fail(
                words,
                Expected,
                Source,
                "The hardware protects itself: cooling or power supply of this machine do not suffice. Take another."
            );
        }

        bool isSlow = lowest < LowClock * normal;
        if (
            (often & Thermal) != ThrottleReasons.None
            || ((often & ThrottleReasons.SoftwarePowerCap) != ThrottleReasons.None && isSlow)
        )
        {
            return Warn(
                words,
                Expected,
                Source,
                "It runs slower than it could: see temperature and power-limit. Figures measured on it are those of a throttled device."
            );
        }

        return Pass(words, Expected, Source);
    }

    private static string Words(ThrottleReasons reasons) =>
        DoctorText.List([
            .. Enum.GetValues<ThrottleReasons>()
                .Where(reason => reason != ThrottleReasons.None && (reasons & reason) != ThrottleReasons.None)
                .Select(Word),
        ]);

    private static string Word(ThrottleReasons reason) =>
        reason switch
        {
            ThrottleReasons.SoftwarePowerCap => "power limit",
            ThrottleReasons.HardwareSlowdown => "hardware slowdown",
            ThrottleReasons.SyncBoost => "a slower GPU of its group",
            ThrottleReasons.SoftwareThermal => "temperature (software)",
            ThrottleReasons.HardwareThermal => "temperature (hardware)",
            ThrottleReasons.PowerBrake => "power brake",
            _ => reason.ToString(),
        };
}
