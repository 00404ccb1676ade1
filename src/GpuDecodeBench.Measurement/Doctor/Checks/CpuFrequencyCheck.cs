using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>The clock under load against the processor's base clock.</summary>
internal sealed class CpuFrequencyCheck()
    : DoctorCheck(
        "cpu-frequency",
        "it keeps its base clock under load",
        DoctorTargets.Cpu,
        DoctorProbes.Load,
        restsOnTime: true
    )
{
    private const double Good = 0.97;
    private const double Bad = 0.75;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.State is null)
        {
            return SkipTelemetry(facts);
        }

        double[] clocks =
        [
            .. (facts.Load ?? [])
                .SelectMany(phase => phase.Samples)
                .Select(sample => sample.CoreClockHz)
                .OfType<double>(),
        ];
        if (clocks.Length == 0)
        {
            return Skip(facts, TelemetryQuantity.CoreClock);
        }

        double median = OrderStatistics.MedianOf(clocks);
        if (!facts.State.Clocks.CoreDefaultHz.TryGet(out double usual))
        {
            return Skip(facts.State.Clocks.CoreDefaultHz, DoctorText.Clock(median));
        }

        string words = $"{DoctorText.Clock(median)} under load, base {DoctorText.Clock(usual)}";
        const string Expected = "the base clock or more";
        const string Source = "the system's clock readings";
        const string Advice =
            "The processor is throttled or set to save power: see temperature, and the governor (cpupower frequency-info).";
        return median < Bad * usual ? Fail(words, Expected, Source, Advice)
            : median < Good * usual ? Warn(words, Expected, Source, Advice)
            : Pass(words, Expected, Source);
    }
}
