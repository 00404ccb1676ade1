using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Whether memory errors are corrected, and whether there were any.</summary>
internal sealed class EccCheck()
    : DoctorCheck("ecc", "memory errors are corrected, and there are none", DoctorTargets.Gpu)
{
    /// <summary>A few corrected errors are what the correction is for; thousands foretell others.</summary>
    private const long ManyCorrected = 1000;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        MemoryErrorState errors = facts.State.MemoryErrors;
        long? lost = Value(errors.UncorrectedSinceLoad);
        long? lostEver = Value(errors.UncorrectedInAll);
        long? corrected = Value(errors.CorrectedSinceLoad);
        string counts = DoctorText.Text(
            $"{Count(lost)} uncorrected and {Count(corrected)} corrected errors since the driver was loaded, {Count(lostEver)} uncorrected ever"
        );
        const string Source = "the device's error counters";
        if (lost > 0)
        {
            return Fail(
                counts,
                "none uncorrected",
                Source,
                "Results may be wrong: reset the device, and return it if errors come again."
            );
        }

        if (!errors.IsEccEnabled.TryGet(out bool isOn))
        {
            return Skip(errors.IsEccEnabled);
        }

        if (!isOn)
        {
            return Warn(
                "ECC is off",
                "ECC on",
                Source,
                "Errors go unnoticed. An administrator can turn it on (nvidia-smi -e 1, then a reset); it costs some memory and bandwidth on cards with GDDR."
            );
        }

        if (lost is null)
        {
            return Skip(errors.UncorrectedSinceLoad, "ECC is on");
        }

        return lostEver > 0 || corrected > ManyCorrected
            ? Warn(
                $"ECC is on; {counts}",
                "few corrected, none uncorrected",
                Source,
                "The memory has had faults: watch it, and see memory-rows."
            )
            : Pass($"ECC is on; {counts}", "ECC on, none uncorrected", Source);
    }

    private static long? Value(Reading<long> reading) => reading.TryGet(out long value) ? value : null;

    private static string Count(long? count) => count is long known ? DoctorText.Text($"{known}") : "unknown";
}
