using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Rows of memory that were replaced, wait to be, or could not be.</summary>
internal sealed class MemoryRowsCheck()
    : DoctorCheck("memory-rows", "no rows of memory were given up", DoctorTargets.Gpu)
{
    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        MemoryErrorState errors = facts.State.MemoryErrors;
        const string Expected = "none replaced after errors that could not be corrected";
        const string Source = "the device's record of replaced rows";
        if (errors.HasRemappingFailed.OrElse(false))
        {
            return Fail(
                "a row could not be replaced",
                Expected,
                Source,
                "The memory has no spare rows left where it is faulty: the device should be exchanged."
            );
        }

        if (errors.IsRemappingPending.OrElse(false))
        {
            return Fail(
                "a replacement waits for a reset",
                Expected,
                Source,
                "Reset the device before use (nvidia-smi -r, or restart the machine): until then it works with the faulty row."
            );
        }

        if (!errors.HasRemappingFailed.HasValue)
        {
            return Skip(errors.HasRemappingFailed);
        }

        if (!errors.IsRemappingPending.HasValue)
        {
            return Skip(errors.IsRemappingPending);
        }

        if (!errors.RemappedUncorrectable.TryGet(out long lost))
        {
            return Skip(errors.RemappedUncorrectable, "nothing pending, nothing failed");
        }

        string words = DoctorText.Text(
            $"{lost} replaced after errors that could not be corrected, {(errors.RemappedCorrectable.TryGet(out long mended) ? DoctorText.Text($"{mended}") : "unknown")} after ones that could"
        );
        return lost > 0
            ? Warn(
                words,
                Expected,
                Source,
                "The memory has had faults and mended them; more are likelier than on other cards."
            )
            : Pass(words, Expected, Source);
    }
}
