namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Whether large buffers may lie on huge pages.</summary>
internal sealed class HugePagesCheck() : DoctorCheck("cpu-hugepages", "huge pages can be had", DoctorTargets.Cpu)
{
    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Host?.HugePages is not string policy)
        {
            return Skip("notTold", "this system does not tell of huge pages");
        }

        const string Source = "/sys/kernel/mm/transparent_hugepage/enabled";
        return policy == "never"
            ? Warn(
                policy,
                "madvise or always",
                Source,
                "Matrices are read through pages of 4 KiB, which costs time at each: set madvise as root."
            )
            : Pass(policy, "madvise or always", Source);
    }
}
