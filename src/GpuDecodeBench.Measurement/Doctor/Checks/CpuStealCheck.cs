namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Processor time that the hypervisor gave to others while there was work here.</summary>
internal sealed class CpuStealCheck()
    : DoctorCheck("cpu-steal", "the hypervisor gives it all its time", DoctorTargets.Cpu, DoctorProbes.Load)
{
    private const double WarnShare = 0.01;
    private const double FailShare = 0.10;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        double? stolen = facts.Host?.After?.StolenSeconds - facts.Host?.Before.StolenSeconds;
        double? busy = facts.Host?.After?.BusySeconds - facts.Host?.Before.BusySeconds;
        if (stolen is not double lost || busy is not double worked || lost + worked <= 0)
        {
            return Skip("notTold", "this system does not tell of stolen time");
        }

        double share = lost / (lost + worked);
        string words = $"{DoctorText.Percent(share)} of the time that work wanted";
        const string Expected = "under 1 %";
        const string Source = "/proc/stat under load";
        const string Advice =
            "The host is oversold: others run on the same processors. Figures change with what they do; measure elsewhere, or say so.";
        return share >= FailShare ? Fail(words, Expected, Source, Advice)
            : share >= WarnShare ? Warn(words, Expected, Source, Advice)
            : Pass(words, Expected, Source);
    }
}
