namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Persistence and compute mode: for information.</summary>
internal sealed class ModeCheck() : DoctorCheck("mode", "its modes (for information)", DoctorTargets.Gpu)
{
    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        bool knowsMode = facts.State.ComputeMode.TryGet(out string? mode);
        bool knowsPersistence = facts.State.Persistence.TryGet(out bool persists);
        if (!knowsMode && !knowsPersistence)
        {
            return Skip(facts.State.ComputeMode);
        }

        string words =
            $"compute mode {(knowsMode ? mode : "unknown")}, persistence {(knowsPersistence ? persists ? "on" : "off" : "unknown")}";
        return Pass(words);
    }
}
