namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The power limit in force against the device's default and the datasheet.</summary>
internal sealed class PowerLimitCheck()
    : DoctorCheck("power-limit", "its power limit is not lowered", DoctorTargets.Gpu)
{
    /// <summary>Limits are set in whole watts.</summary>
    private const double Same = 0.99;

    private const double Bad = 0.80;

    /// <summary>Makers sell variants of a name with other limits; below this it is not one of them.</summary>
    private const double Variant = 0.90;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        if (!facts.State.PowerLimits.EnforcedWatts.TryGet(out double enforced))
        {
            return Skip(facts.State.PowerLimits.EnforcedWatts);
        }

        double? listed = facts.Catalogue?.TdpWatts.Select(value => (double?)value.Value).Min();
        if (!facts.State.PowerLimits.DefaultWatts.TryGet(out double usual))
        {
            return Skip(facts.State.PowerLimits.DefaultWatts, DoctorText.Text($"{enforced:0} W in force"));
        }

        double share = enforced / usual;
        string words = DoctorText.Text($"{enforced:0} W in force, {usual:0} W by default");
        string expected = listed is double tdp ? DoctorText.Text($"the default; datasheet {tdp:0} W") : "the default";
        const string Source = "the device's own default limit, and the catalogue";
        const string Advice =
            "The seller lowered it: heavy work will be slower than on others of this name. An administrator can set it back (nvidia-smi -pl).";
        if (share < Bad)
        {
            return Fail(words, expected, Source, Advice);
        }

        if (share < Same)
        {
            return Warn(words, expected, Source, Advice);
        }

        return usual < Variant * listed
            ? Warn(
                words,
                expected,
                Source,
                "A variant with a lower limit than the catalogue's: slower under heavy work than its name suggests."
            )
            : Pass(words, expected, Source);
    }
}
