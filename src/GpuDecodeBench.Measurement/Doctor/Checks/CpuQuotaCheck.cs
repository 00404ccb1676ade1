namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Whether a container's quota stops the processors.</summary>
internal sealed class CpuQuotaCheck()
    : DoctorCheck("cpu-quota", "no quota stops its threads", DoctorTargets.Cpu, DoctorProbes.Load)
{
    private const double WarnShare = 0.01;
    private const double FailShare = 0.10;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Host is not HostObservation host)
        {
            return Skip("notMeasured");
        }

        const string Expected = "no quota, or one of whole processors that is not used up";
        const string Source = "the control group's cpu.max and cpu.stat";
        const string Advice =
            "The container may not use its processors all the time: every thread then stands still at once, and figures are those of the quota. Ask for whole processors, or set DOTNET_PROCESSOR_COUNT to what the quota allows.";
        long? periods = host.After?.QuotaPeriods - host.Before.QuotaPeriods;
        long? throttled = host.After?.ThrottledPeriods - host.Before.ThrottledPeriods;
        string limit = host.CpuLimit is double cores
            ? DoctorText.Text($"a quota of {cores:0.##} of {host.UsableProcessors} processors")
            : DoctorText.Text($"no quota, {host.UsableProcessors} of {host.LogicalProcessors} processors");
        if (periods > 0 && throttled is long stood)
        {
            double share = (double)stood / periods.Value;
            string words = $"{limit}; threads stood still in {DoctorText.Percent(share)} of its periods under load";
            if (share >= WarnShare)
            {
                return share >= FailShare
                    ? Fail(words, Expected, Source, Advice)
                    : Warn(words, Expected, Source, Advice);
            }

            limit = words;
        }

        if (host.CpuLimit is double allowed)
        {
            return allowed < host.UsableProcessors
                ? Warn(limit, Expected, Source, Advice)
                : Pass(limit, Expected, Source);
        }

        // Without processor times nothing of this system's accounts can be read, and no quota may be one that is not seen.
        return host.Before.BusySeconds is null
            ? Skip("notTold", "this system does not tell of quotas")
            : Pass(limit, Expected, Source);
    }
}
