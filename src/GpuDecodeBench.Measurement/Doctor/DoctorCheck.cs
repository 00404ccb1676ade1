using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>What checks have in common: they are skipped, with the reason, where there is nothing to judge.</summary>
/// <param name="id">The check's name.</param>
/// <param name="title">What it checks.</param>
/// <param name="targets">The devices that it is for.</param>
/// <param name="needs">What must have been measured.</param>
/// <param name="restsOnTime">Whether it rests on time, which means nothing on an emulated device.</param>
internal abstract class DoctorCheck(
    string id,
    string title,
    DoctorTargets targets,
    DoctorProbes needs = DoctorProbes.None,
    bool restsOnTime = false
) : IDoctorCheck
{
    public string Id => id;

    public string Title => title;

    public DoctorTargets Targets => targets;

    public DoctorProbes Needs => needs;

    public CheckResult Judge(DoctorFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (restsOnTime && facts.Device.IsEmulated)
        {
            return Skip("emulated", "the device is emulated: its times mean nothing");
        }

        foreach ((DoctorProbes probe, ProbeFailure failure) in facts.Failures)
        {
            if ((needs & probe) != DoctorProbes.None)
            {
                return failure.IsFault
                    ? Fail(
                        $"the device failed: {failure.Detail}",
                        "work that ends",
                        "a healthy device",
                        "Run doctor once more; if it fails again, return the device."
                    )
                    : Skip(failure.ReasonCode, failure.Detail);
            }
        }

        return Decide(facts);
    }

    /// <summary>Judges what is there.</summary>
    protected abstract CheckResult Decide(DoctorFacts facts);

    /// <summary>As it should be.</summary>
    protected CheckResult Pass(string measured, string? expected = null, string? source = null) =>
        Result(Verdict.Pass, measured, expected, source, null);

    /// <summary>Worth knowing.</summary>
    protected CheckResult Warn(string measured, string expected, string source, string advice) =>
        Result(Verdict.Warn, measured, expected, source, advice);

    /// <summary>Wrong.</summary>
    protected CheckResult Fail(string measured, string expected, string source, string advice) =>
        Result(Verdict.Fail, measured, expected, source, advice);

    /// <summary>One of the three, by the worst of some conditions.</summary>
    protected CheckResult Result(Verdict verdict, string measured, string? expected, string? source, string? advice) =>
        new()
        {
            Id = id,
            Title = title,
            Verdict = verdict,
            Measured = measured,
            Expected = expected,
            Source = source,
            Advice = verdict == Verdict.Pass ? null : advice,
        };

    /// <summary>Nothing to judge.</summary>
    /// <param name="reasonCode">Why, as a code.</param>
    /// <param name="detail">Why, in words; null where there are none.</param>
    /// <param name="measured">What was measured all the same; null where nothing was.</param>
    protected CheckResult Skip(string? reasonCode, string? detail = null, string? measured = null) =>
        new()
        {
            Id = id,
            Title = title,
            Verdict = Verdict.Skip,
            Measured = measured,
            Advice = detail,
            ReasonCode = reasonCode ?? "notMeasured",
        };

    /// <summary>Nothing to judge, since a reading is missing.</summary>
    protected CheckResult Skip<T>(Reading<T> reading, string? measured = null) =>
        Skip(reading.ReasonCode, reading.Detail, measured);

    /// <summary>Nothing to judge, since the sensors do not tell a quantity.</summary>
    protected CheckResult Skip(DoctorFacts facts, TelemetryQuantity quantity)
    {
        TelemetryCapability? known = facts.Capabilities.FirstOrDefault(capability => capability.Quantity == quantity);
        return known?.ReasonCode is string code
            ? Skip(code, known.Detail)
            : Skip("notTold", $"the sensors told nothing of {Spaced(quantity)}");
    }

    /// <summary>Nothing to judge, since there is no telemetry at all.</summary>
    protected CheckResult SkipTelemetry(DoctorFacts facts, string? measured = null) =>
        Skip(facts.NoTelemetryReason ?? "noTelemetry", "no sensors of this device can be read", measured);

    /// <summary><c>CoreClock</c> becomes <c>core clock</c>.</summary>
    private static string Spaced(TelemetryQuantity quantity) =>
        string.Concat(
            $"{quantity}".Select(
                (c, i) => i > 0 && char.IsUpper(c) ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"
            )
        );
}
