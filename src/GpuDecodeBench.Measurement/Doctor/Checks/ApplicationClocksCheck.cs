using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The clocks that applications are given against their defaults.</summary>
internal sealed class ApplicationClocksCheck()
    : DoctorCheck("clocks-application", "its clocks are not lowered", DoctorTargets.Gpu)
{
    private const double Same = 0.99;
    private const double Bad = 0.75;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        ClockState clocks = facts.State.Clocks;
        List<(string Name, double Set, double Usual)> known = [];
        if (clocks.CoreApplicationHz.TryGet(out double core) && clocks.CoreDefaultHz.TryGet(out double coreUsual))
        {
            known.Add(("core", core, coreUsual));
        }

        if (
            clocks.MemoryApplicationHz.TryGet(out double memory)
            && clocks.MemoryDefaultHz.TryGet(out double memoryUsual)
        )
        {
            known.Add(("memory", memory, memoryUsual));
        }

        if (known.Count == 0)
        {
            return Skip(clocks.CoreApplicationHz.HasValue ? clocks.CoreDefaultHz : clocks.CoreApplicationHz);
        }

        double share = known.Min(clock => clock.Set / clock.Usual);
        string words = DoctorText.List([
            .. known.Select(clock => $"{clock.Name} {DoctorText.Clock(clock.Set)} of {DoctorText.Clock(clock.Usual)}"),
        ]);
        const string Expected = "the defaults";
        const string Source = "the device's default application clocks";
        const string Advice =
            "Somebody set lower clocks: an administrator can set them back (nvidia-smi -rac, and -rgc for locked ones).";
        return share < Bad ? Fail(words, Expected, Source, Advice)
            : share < Same ? Warn(words, Expected, Source, Advice)
            : Pass(words, Expected, Source);
    }
}
