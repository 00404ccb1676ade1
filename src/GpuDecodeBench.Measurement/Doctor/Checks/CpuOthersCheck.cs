namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Processor time that other processes took meanwhile.</summary>
internal sealed class CpuOthersCheck()
    : DoctorCheck("cpu-others", "no other processes work", DoctorTargets.Cpu, DoctorProbes.Load)
{
    private const double WarnShare = 0.05;
    private const double FailShare = 0.40;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        HostCounters? before = facts.Host?.Before;
        HostCounters? after = facts.Host?.After;
        double? busy = after?.BusySeconds - before?.BusySeconds;
        double? own = after?.OwnSeconds - before?.OwnSeconds;
        double? elapsed = after?.Seconds - before?.Seconds;
        if (busy is not double worked || own is not double ours || elapsed is not double seconds || seconds <= 0)
        {
            return Skip("notTold", "this system does not tell who uses its processors");
        }

        double share = Math.Max(0, worked - ours) / (seconds * facts.Host!.LogicalProcessors);
        string words =
            $"others took {DoctorText.Percent(share)} of {facts.Host.LogicalProcessors} processors under load"
            + (facts.Host.LoadAverage is double load ? DoctorText.Text($"; load average {load:0.0} before") : "");
        const string Expected = "under 5 %";
        const string Source = "/proc/stat less this process's own time";
        const string Advice =
            "Other processes compete for processors and memory: stop them, or expect figures that are too low and spread.";
        return share >= FailShare ? Fail(words, Expected, Source, Advice)
            : share >= WarnShare ? Warn(words, Expected, Source, Advice)
            : Pass(words, Expected, Source);
    }
}
