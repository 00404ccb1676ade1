using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Other processes on the device, or memory that somebody holds.</summary>
internal sealed class ProcessesCheck() : DoctorCheck("processes", "nobody else holds its memory", DoctorTargets.Gpu)
{
    /// <summary>What a driver and this program's own context take before anything is allocated, generously.</summary>
    private const long OwnBytes = 2L << 30;

    private const double OwnShare = 0.03;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Device.IsEmulated)
        {
            return Skip("emulated", "nobody else can be on an emulated device");
        }

        long? taken = facts.Device.MemoryBytes - facts.Device.FreeBytes;
        string memory = taken is long bytes ? $"{DoctorText.Memory(bytes)} of memory taken" : "memory not told";
        const string Expected = "no process but this one, and memory free but for the driver's part";
        const string Source = "the driver's list of processes and its free memory";
        const string Advice =
            "Somebody else uses this device, or an earlier process of yours still holds memory: look with nvidia-smi. Figures are those of a shared device.";
        if (taken > Math.Max(OwnBytes, OwnShare * (facts.Device.MemoryBytes ?? 0)))
        {
            return Warn(memory, Expected, Source, Advice);
        }

        if (facts.State is null)
        {
            return SkipTelemetry(facts, memory);
        }

        if (!facts.State.Processes.TryGet(out IReadOnlyList<ProcessState>? processes))
        {
            return Skip(facts.State.Processes, memory);
        }

        // In a container processes have other numbers than the driver's: then one of those listed is this one.
        int others = Math.Max(0, processes.Count - 1);
        if (processes.Any(process => process.ProcessId == facts.ProcessId))
        {
            others = processes.Count(process => process.ProcessId != facts.ProcessId);
        }

        string words = others switch
        {
            0 => $"no other process, {memory}",
            1 => $"1 other process, {memory}",
            _ => $"{others} other processes, {memory}",
        };
        return others > 0 ? Warn(words, Expected, Source, Advice) : Pass(words, Expected, Source);
    }
}
